import type { LeaseRecord } from '../state.js';
import { findDataset } from './dataset.js';
import { accept, isRefusal, refuse, type Rule } from './decision.js';
import { activeLeases, grant, requestChecks } from './grant.js';
import { firstProblem } from './policy.js';
import { read } from './reads.js';

/** Asks for a lease. Where the policy says `auto` it is granted at once or refused; else it waits for the owner. */
export const requestLease: Rule<'lease.request'> = function* (command, given) {
  const { organization, user, now } = given;
  const { purpose, duration } = command;
  const dataset = yield* findDataset(command.dataset);
  if (isRefusal(dataset)) {
    return dataset;
  }
  if ((yield* read('lease', command.lease)) !== undefined) {
    return refuse('EXISTS', `There is a lease ${command.lease} already. Request under another id.`);
  }
  const owner = yield* read('organization', dataset.owner);
  const active = yield* activeLeases(dataset, now);
  const problem = firstProblem(requestChecks(dataset, owner, active, { organization, user, purpose, duration }));
  if (problem !== undefined) {
    return problem;
  }
  const requested: LeaseRecord = {
    id: command.lease,
    dataset: dataset.id,
    owner: dataset.owner,
    organization,
    user,
    purpose,
    duration,
    state: 'requested',
    requestedAt: now,
    fencing: 0,
    renewals: 0
  };
  if (dataset.policy.approval === 'owner') {
    return accept([{ type: 'lease.requested', lease: requested }]);
  }
  const { event, write } = grant(dataset, active, requested, now);
  return accept([{ type: 'lease.requested', lease: requested }, event], write);
};
