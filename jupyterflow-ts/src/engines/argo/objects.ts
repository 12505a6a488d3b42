/** What is read of the objects of Kubernetes (v1) and Argo Workflows (argoproj.io/v1alpha1). */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** Whose object another one is: it goes with its owner, and is found by it. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: readonly T[];
}

/** A Workflow as the cluster has it. */
export interface WorkflowObject extends KubernetesObject {
  readonly spec: WorkflowSpec;
  readonly status?: WorkflowStatus;
}

export interface WorkflowSpec {
  readonly entrypoint?: string;
  readonly onExit?: string;
  readonly activeDeadlineSeconds?: number;
  readonly shutdown?: string;
  readonly templates?: readonly Template[];
  readonly templateDefaults?: Partial<Template>;
  readonly arguments?: { readonly parameters?: readonly Parameter[] };
}

export interface Template {
  readonly name: string;
  readonly steps?: readonly (readonly DagTask[])[];
  readonly dag?: { readonly tasks?: readonly DagTask[]; readonly failFast?: boolean };
  readonly container?: Container;
  readonly script?: Container;
  readonly activeDeadlineSeconds?: number | string;
  readonly retryStrategy?: { readonly backoff?: { readonly maxDuration?: string } };
  readonly outputs?: {
    readonly parameters?: readonly { readonly name: string; readonly valueFrom?: { readonly path?: string } }[];
  };
  readonly metadata?: Pick<ObjectMeta, 'labels' | 'annotations'>;
}

export interface DagTask {
  readonly name: string;
  readonly template?: string;
  readonly dependencies?: readonly string[];
  readonly depends?: string;
  readonly withItems?: readonly unknown[];
  readonly withParam?: string;
}

export interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly image?: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string | number>> };
}

export interface Parameter {
  readonly name: string;
  readonly value?: string;
  /** The values that are allowed. */
  readonly enum?: readonly string[];
}

export interface WorkflowStatus {
  readonly phase?: string;
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly nodes?: Readonly<Record<string, NodeStatus>>;
  /** `nodes` of a large run: JSON, gzip, base64. */
  readonly compressedNodes?: string;
  /** `nodes` of a very large run are in Argo's database. */
  readonly offloadNodeStatusVersion?: string;
}

/** One node of the tree that Argo makes of a run: a pod, or what groups pods. */
export interface NodeStatus {
  readonly id: string;
  /** `<workflow>`, `<workflow>.<task>`, `<workflow>.<task>(<n>)` for an attempt, `<workflow>.<task>(<i>:<item>)` for an item. */
  readonly name: string;
  readonly type: 'Pod' | 'DAG' | 'TaskGroup' | 'Retry' | 'Skipped' | (string & {});
  readonly templateName?: string;
  readonly phase?: string;
  readonly message?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly children?: readonly string[];
  readonly outputs?: { readonly parameters?: readonly Parameter[]; readonly exitCode?: string };
  readonly memoizationStatus?: { readonly hit?: boolean };
  readonly nodeFlag?: { readonly hooked?: boolean; readonly retried?: boolean };
}

export interface CronWorkflowObject extends KubernetesObject {
  readonly spec: CronWorkflowSpec;
  readonly status?: {
    readonly active?: readonly { readonly name: string }[];
    readonly lastScheduledTime?: string | null;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

export interface CronWorkflowSpec {
  readonly schedules?: readonly string[];
  /** Before Argo 3.6. */
  readonly schedule?: string;
  readonly timezone?: string;
  readonly suspend?: boolean;
  readonly concurrencyPolicy?: string;
  readonly workflowSpec?: WorkflowSpec;
  readonly workflowMetadata?: Pick<ObjectMeta, 'labels' | 'annotations'>;
}
