import type { Run, RunPage } from '@jupyterflow/schema';
import type { Engine } from 'jupyterflow-ts';
import type { Member } from '../auth/identity.js';
import { require, unknown } from '../auth/permissions.js';
import type { Database } from '../db/tables.js';
import type { Commander } from '../ledger/commander.js';
import type { Intent } from '../ledger/command-id.js';
import { showRun } from '../runs/show.js';
import { findRun, heldRuns, type RunQuery } from '../runs/store.js';
import { mayReview } from './held.js';

/** What the service of results works with. */
export interface ResultServiceOptions {
  readonly db: Database;
  readonly commander: Commander;
  readonly engine: Engine;
}

export type ResultDecisionName = 'release' | 'refuse';

/** Results of runs that wait for the owner of the data: who waits, and what is decided. */
export class ResultService {
  readonly #options: ResultServiceOptions;

  constructor(options: ResultServiceOptions) {
    this.#options = options;
  }

  /** Runs whose results wait for the organization of the caller. */
  async list(caller: Member, query: Pick<RunQuery, 'limit' | 'cursor'>): Promise<RunPage> {
    const { db, engine } = this.#options;
    const { rows, nextCursor } = await heldRuns(db, caller.organization.id, query);
    return { items: await Promise.all(rows.map(async run => showRun(run, await engine.get(run.id)))), nextCursor };
  }

  async decide(
    caller: Member,
    id: string,
    decision: ResultDecisionName,
    reason: string | undefined,
    intent: Intent
  ): Promise<Run> {
    const { db, commander, engine } = this.#options;
    const run = await findRun(db, id, true);
    const mine = run?.user === caller.user && run.organization === caller.organization.id;
    require(`result:${decision}`, id, new Set([
      ...(mine ? ['self' as const] : []),
      ...(run && mayReview(run, caller) ? ['owner' as const] : [])
    ]));
    await commander.commit(intent, () => ({
      type: `result.${decision}`,
      run: id,
      ...(reason !== undefined && { reason })
    }));
    const now = await findRun(db, id, true);
    if (!now) throw unknown('run', id);
    return showRun(now, await engine.get(id));
  }
}
