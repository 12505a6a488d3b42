import type { JobState } from '@jupyterflow/schema';
import { operandsOf } from '../../plan/conditions.js';
import type { OutputReference, PlanCondition, PlanOperand, PlanReference } from '../../plan/plan.js';

/** What is known of a job while its run goes. */
export interface Known {
  readonly name: string;
  readonly phase: JobState;
  readonly outputs?: Readonly<Record<string, string>>;
}

/** What references of one job are looked up in. */
export interface Scope {
  /** The jobs that a name stands for. */
  readonly members: (name: string) => readonly Known[];
  /** Lists of outputs of groups that were made already. */
  readonly lists: Map<string, string>;
  /** Whether the name is that of several jobs. */
  readonly isGroup: (name: string) => boolean;
  /** The phase of a job or of a group. */
  readonly status: (name: string) => JobState;
  /** The item of the job, when it is of a `foreach`. */
  readonly item?: { readonly value: unknown };
  /** Only of `onExit`. */
  readonly runStatus?: string;
}

/** What a reference stands for is not there; the message says why. */
export class MissingValue extends Error {}

/**
 * The text that a reference stands for.
 * @throws MissingValue
 */
export function valueOf(reference: PlanReference, scope: Scope): string {
  switch (reference.kind) {
    case 'output':
      return outputOf(reference.job, reference.output, scope);
    case 'status':
      return scope.status(reference.job);
    case 'item':
      return itemOf(reference.key, scope);
    case 'run-status':
      if (scope.runStatus === undefined) throw new MissingValue('the status of the run is known only to onExit');
      return scope.runStatus;
    case 'param':
      return reference.value;
  }
}

/**
 * Whether a job begins. What does not matter any more is not looked at.
 * @throws MissingValue
 */
export function isTrue(condition: PlanCondition, scope: Scope): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every(of => isTrue(of, scope));
    case 'any':
      return condition.of.some(of => isTrue(of, scope));
    case 'not':
      return !isTrue(condition.of, scope);
    default:
      return compare(condition.kind, operand(condition.left, scope), operand(condition.right, scope));
  }
}

/** Whether a condition is another one for each item of a `foreach`. */
export function asksForItem(condition: PlanCondition): boolean {
  return operandsOf(condition).some(side => typeof side === 'object' && side.kind === 'item');
}

/** Most jobs that one `foreach` may come to. */
export const MOST_ITEMS = 10_000;

/**
 * The items of a `foreach`; none when the job that would have told them did not succeed.
 * @throws MissingValue when the output is no JSON list, or a longer one.
 */
export function itemsOf(foreach: OutputReference, scope: Scope): readonly unknown[] {
  const isSingle = !scope.isGroup(foreach.job);
  return isSingle && didNotSucceed(scope.members(foreach.job)[0]) ? [] : parseItems(valueOf(foreach, scope));
}

/** @throws MissingValue */
export function parseItems(text: string): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  if (!Array.isArray(list)) throw new MissingValue('what foreach goes over is no JSON list');
  if (list.length > MOST_ITEMS)
    throw new MissingValue(`what foreach goes over has ${list.length} items; it may have ${MOST_ITEMS}`);
  return list;
}

/** What a job that ended in another way left is not looked at, be it Skipped or one that is waited for in any end. */
function didNotSucceed(job: Known | undefined): boolean {
  return job !== undefined && job.phase !== 'Succeeded';
}

function outputOf(name: string, output: string, scope: Scope): string {
  if (scope.isGroup(name)) return listOf(name, output, scope);
  const [job] = scope.members(name);
  const value = own(job?.outputs, output);
  if (value !== undefined) return value;
  if (didNotSucceed(job)) return '';
  throw new MissingValue(`the output ${output} of ${name} is not there: it has none of that name`);
}

function listOf(name: string, output: string, { lists, members }: Scope): string {
  const key = `${name}/${output}`;
  const list = lists.get(key) ?? JSON.stringify(together(members(name).flatMap(job => own(job.outputs, output) ?? [])));
  lists.set(key, list);
  return list;
}

/** As Argo gathers them: what are lists or maps all of them stay so, others are texts. */
function together(values: readonly string[]): readonly unknown[] {
  try {
    const parsed = values.map(value => JSON.parse(value) as unknown);
    if (parsed.every(value => typeof value === 'object' && value !== null)) return parsed;
  } catch {
    // Not all are JSON.
  }
  return values;
}

function itemOf(key: string | undefined, { item }: Scope): string {
  if (item === undefined) throw new MissingValue('there is no item: the job has no foreach');
  if (key === undefined) return textOf(item.value);
  const value = own(item.value as Record<string, unknown> | null | undefined, key);
  if (value === undefined) throw new MissingValue(`the item has no ${key}`);
  return textOf(value);
}

function own<T>(from: Readonly<Record<string, T>> | null | undefined, key: string): T | undefined {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, key) ? from[key] : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function operand(side: PlanOperand, scope: Scope): string {
  return typeof side === 'object' ? valueOf(side, scope) : String(side);
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;

function compare(kind: string, left: string, right: string): boolean {
  const numbers = NUMBER.test(left) && NUMBER.test(right);
  const [a, b] = numbers ? [Number(left), Number(right)] : [left, right];
  switch (kind) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}
