/**
 * The contract between what reads a workflow file and what executes it: defaults merged, names made, edges resolved,
 * parameters put in, lists of `foreach` and `copies` expanded. Nothing of YAML is in it, and of Kubernetes only what a file
 * passes on to a cluster as it is.
 */
export interface Plan {
  /** DNS label of at most 52 characters: the prefix of the run's name. */
  readonly name: string;
  /** In the order of the file; the copies of a job stand together. */
  readonly jobs: readonly PlanJob[];
  /** Most jobs at once; absent: as many as the edges allow. */
  readonly parallelism?: number;
  /** After the first failure nothing new starts, except jobs whose `when` asks for a status. */
  readonly failFast: boolean;
  /** Longest time of the whole run, in seconds. */
  readonly deadline?: number;
  /** Runs last in every case, and can fail the run. It depends on nothing. */
  readonly onExit?: PlanJob;
  /** Absent: the run starts when it is submitted. */
  readonly schedule?: PlanSchedule;
  /** Values of the parameters, by name; they are put in already. For keys of caches and for people. */
  readonly params?: Readonly<Record<string, string>>;
  /** Of these, those that are no part of the plan's shape: texts refer to them. Only when that was asked for. */
  readonly arguments?: readonly PlanArgument[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the file says about the pods of all jobs; a field of a job's own `cluster` wins over the one here. */
  readonly cluster?: ClusterSettings;
  /** Raw fields of the Argo `spec`, merged last. */
  readonly argo?: RawFields;
}

/** One job, ready to execute. */
export interface PlanJob {
  /** Unique in the plan, also among the groups. */
  readonly name: string;
  /** Name of the job in the file, when this is one of its copies: `train` for `train-0`. Edges may name a group. */
  readonly group?: string;
  /** Program and arguments; never empty. */
  readonly argv: readonly PlanText[];
  /** Text of a script: it becomes a file, and its path the last argument. */
  readonly script?: PlanText;
  /**
   * What must be done before: names of jobs, and of groups, whose jobs are meant all. Without repeats. Holds every job that
   * a reference of this one names.
   */
  readonly dependsOn: readonly string[];
  /** The job is Skipped, which counts as done, when this is false. */
  readonly when?: PlanCondition;
  /** The job stands for as many as this list has items, which is known only while the run goes: `name-0`, `name-1`, ... */
  readonly foreach?: OutputReference;
  readonly env: readonly PlanEnv[];
  /** Sets of variables that are kept apart from the file. */
  readonly envFrom?: readonly PlanEnvSource[];
  readonly volumes: readonly PlanVolume[];
  /** Working folder as the file says it: absolute, or relative to the folder of the workflow. Absent: that folder. */
  readonly workdir?: string;
  readonly image?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Attempts after the first. */
  readonly retries: number;
  /** Absent: a further attempt begins at once, after a failure of the job. */
  readonly retry?: PlanRetry;
  /** Longest time of one attempt, in seconds. */
  readonly timeout?: number;
  /** Longest time of all attempts together with the pauses between them, in seconds; at least `timeout`. */
  readonly walltime?: number;
  /** Longest time from when the job could start to when it does, in seconds. */
  readonly queueTimeout?: number;
  /** Of jobs that could start, those with the higher number do. A text names a priority class of the cluster. */
  readonly priority?: number | string;
  /** Named place where the job runs. */
  readonly site?: string;
  readonly resources: PlanResources;
  /** Small files that other jobs use as texts: by name, absolute or relative to the working folder. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Absent: the job always runs. */
  readonly cache?: PlanCache;
  /** Only what the job itself says. */
  readonly cluster?: ClusterSettings;
  /** Raw fields of the Argo template, merged last. */
  readonly argo?: RawFields;
}

/** A text, or its parts when some of them are known only while the run goes. */
export type PlanText = string | readonly (string | PlanReference)[];

/** What a part of a text stands for. */
export type PlanReference =
  | OutputReference
  /** `Succeeded`, `Failed`, `Error`, `Skipped` or `Omitted`; of a group the worst of its jobs. */
  | { readonly kind: 'status'; readonly job: string }
  /** An item of `foreach`, or one key of it. A list or a map is its JSON. */
  | { readonly kind: 'item'; readonly key?: string }
  /** `Succeeded`, `Failed` or `Error`; only in `onExit`. */
  | { readonly kind: 'run-status' }
  /** A parameter of the file that can still be given another value than this where the plan goes. */
  | { readonly kind: 'param'; readonly name: string; readonly value: string };

/** A parameter that texts of the plan refer to. */
export interface PlanArgument {
  readonly name: string;
  readonly value: string;
  /** The values that are allowed. */
  readonly enum?: readonly string[];
  readonly description?: string;
}

/** An output of a job, without its last line break; of a group a JSON list of them in the order of its jobs. */
export interface OutputReference {
  readonly kind: 'output';
  readonly job: string;
  readonly output: string;
}

/** Comparisons are of numbers when both sides are numbers, else of texts. */
export type PlanCondition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly PlanCondition[] }
  | { readonly kind: 'not'; readonly of: PlanCondition }
  | {
      readonly kind: '==' | '!=' | '<' | '<=' | '>' | '>=';
      readonly left: PlanOperand;
      readonly right: PlanOperand;
    };

/** A number, a text, or what is known only while the run goes. */
export type PlanOperand = number | string | PlanReference;

export interface PlanEnv {
  readonly name: string;
  readonly value: PlanEnvValue;
}

export type PlanEnvValue = PlanText | StoredReference;

/** What is kept apart from the file. Never a part of a longer text. */
export type StoredReference = SecretReference | ConfigMapReference;

/** One key of a secret of the place where the job runs. */
export interface SecretReference {
  readonly secret: string;
  readonly key: string;
}

/** One key of a ConfigMap of the place where the job runs. */
export interface ConfigMapReference {
  readonly configMap: string;
  readonly key: string;
}

/** All keys of a secret or of a ConfigMap as variables. */
export interface PlanEnvSource {
  readonly kind: 'secret' | 'configMap';
  readonly name: string;
  readonly prefix?: string;
  /** A missing one is no error. */
  readonly optional?: boolean;
}

export interface PlanRetry {
  /** Pause before the first further attempt, in seconds. */
  readonly backoff?: number;
  /** The pause is multiplied by this after each attempt. */
  readonly factor?: number;
  /** No further attempt begins that long after the first did, in seconds. */
  readonly max?: number;
  /** After a failure of the job (its exit code), an error of the place (a node is lost), or both. Default failure. */
  readonly on?: 'failure' | 'error' | 'always';
}

/** A job is not run again when nothing that its key is made of changed. */
export interface PlanCache {
  /** Files, folders and patterns, relative to the working folder. */
  readonly files: readonly string[];
  /** Names of parameters that count; absent: those that its texts use count by being there. */
  readonly params?: readonly string[];
}

export interface PlanSchedule {
  /** Five fields each (crontab(5)). */
  readonly crons: readonly string[];
  /** Of the IANA database, e.g. Europe/Oslo. Absent: the cluster's. */
  readonly timezone?: string;
  readonly concurrency?: 'Allow' | 'Forbid' | 'Replace';
  /** A start that is later than this is left out, in seconds. */
  readonly startingDeadline?: number;
  readonly suspend?: boolean;
}

/** A dataset under a lease and where the job sees it; always read-only. */
export interface PlanVolume {
  /** DNS label, unique among the volumes of the plan that differ in their source. */
  readonly name: string;
  /** What is mounted. `ref` is a dataset id or a lease id. */
  readonly kind: 'dataset' | 'lease';
  readonly ref: string;
  /** Absolute and normal; shadows neither the home nor a folder of the system. */
  readonly mountPath: string;
  /** Relative, normal, without `..`. */
  readonly subPath?: string;
}

/** Requests and limits at once, in Kubernetes quantities. */
export interface PlanResources {
  readonly cpu?: string;
  readonly memory?: string;
  readonly disk?: string;
  readonly gpu?: { readonly count: number; readonly type?: string };
}

/** What a file says about pods, in the shapes of the Kubernetes API (core/v1). An engine without pods leaves it aside. */
export interface ClusterSettings {
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly RawFields[];
  readonly affinity?: RawFields;
  readonly serviceAccountName?: string;
  readonly securityContext?: RawFields;
}

export type RawFields = Readonly<Record<string, unknown>>;
