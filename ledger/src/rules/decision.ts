import type { Command } from '../commands.js';
import type { LedgerEvent, Refusal, RefusalCode } from '../ledger.js';
import { CONSORTIUM } from './consortium.js';
import { motionName } from './motion.js';
import type { Reading, StateKey, StateRecord } from './reads.js';

/** One change of the state. */
export interface Write {
  readonly key: StateKey;
  readonly value: StateRecord;
}

/** The command holds: what it changes and what it tells. */
export interface Accepted {
  readonly ok: true;
  readonly writes: readonly Write[];
  readonly events: readonly LedgerEvent[];
}

export type Decision = Accepted | Refusal;

/** Who gives a command, and when. */
export interface Given {
  readonly organization: string;
  readonly user: string;
  /** The log's clock, ms. */
  readonly now: number;
}

export type CommandType = Command['type'];
export type CommandOf<T extends CommandType> = Extract<Command, { readonly type: T }>;
/** Decides one type of command whose shape was checked. */
export type Rule<T extends CommandType> = (command: CommandOf<T>, given: Given) => Reading<Decision>;

/** Accepts with events; each writes the record it carries, the others are written besides. */
export function accept(events: readonly LedgerEvent[], ...others: readonly Write[]): Accepted {
  const writes = new Map<StateKey, Write>();
  for (const write of [...events.map(writeOf), ...others]) {
    writes.set(write.key, write);
  }
  return { ok: true, writes: [...writes.values()], events };
}

function writeOf(event: LedgerEvent): Write {
  if ('organization' in event) {
    return { key: `organization/${event.organization.id}`, value: event.organization };
  }
  if ('dataset' in event) {
    return { key: `dataset/${event.dataset.id}`, value: event.dataset };
  }
  if ('lease' in event) {
    return { key: `lease/${event.lease.id}`, value: event.lease };
  }
  if ('algorithm' in event) {
    return { key: `algorithm/${event.algorithm.digest}`, value: event.algorithm };
  }
  if ('motion' in event) {
    return { key: `motion/${motionName(event.motion.motion)}`, value: event.motion };
  }
  if ('admission' in event) {
    return { key: `admission/${event.admission.organization}`, value: event.admission };
  }
  if ('consortium' in event) {
    return { key: `consortium/${CONSORTIUM}`, value: event.consortium };
  }
  return { key: `run/${event.run.id}`, value: event.run };
}

export function refuse(
  code: RefusalCode,
  message: string,
  more: Pick<Refusal, 'holder' | 'lease' | 'check'> = {}
): Refusal {
  return { ok: false, code, message, ...more };
}

/** Whether something is a refusal and not what was looked for. */
export function isRefusal(value: object): value is Refusal {
  return 'ok' in value && value.ok === false;
}
