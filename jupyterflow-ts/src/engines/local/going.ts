import type { RunCache } from './cache/run-cache.js';
import type { Entry } from './entries.js';
import type { Journal } from './journal.js';
import type { ActiveRun } from './run.js';
import type { Secrets } from './secrets.js';

/** What is only there while a run is going: it knows where data is, and secrets. */
export interface Going {
  readonly run: ActiveRun;
  readonly journal: Journal;
  readonly secrets: Secrets;
  readonly entry: Entry;
  /** Absent: every job runs. */
  readonly cache?: RunCache;
  /** What cancels the wait of a job for its next attempt, or for a place. */
  readonly waits: Map<number, () => void>;
  saving: boolean;
}
