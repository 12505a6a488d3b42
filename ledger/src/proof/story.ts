import type { Command } from '../commands.js';
import type { StoredEntry } from '../replica.js';
import { CONSORTIUM } from '../rules/consortium.js';
import { decide } from '../rules/decide.js';
import type { StateKey, StateRecord } from '../rules/reads.js';
import type { DatasetRecord, LeaseRecord, OrganizationRecord } from '../state.js';

/** What some entries say of a lease. */
export interface Story {
  readonly lease: LeaseRecord;
  readonly dataset: DatasetRecord;
  readonly organizations: ReadonlyMap<string, OrganizationRecord>;
  /** What happened, in order. */
  readonly steps: readonly StoryStep[];
}

export interface StoryStep {
  /** Index of the entry. */
  readonly index: number;
  /** The log's clock, ms. */
  readonly time: number;
  readonly user: string;
  readonly organization: string;
  readonly what: 'requested' | 'granted' | 'denied' | 'renewed' | 'released' | 'revoked';
  /** Until when the lease then is, ms. */
  readonly until?: number;
  readonly reason?: string;
}

/** Why entries tell no story. */
export interface NoStory {
  readonly problem: string;
}

/**
 * Whether an entry belongs to the story of a lease: the commands about it and its dataset, and those by which the
 * organizations got their keys.
 */
export function belongs(
  command: Command,
  by: string,
  lease: string,
  dataset: string,
  organizations: ReadonlySet<string>
): boolean {
  if ('lease' in command) {
    return command.lease === lease;
  }
  if (command.type === 'dataset.publish' || command.type === 'dataset.update' || command.type === 'dataset.retire') {
    return command.dataset === dataset;
  }
  return isKeyCommand(command) && organizations.has(by);
}

/** Whether a command gives its organization a key. */
export function isKeyCommand(command: Command): boolean {
  return command.type === 'organization.join' || command.type === 'organization.rotate';
}

/**
 * Folds the entries of a story by the rules. They stand on the log, so they were accepted; what the log has besides
 * them, such as the leases of others, can't change what they did to this lease.
 */
export function tell(lease: string, entries: readonly StoredEntry[]): Story | NoStory {
  const state = new Map<StateKey, StateRecord>();
  const organizations = new Map<string, OrganizationRecord>();
  const steps: StoryStep[] = [];
  for (const { index, time, signed } of entries) {
    const { envelope } = signed;
    if (isKeyCommand(envelope.command)) {
      join(state, organizations, envelope.organization, envelope.command);
      continue;
    }
    const decision = decide(envelope, state, time);
    if (!decision.ok) {
      return { problem: `entry ${index} does not follow from those before it: ${decision.message}` };
    }
    decision.writes.forEach(({ key, value }) => state.set(key, value));
    for (const event of decision.events) {
      if ('lease' in event && event.lease.id === lease) {
        const { expiresAt, reason } = event.lease;
        const { user, organization } = envelope;
        steps.push({
          ...{ index, time, user, organization },
          what: event.type.replace('lease.', '') as StoryStep['what'],
          ...(expiresAt === undefined ? {} : { until: expiresAt }),
          ...(reason === undefined ? {} : { reason })
        });
      }
    }
  }
  const record = state.get(`lease/${lease}`) as LeaseRecord | undefined;
  const dataset = record && (state.get(`dataset/${record.dataset}`) as DatasetRecord | undefined);
  return record === undefined || dataset === undefined
    ? { problem: `its entries do not tell of lease ${lease}` }
    : { lease: record, dataset, organizations, steps };
}

/** Takes the keys of an organization as they are: how members are admitted is not in the story. */
function join(
  state: Map<StateKey, StateRecord>,
  organizations: Map<string, OrganizationRecord>,
  id: string,
  command: Command
): void {
  const before = organizations.get(id);
  if (command.type === 'organization.join') {
    // One that comes back has the witness that it names now, or none.
    const { name, publicKey, witness } = command;
    organizations.set(id, { id, name, publicKey, ...(witness !== undefined && { witness }) });
  } else if (command.type === 'organization.rotate' && before !== undefined) {
    const { publicKey, witness } = command;
    organizations.set(id, { ...before, publicKey, ...(witness !== undefined && { witness }) });
  }
  const members = [...organizations.keys()].map((organization, n) => ({ organization, term: n + 1 }));
  const offers = (state.get(`organization/${id}`) as OrganizationRecord | undefined)?.offers;
  state.set(`organization/${id}`, {
    ...(organizations.get(id) as OrganizationRecord),
    ...(offers !== undefined && { offers })
  });
  state.set(`consortium/${CONSORTIUM}`, { membership: 'open', majority: 'half', members, joins: members.length });
}
