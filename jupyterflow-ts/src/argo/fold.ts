import type { Plan, PlanEnv, PlanJob, PlanText } from '../plan/plan.js';
import { isStored, referencesOfJob } from '../plan/text.js';

/**
 * What becomes one template and one task: a job, a job whose `foreach` is known only while the run goes, or all copies of a
 * job that differ only in some texts.
 */
export interface Unit {
  /** The job's, or the name of the group. */
  readonly name: string;
  /** The first of the copies stands for all. */
  readonly job: PlanJob;
  /** What differs in each copy, in their order; absent when the unit is not a folded group. */
  readonly copies?: readonly Copy[];
}

/** Texts of a copy that another one has differently, as the plan has them. */
export type Copy = ReadonlyMap<Slot, string>;

/** A text of a job: a word of its argv by its position, a variable by its name, or its script. */
export type Slot = `word-${number}` | `env-${string}` | 'script';

/** Argo puts the values of an item into the name of its node, so what differs has to be short; in characters. */
const MAX_ITEM = 256;

/** The units of a plan, in its order. */
export function unitsOf(plan: Plan): readonly Unit[] {
  if (plan.jobs.every(({ group }) => group === undefined)) return plan.jobs.map(job => ({ name: job.name, job }));
  const single = namedSingly(plan);
  const groups = new Map<string, PlanJob[]>();
  for (const job of plan.jobs) {
    if (job.group === undefined) continue;
    const jobs = groups.get(job.group);
    if (jobs === undefined) groups.set(job.group, [job]);
    else jobs.push(job);
  }
  const folded = new Map<string, readonly Copy[]>();
  for (const [group, jobs] of groups) {
    const copies = single.has(group) ? undefined : copiesOf(group, jobs);
    if (copies !== undefined) folded.set(group, copies);
  }
  return plan.jobs.flatMap(job => {
    const copies = job.group === undefined ? undefined : folded.get(job.group);
    if (job.group === undefined || copies === undefined) return [{ name: job.name, job }];
    return groups.get(job.group)?.[0] === job ? [{ name: job.group, job, copies }] : [];
  });
}

/**
 * Groups that can't be one task: somebody waits for one copy, or names it, or asks for the status of the group, which Argo
 * does not tell of a task with items.
 */
function namedSingly(plan: Plan): ReadonlySet<string> {
  const groupOf = new Map(
    plan.jobs.flatMap(({ name, group }) => (group === undefined ? [] : [[name, group] as const]))
  );
  const named = new Set<string>();
  for (const job of plan.jobs) {
    for (const name of job.dependsOn) named.add(groupOf.get(name) ?? '');
    for (const reference of referencesOfJob(job)) {
      if (reference.kind === 'output' || reference.kind === 'status') named.add(groupOf.get(reference.job) ?? '');
      if (reference.kind === 'status') named.add(reference.job);
    }
  }
  return named;
}

/** What differs between the jobs of a group, or undefined when they can't share one template. */
function copiesOf(group: string, jobs: readonly PlanJob[]): readonly Copy[] | undefined {
  const [first] = jobs;
  if (first === undefined || jobs.some(({ name }, at) => name !== `${group}-${at}`)) return undefined;
  const shape = shapeOf(first);
  if (jobs.some(job => job !== first && shapeOf(job) !== shape)) return undefined;
  const texts = jobs.map(textsOf);
  const slots = [...(texts[0]?.keys() ?? [])].filter(slot => {
    const text = JSON.stringify(texts[0]?.get(slot));
    return texts.some(one => JSON.stringify(one.get(slot)) !== text);
  });
  const copies: Copy[] = [];
  for (const one of texts) {
    const copy = new Map<Slot, string>();
    let length = 0;
    for (const slot of slots) {
      const text = one.get(slot);
      if (typeof text !== 'string') return undefined;
      length += text.length;
      copy.set(slot, text);
    }
    if (length > MAX_ITEM) return undefined;
    copies.push(copy);
  }
  return copies;
}

/** All of a job that copies of one template must have in common. */
function shapeOf(job: PlanJob): string {
  const { argv, script, env } = job;
  const shape = { argv: argv.length, script: script !== undefined, env: env.map(shapeOfVariable) };
  return JSON.stringify({ ...job, name: '', ...shape });
}

function shapeOfVariable({ name, value }: PlanEnv): unknown {
  return isStored(value) ? { name, value } : name;
}

function textsOf({ argv, script, env }: PlanJob): ReadonlyMap<Slot, PlanText> {
  const texts = new Map<Slot, PlanText>(argv.map((word, at) => [`word-${at}`, word]));
  for (const { name, value } of env) if (!isStored(value)) texts.set(`env-${name}`, value);
  return script === undefined ? texts : texts.set('script', script);
}
