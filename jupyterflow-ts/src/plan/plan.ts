/**
 * The contract between what reads a workflow file and what executes it: defaults merged, names made,
 * edges resolved. Nothing of YAML and nothing of Kubernetes is in it.
 */
export interface Plan {
  /** DNS label of at most 52 characters: the prefix of the run's name. */
  readonly name: string;
  /** In the order of the file. */
  readonly jobs: readonly PlanJob[];
  /** Most jobs at once; absent: as many as the edges allow. */
  readonly parallelism?: number;
  /** After the first failure nothing new starts. */
  readonly failFast: boolean;
  /** Longest time of the whole run, in seconds. */
  readonly deadline?: number;
}

/** One job, ready to execute. */
export interface PlanJob {
  /** Unique in the plan. */
  readonly name: string;
  /** Program and arguments; never empty. */
  readonly argv: readonly string[];
  /** Names of the jobs that must be done before, without repeats. */
  readonly dependsOn: readonly string[];
  readonly env: readonly PlanEnv[];
  readonly volumes: readonly PlanVolume[];
  /** Working folder as the file says it: absolute, or relative to the folder of the workflow. Absent: that folder. */
  readonly workdir?: string;
  readonly image?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Attempts after the first. */
  readonly retries: number;
  /** Longest time of one attempt, in seconds. */
  readonly timeout?: number;
  readonly resources: PlanResources;
}

export interface PlanEnv {
  readonly name: string;
  readonly value: string;
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
}
