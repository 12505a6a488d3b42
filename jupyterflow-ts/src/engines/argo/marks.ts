/** Labels by which runs are found; values are short. */
export const LABEL = {
  /** Name of the workflow. */
  workflow: 'jupyterflow.io/workflow',
  /** Of a CronWorkflow: name of the schedule that it is one time of. */
  schedule: 'jupyterflow.io/schedule',
  /** Of templates: the job of the file that this one is a copy of. */
  group: 'jupyterflow.io/group'
} as const;

/** What is kept with a run beside its spec. */
export const ANNOTATION = {
  /** Why somebody ended the run before its time. */
  stopReason: 'jupyterflow.io/stop-reason',
  /** When the run first began, after a retry; RFC 3339. */
  startedAt: 'jupyterflow.io/started-at',
  /** Attempts of the jobs before the last retry, as JSON by their names. */
  attempts: 'jupyterflow.io/attempts',
  /** Folder of the workflow, as the jobs see it. */
  workspace: 'jupyterflow.io/workspace',
  /** SHA-256 of the workflow file, `sha256:<hex>`. */
  sourceDigest: 'jupyterflow.io/source-digest'
} as const;
