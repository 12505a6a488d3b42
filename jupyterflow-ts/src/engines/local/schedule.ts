import type { JobState } from '@jupyterflow/schema';
import TinyQueue from 'tinyqueue';
import type { Plan, PlanJob } from '../../plan/plan.js';
import { askedStatuses, type Graph } from './graph.js';

export interface Omission {
  readonly node: number;
  readonly reason: string;
}

/** How the jobs of a run ended; the culprit is the job that is to blame. */
export interface Outcome {
  readonly state: 'Succeeded' | 'Failed' | 'Error';
  readonly culprit?: number;
}

/** A job that has a further attempt before it is not omitted any more. */
interface Node {
  /** Absent: a group. */
  readonly job?: PlanJob;
  phase: JobState;
  /** Parents that have not ended. */
  waiting: number;
  begun: boolean;
  /** Parents whose status its condition asks for. */
  readonly asked?: ReadonlySet<number>;
  /** The job after whose failure this one was Omitted, though none of its parents is to blame. */
  blame?: number;
  /** Of a job with a `foreach`: its jobs, and how many of them have not ended. */
  items?: readonly number[];
  openItems?: number;
  /** Of an item: the job that it is of, and its number. */
  readonly template?: number;
  readonly index?: number;
}

/**
 * The rules of a run, as in a DAG of Argo Workflows: a job is due when its parents Succeeded or were Skipped, or, when its
 * condition asks for their status, have ended. With failFast nothing new begins after the first failure, while jobs that
 * have begun go on, with their further attempts; only jobs that ask for a status still may. Without it only the
 * descendants of a failed job are Omitted.
 *
 * Whoever carries the run out says what happens to a job, and asks what is next. Each edge is looked at once.
 */
export class Schedule {
  readonly #plan: Plan;
  readonly #graph: Graph;
  readonly #nodes: Node[];
  readonly #ready: TinyQueue<number>;
  /** All jobs in their order, until some are added. */
  #jobs: readonly number[] | undefined;
  #due: number[] = [];
  /** How many of these were asked for. */
  #taken = 0;
  #omitted: Omission[] = [];
  /** The first job that failed, when nothing new begins because of it. */
  #first: number | undefined;
  #open: number;
  #running = 0;

  /** @param kept Jobs that have ended before, with their phases. */
  constructor(plan: Plan, graph: Graph, kept: ReadonlyMap<number, JobState> = new Map()) {
    this.#plan = plan;
    this.#graph = graph;
    this.#nodes = graph.names.map((_, number) => nodeOf(plan, number, graph));
    this.#open = plan.jobs.length;
    this.#ready = new TinyQueue<number>([], (a, b) => this.#before(a, b));
    for (const [number, node] of this.#nodes.entries()) {
      if (node.waiting === 0 && !kept.has(number)) this.#due.push(number);
    }
    for (const [number, phase] of kept) this.finish(number, phase);
  }

  phase(node: number): JobState {
    return this.#at(node).phase;
  }

  job(node: number): PlanJob {
    const { job } = this.#at(node);
    if (job === undefined) throw new RangeError(`${this.#graph.names[node] ?? node} is a group`);
    return job;
  }

  /** The job of the plan: of an item the one with the `foreach`. */
  planned(node: number): PlanJob {
    return this.job(this.#at(node).template ?? node);
  }

  /** The jobs that a name stands for: itself, its copies, or its items, as far as they are known. */
  members(name: string): readonly number[] {
    const node = this.#graph.numberOf.get(name);
    if (node === undefined) return [];
    const members = this.#at(node).job === undefined ? (this.#graph.parents[node] ?? []) : [node];
    return members.flatMap(member => this.#at(member).items ?? [member]);
  }

  /** All jobs in the order of the plan; the items of a job stand in its place. */
  jobs(): readonly number[] {
    this.#jobs ??= this.#plan.jobs.flatMap((_, number) => this.#at(number).items ?? [number]);
    return this.#jobs;
  }

  get running(): number {
    return this.#running;
  }

  /** Whether nothing runs and nothing will. */
  isSettled(): boolean {
    return this.#open === 0;
  }

  /** A job whose parents have ended so that it may begin. It has to be queued, expanded or finished. */
  nextDue(): number | undefined {
    while (this.#taken < this.#due.length) {
      const node = this.#due[this.#taken++];
      if (node !== undefined && this.#isFresh(node)) return node;
    }
    this.#due = [];
    this.#taken = 0;
    return undefined;
  }

  /** The job that begins when there is a place for it: of the highest priority, of these the first of the plan. */
  nextReady(): number | undefined {
    for (;;) {
      const node = this.#ready.peek();
      if (node === undefined || this.phase(node) === 'Pending') return node;
      this.#ready.pop();
    }
  }

  /** Jobs that will never begin, since the last call. */
  takeOmitted(): readonly Omission[] {
    const omitted = this.#omitted;
    this.#omitted = [];
    return omitted;
  }

  /** A job waits for a place for its next attempt. */
  queue(node: number): void {
    this.#ready.push(node);
  }

  /** The next ready job begins. */
  begin(node: number): void {
    if (this.nextReady() !== node) throw new RangeError('another job is next');
    this.#ready.pop();
    const of = this.#at(node);
    of.phase = 'Running';
    of.begun = true;
    this.#running += 1;
  }

  /** An attempt ended and another one will follow. */
  again(node: number): void {
    this.#at(node).phase = 'Pending';
    this.#running -= 1;
  }

  /** A job ended for good, whether it had begun or not. Those that wait for it hear of it by {@link settle}. */
  end(node: number, phase: JobState): void {
    const of = this.#at(node);
    if (of.phase === 'Running') this.#running -= 1;
    of.phase = phase;
    if (isBad(phase) && this.#plan.failFast && this.#first === undefined) this.#failFast(node);
  }

  /** Tells those that wait for a job that it has ended. */
  settle(node: number): void {
    this.#open -= 1;
    this.#tell(node);
  }

  /** A job ended, and those that wait for it hear of it. */
  finish(node: number, phase: JobState): void {
    this.end(node, phase);
    this.settle(node);
  }

  /** The items of a job with a `foreach` are known; each is due. */
  expand(node: number, jobs: readonly PlanJob[]): readonly number[] {
    const of = { ...this.#at(node) };
    const items = jobs.map((job, index) => {
      const item: Node = { ...of, job, template: node, index };
      return this.#nodes.push(item) - 1;
    });
    Object.assign(this.#at(node), { items, openItems: items.length });
    this.#jobs = undefined;
    this.#open += items.length - 1;
    this.#due.push(...items);
    return items;
  }

  /**
   * How a settled run ended: as the worst of its leaves, where a leaf that was Skipped or Omitted stands for the last jobs
   * of its branch that did end.
   */
  outcome(): Outcome {
    const culprits: (number | undefined)[] = [];
    for (const node of this.#graph.order) {
      const above = this.#worst((this.#graph.parents[node] ?? []).map(parent => culprits[parent]));
      const ofItems = (this.#at(node).items ?? [node]).map(item => this.#culprit(item, above));
      culprits[node] = this.#at(node).job === undefined ? above : this.#worst(ofItems);
    }
    const children = (node: number): readonly number[] => this.#graph.children[node] ?? [];
    const isLeaf = (node: number): boolean =>
      children(node).every(child => this.#at(child).job === undefined && children(child).length === 0);
    const leaves = [...this.#plan.jobs.keys()].filter(isLeaf);
    const culprit = this.#worst(leaves.map(leaf => culprits[leaf]));
    return culprit === undefined ? { state: 'Succeeded' } : { state: badState(this.phase(culprit)), culprit };
  }

  #culprit(node: number, above: number | undefined): number | undefined {
    const { phase, blame } = this.#at(node);
    if (isBad(phase)) return node;
    return phase === 'Succeeded' ? undefined : (above ?? blame);
  }

  #worst(culprits: readonly (number | undefined)[]): number | undefined {
    const found = culprits.filter(culprit => culprit !== undefined);
    const errors = found.filter(culprit => this.phase(culprit) === 'Error');
    return (errors.length > 0 ? errors : found).sort((a, b) => this.#inOrder(a, b))[0];
  }

  /** Those that are Omitted or complete by this tell the next ones in turn. */
  #tell(first: number): void {
    const ended = [first];
    for (let node = ended.pop(); node !== undefined; node = ended.pop()) {
      const { phase, template } = this.#at(node);
      if (template !== undefined) {
        if (this.#endItem(template)) ended.push(template);
        continue;
      }
      for (const child of this.#graph.children[node] ?? []) {
        const of = this.#at(child);
        of.waiting -= 1;
        if (of.job === undefined) {
          if (of.waiting > 0) continue;
          of.phase = worstPhase((this.#graph.parents[child] ?? []).map(member => this.phase(member)));
          ended.push(child);
        } else if (this.#isFresh(child)) {
          if (!isDone(phase) && of.asked?.has(node) !== true) {
            this.#omit(child, `${this.#graph.names[node] ?? ''} did not succeed`);
            ended.push(child);
          } else if (of.waiting === 0) this.#due.push(child);
        }
      }
    }
  }

  /** True when it was the last one. */
  #endItem(template: number): boolean {
    const of = this.#at(template);
    of.openItems = (of.openItems ?? 0) - 1;
    if (of.openItems > 0) return false;
    of.phase = worstPhase((of.items ?? []).map(item => this.phase(item)));
    return true;
  }

  #failFast(first: number): void {
    this.#first = first;
    const barred = (node: number): boolean => isBad(this.phase(node)) || this.phase(node) === 'Omitted';
    const late: number[] = [];
    const items = [...this.#nodes.keys()].slice(this.#graph.names.length);
    for (const node of [...this.#graph.order, ...items]) {
      const { job, asked } = this.#at(node);
      if (job === undefined || asked !== undefined || !this.#isFresh(node)) continue;
      const parent = this.#graph.parents[node]?.find(barred);
      const name = this.#graph.names[parent ?? -1];
      this.#omit(node, name === undefined ? `${this.job(first).name} failed` : `${name} did not succeed`);
      if (parent === undefined) this.#at(node).blame = first;
      late.push(node);
    }
    for (const node of late) this.#tell(node);
  }

  #omit(node: number, reason: string): void {
    this.#at(node).phase = 'Omitted';
    this.#open -= 1;
    this.#omitted.push({ node, reason });
  }

  /** Whether a job has neither begun nor ended. */
  #isFresh(node: number): boolean {
    const { phase, begun, items } = this.#at(node);
    return phase === 'Pending' && !begun && items === undefined;
  }

  #before(a: number, b: number): number {
    return priorityOf(this.job(b)) - priorityOf(this.job(a)) || this.#inOrder(a, b);
  }

  #inOrder(a: number, b: number): number {
    const [one, other] = [this.#at(a), this.#at(b)];
    return (one.template ?? a) - (other.template ?? b) || (one.index ?? 0) - (other.index ?? 0);
  }

  #at(node: number): Node {
    const found = this.#nodes[node];
    if (found === undefined) throw new RangeError(`the run has no job ${node}`);
    return found;
  }
}

function nodeOf({ jobs }: Plan, number: number, graph: Graph): Node {
  const parents = graph.parents[number] ?? [];
  const node = { phase: 'Pending', waiting: parents.length, begun: false } as const;
  const job = jobs[number];
  if (job === undefined) return node;
  const names = askedStatuses(job.when);
  if (names.size === 0) return { ...node, job };
  // Who asks for the status of a group asks for that of each of its jobs.
  const asked = parents.filter(parent =>
    [graph.names[parent], jobs[parent]?.group].some(name => name !== undefined && names.has(name))
  );
  return { ...node, job, asked: new Set(asked) };
}

/** A class of the cluster says nothing to a machine. */
function priorityOf({ priority }: PlanJob): number {
  return typeof priority === 'number' ? priority : 0;
}

const FROM_WORST: readonly JobState[] = ['Error', 'Failed', 'Omitted', 'Succeeded', 'Skipped'];

/** The phase of several jobs together. */
export function worstPhase(phases: readonly JobState[]): JobState {
  return FROM_WORST.find(phase => phases.includes(phase)) ?? 'Skipped';
}

export function isDone(phase: JobState): boolean {
  return phase === 'Succeeded' || phase === 'Skipped';
}

export function isBad(phase: JobState): boolean {
  return phase === 'Failed' || phase === 'Error';
}

function badState(phase: JobState): 'Failed' | 'Error' {
  return phase === 'Error' ? 'Error' : 'Failed';
}
