import type { Refusal } from '../ledger.js';
import { leaseState } from '../state.js';
import { accept, refuse, type Given, type Rule } from './decision.js';
import { isHolder } from './lease.js';
import { read, type Reading } from './reads.js';
import { time } from './wording.js';

/** A run starts only under leases that its own user holds now. */
export const startRun: Rule<'run.start'> = function* (command, given) {
  const { run, leases, plan, images, facts } = command;
  if ((yield* read('run', run)) !== undefined) {
    return refuse('EXISTS', `There is a run ${run} already. Start under another id.`);
  }
  for (const lease of leases) {
    const problem = yield* useProblem(lease, given);
    if (problem !== undefined) {
      return refuse('LEASE_NOT_ACTIVE', problem, { lease });
    }
  }
  const { organization, user, now } = given;
  return accept([
    {
      type: 'run.started',
      run: { id: run, organization, user, leases, plan, images, facts, state: 'Running', startedAt: now }
    }
  ]);
};

function* useProblem(id: string, given: Given): Reading<Refusal['message'] | undefined> {
  const lease = yield* read('lease', id);
  if (lease === undefined || !isHolder(lease, given)) {
    return `${given.user} of ${given.organization} holds no lease ${id}. Request one, and run under that.`;
  }
  const state = leaseState(lease, given.now);
  switch (state) {
    case 'active':
      return undefined;
    case 'requested':
      return `Lease ${id} waits for the decision of ${lease.owner}. Run when it is granted.`;
    case 'expired':
      return `Lease ${id} expired at ${time(lease.expiresAt ?? given.now)}. Request a new one, and run under that.`;
    default:
      return `Lease ${id} is ${state}. Request a new one, and run under that.`;
  }
}
