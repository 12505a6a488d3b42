import type { Refusal } from '../ledger.js';
import { leaseState, type DatasetRecord, type LeaseRecord, type ResultHold, type RunRecord } from '../state.js';
import { membersWhoApprove } from './consortium.js';
import { accept, isRefusal, refuse, type CommandOf, type Given, type Rule } from './decision.js';
import { datasetOf, isHolder } from './lease.js';
import { firstProblem, useChecks } from './policy.js';
import { wholePolicy } from './policy-fields.js';
import { read, type Reading } from './reads.js';
import { time } from './wording.js';

/**
 * A run starts only under leases that its own user holds now, and does with each only what the policy of now allows. The
 * same holds when its user starts it again after its end, to go on with it.
 */
export const startRun: Rule<'run.start'> = function* (command, given) {
  const before = yield* read('run', command.run);
  const taken = before && takenProblem(before, given);
  if (taken !== undefined) {
    return taken;
  }
  const unclear = usesProblem(command);
  if (unclear !== undefined) {
    return unclear;
  }
  const datasets: DatasetRecord[] = [];
  for (const lease of command.leases) {
    const dataset = yield* usedDataset(lease, command, given);
    if (isRefusal(dataset)) {
      return dataset;
    }
    datasets.push(dataset);
  }
  const { organization, user, now } = given;
  const { run: id, leases, plan, images, facts, uses, site, egress } = command;
  const results = holds(datasets, before?.results ?? []);
  const run: RunRecord = {
    id,
    organization,
    user,
    leases,
    plan,
    images,
    facts,
    state: 'Running',
    startedAt: now,
    ...(uses && { uses }),
    ...(site !== undefined && { site }),
    ...(egress && { egress }),
    ...(results.length > 0 && { results })
  };
  return accept([{ type: 'run.started', run }]);
};

/** The id of a run is its user's for ever, and names one run at a time. */
function takenProblem(run: RunRecord, { organization, user }: Given): Refusal | undefined {
  if (run.organization !== organization || run.user !== user) {
    return refuse('EXISTS', `There is a run ${run.id} already. Start under another id.`);
  }
  return run.state === 'Running'
    ? refuse('EXISTS', `Run ${run.id} is going. Start it again after its end, or another one under another id.`)
    : undefined;
}

/** The uses name leases of the run, each once. */
function usesProblem({ leases, uses = [] }: CommandOf<'run.start'>): Refusal | undefined {
  const used = uses.map(({ lease }) => lease);
  const wrong = used.find((lease, index) => !leases.includes(lease) || used.indexOf(lease) < index);
  return wrong === undefined
    ? undefined
    : refuse(
        'INVALID',
        `The run must say once what it does with each of its leases, not so with ${wrong}. Correct it.`
      );
}

/** The dataset of a lease, if the run may use it so. */
function* usedDataset(id: string, command: CommandOf<'run.start'>, given: Given): Reading<DatasetRecord | Refusal> {
  const lease = yield* read('lease', id);
  if (lease === undefined || !isHolder(lease, given)) {
    return notActive(
      id,
      `${given.user} of ${given.organization} holds no lease ${id}. Request one, and run under that.`
    );
  }
  const inactive = inactiveProblem(lease, given.now);
  if (inactive !== undefined) {
    return inactive;
  }
  const dataset = yield* datasetOf(lease);
  const owner = yield* read('organization', dataset.owner);
  const algorithm = command.uses?.find(use => use.lease === id)?.algorithm;
  const approvers = yield* membersWhoApprove(algorithm);
  const use = { lease: id, algorithm, approvers, site: command.site, egress: command.egress ?? [] };
  return firstProblem(useChecks(dataset, owner, use)) ?? dataset;
}

function inactiveProblem(lease: LeaseRecord, now: number): Refusal | undefined {
  const { id, owner, expiresAt = now } = lease;
  const state = leaseState(lease, now);
  switch (state) {
    case 'active':
      return undefined;
    case 'requested':
      return notActive(id, `Lease ${id} waits for the decision of ${owner}. Run when it is granted.`);
    case 'expired':
      return notActive(id, `Lease ${id} expired at ${time(expiresAt)}. Request a new one, and run under that.`);
    default:
      return notActive(id, `Lease ${id} is ${state}. Request a new one, and run under that.`);
  }
}

function notActive(lease: string, message: string): Refusal {
  return refuse('LEASE_NOT_ACTIVE', message, { lease });
}

/**
 * Who has a say over the results: each owner once, with those of its datasets that ask for it.
 * @param before - of the last start: what was made under it is still there
 */
function holds(datasets: readonly DatasetRecord[], before: readonly ResultHold[]): readonly ResultHold[] {
  const asking = datasets.filter(({ policy }) => wholePolicy(policy).resultRelease === 'owner');
  const now = [...new Set(asking.map(({ owner }) => owner))].map((owner): ResultHold => ({
    owner,
    datasets: [...new Set(asking.filter(dataset => dataset.owner === owner).map(({ id }) => id))],
    state: 'held'
  }));
  return [...now, ...before.filter(({ owner }) => now.every(hold => hold.owner !== owner))];
}
