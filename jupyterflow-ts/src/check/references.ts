import { findExpressions, type Expression } from '../expression/syntax.js';
import { entryOf, itemsOf, spanWithin, valueOf, type ScalarNode, type SourceNode, type Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { nameOfUnit, unitsByName, type Edge } from './edges.js';
import type { JobModel, Model } from './model.js';
import { didYouMean, MOST_GUESSES, nearest, nearestOrAll } from './nearest.js';
import type { Waits } from './waits.js';

/** That the job or copy `to` uses an output or the status of the unit `from`: it has to wait for it. */
export interface Reference {
  readonly from: number;
  /** Index of the job that uses it. */
  readonly to: number;
  readonly span: Span;
  readonly expression: Extract<Expression, { kind: 'output' | 'status' }>;
}

export interface References {
  readonly references: readonly Reference[];
  readonly problems: readonly Problem[];
}

/** What jobs use of others: each must exist, and declare the output. */
export function readReferences(model: Model): References {
  const references: Reference[] = [];
  const problems: Problem[] = [];
  const units = unitsByName(model);
  // Texts that hold nothing of their own copy are shared by all copies: they are read once each.
  const known = new Map<SourceNode, readonly Reference[]>();
  const outputs = new Map<number, ReadonlySet<string>>();
  const names = [...new Set(model.unitOfFileJob.map(unit => nameOfUnit(model.units, unit)))];
  for (const [to, job] of model.jobs.entries()) {
    for (const node of textsOf(job)) {
      for (const one of known.get(node) ?? readNode(node)) references.push({ ...one, to });
    }
  }
  return { references, problems };

  function readNode(node: SourceNode): readonly Reference[] {
    const found = scalarsBelow(node).flatMap(scalar => readScalar(scalar));
    known.set(node, found);
    return found;
  }

  function readScalar(scalar: ScalarNode): readonly Reference[] {
    const original = scalar.origin ?? scalar;
    return findExpressions(original.text).flatMap(({ expression, start, end }) => {
      if (expression?.kind !== 'output' && expression?.kind !== 'status') return [];
      const span = spanWithin(original, start, end);
      const from = units.get(expression.job);
      const problem = from === undefined ? unknownJob(expression.job, span) : checkOutput(from, expression, span);
      if (problem !== undefined) problems.push(problem);
      return from === undefined || problem !== undefined ? [] : [{ from, to: -1, span, expression }];
    });
  }

  function unknownJob(job: string, span: Span): Problem {
    const hint = problems.length < MOST_GUESSES ? nearestOrAll(job, names, 'Jobs of this file') : undefined;
    return error('reference-unknown-job', span, `there is no job called \`${job}\``, hint);
  }

  function checkOutput(from: number, expression: Reference['expression'], span: Span): Problem | undefined {
    if (expression.kind === 'status') return undefined;
    const declared = outputs.get(from) ?? outputsOf(model, from);
    outputs.set(from, declared);
    return declared.has(expression.output) ? undefined : unknownOutput(model, from, expression.output, declared, span);
  }
}

function outputsOf(model: Model, unit: number): ReadonlySet<string> {
  const node = valueOf(model.jobs[model.units[unit]?.first ?? -1]?.map, 'outputs');
  return new Set(node?.kind === 'map' ? node.entries.map(({ key }) => key) : []);
}

function unknownOutput(model: Model, from: number, output: string, declared: ReadonlySet<string>, span: Span): Problem {
  const unit = model.units[from];
  const message = `\`${unit?.name ?? ''}\` has no output \`${output}\``;
  const hint =
    didYouMean(nearest(output, [...declared])) ?? `Declare it in that job:\noutputs:\n  ${output}: path/of/its/file`;
  const place = entryOf(model.jobs[unit?.first ?? -1]?.map, 'outputs')?.keySpan ?? unit?.span;
  const related = place === undefined ? [] : [{ message: 'the job is here', span: place }];
  return { ...error('reference-unknown-output', span, message, hint), related };
}

function textsOf(job: JobModel): readonly SourceNode[] {
  if (job.map === undefined) return job.command === undefined ? [] : [job.command];
  return ['command', 'script', 'parameters', 'env', 'when', 'foreach'].flatMap(key => valueOf(job.map, key) ?? []);
}

function scalarsBelow(node: SourceNode): readonly ScalarNode[] {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? [node] : [];
  return (node.kind === 'list' ? itemsOf(node) : node.entries.map(({ value }) => value)).flatMap(scalarsBelow);
}

/** What a job uses must be there before it starts: it waits for that job, at once or through others. */
export function checkReferenceOrder(
  model: Model,
  edges: readonly Edge[],
  references: readonly Reference[],
  waits: Waits
): readonly Problem[] {
  const count = model.units.length;
  const direct = new Set(edges.map(({ from, to }) => from * count + to));
  const groupOf = groupsOfJobs(model);
  const others = references.filter(({ from, to }) => {
    const group = groupOf.get(to);
    return !direct.has(from * count + to) && (group === undefined || !direct.has(from * count + group));
  });
  const reached = reachability(
    waits,
    others.map(({ from, to }) => ({ from: waits.ends(from), to }))
  );
  return others.flatMap(({ from, to, span, expression }, index) => {
    if (reached[index] === true) return [];
    const name = nameOfUnit(model.units, from);
    const group = groupOf.get(to);
    const user = nameOfUnit(model.units, group ?? to);
    const what = expression.kind === 'output' ? `its output \`${expression.output}\`` : 'its status';
    if (from === to || from === group || name === user) {
      return [error('reference-not-before', span, `\`${user}\` can't use ${what.replace('its', 'its own')}`)];
    }
    const message = `\`${user}\` does not wait for \`${name}\`, so ${what} is not known`;
    return [error('reference-not-before', span, message, `Add the edge: ${name} >> ${user}`)];
  });
}

function groupsOfJobs(model: Model): ReadonlyMap<number, number> {
  const groups = new Map<number, number>();
  for (const [index, { group, first, count }] of model.units.entries()) {
    if (group) for (let job = first; job < first + count; job++) groups.set(job, index);
  }
  return groups;
}

interface Question {
  readonly from: number;
  readonly to: number;
}

const BITS = 32;

/**
 * Whether there is a way from one point to another, for each question. Thirty-two starts at once go through the graph in
 * the order of what waits for what, each as a bit: O(V + E) for each thirty-two. Nothing is reached on or after a cycle.
 */
function reachability(waits: Waits, questions: readonly Question[]): readonly boolean[] {
  const starts = [...new Set(questions.map(({ from }) => from))];
  const order = starts.length === 0 ? [] : topologicalOrder(waits);
  const reached = new Set<number>();
  for (let batch = 0; batch < starts.length; batch += BITS) {
    const bitOf = new Map(starts.slice(batch, batch + BITS).map((start, bit) => [start, 1 << bit]));
    const masks = spread(waits, order, bitOf);
    for (const [index, { from, to }] of questions.entries()) {
      if (((masks[to] ?? 0) & (bitOf.get(from) ?? 0)) !== 0) reached.add(index);
    }
  }
  return questions.map((_, index) => reached.has(index));
}

/** For each point the bits of all starts from which it is reached. */
function spread(waits: Waits, order: readonly number[], bitOf: ReadonlyMap<number, number>): Int32Array {
  const masks = new Int32Array(waits.out.length);
  for (const point of order) {
    const mask = (masks[point] ?? 0) | (bitOf.get(point) ?? 0);
    if (mask === 0) continue;
    for (const { to } of waits.out[point] ?? []) masks[to] = (masks[to] ?? 0) | mask;
  }
  return masks;
}

/** Kahn 1962; points on cycles, and after them, are left out. */
function topologicalOrder({ out }: Waits): readonly number[] {
  const waiting = new Int32Array(out.length);
  for (const lines of out) for (const { to } of lines) waiting[to] = (waiting[to] ?? 0) + 1;
  const order: number[] = [];
  for (let point = 0; point < out.length; point++) if (waiting[point] === 0) order.push(point);
  for (const point of order) {
    for (const { to } of out[point] ?? []) {
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) order.push(to);
    }
  }
  return order;
}
