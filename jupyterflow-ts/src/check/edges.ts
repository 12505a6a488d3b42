import {
  fromValue,
  isString,
  itemsOf,
  spanWithin,
  valueOf,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type SourceNode,
  type Span
} from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { loneHint, parseEdge, type JobRef } from './edge-syntax.js';
import type { Model, Unit } from './model.js';
import { MOST_GUESSES, nearestOrAll } from './nearest.js';

/** The unit `to` waits for the unit `from`: indexes into {@link Model.units}. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly span: Span;
}

export interface Edges {
  readonly edges: readonly Edge[];
  readonly problems: readonly Problem[];
}

/** Most edges of a file: a chain of long lists multiplies. */
export const MAX_EDGES = 200_000;

/** The edges that `dags` and `needs` spell, and what is wrong with them: their syntax, and jobs that don't exist. */
export function readEdges(model: Model): Edges {
  const reader = new EdgeReader(model);
  // Without jobs every edge would be wrong, and say nothing new.
  if (model.jobs.length === 0) return reader;
  reader.readDags(valueOf(model.root, 'dags'));
  for (const unit of model.unitOfFileJob) reader.readNeeds(unit);
  return reader;
}

class EdgeReader implements Edges {
  readonly edges: Edge[] = [];
  readonly problems: Problem[] = [];
  readonly #model: Model;
  readonly #unitOf: ReadonlyMap<string, number>;
  /** Names worth a guess: those that the file spells. */
  readonly #names: readonly string[];
  #tooMany = false;

  constructor(model: Model) {
    this.#model = model;
    this.#unitOf = unitsByName(model);
    this.#names = [...new Set(model.unitOfFileJob.map(unit => model.units[unit]?.name ?? ''))];
  }

  readDags(dags: SourceNode | undefined): void {
    const lines = dags?.kind === 'list' ? dags.items : [dags];
    for (const line of lines) {
      if (isString(line)) this.#readChain(line);
      else if (line?.kind === 'scalar' && line.value !== null) {
        this.problems.push(error('edge-syntax', line.span, 'an edge needs two jobs', loneHint(line.text)));
      } else if (line !== undefined && line !== dags && line.kind !== 'scalar') this.#notAText(line);
    }
  }

  /** `{a: b}` and `[a, b]` as items of `dags`. */
  #notAText(node: ListNode | MapNode): void {
    const kind = node.kind === 'list' ? 'a list' : 'a map';
    const jobs =
      node.kind === 'list'
        ? node.items
        : node.entries.slice(0, 1).flatMap(({ key, value }) => [fromValue(key, node.span), value]);
    const texts = jobs.flatMap(job => (job.kind === 'scalar' && job.value !== null ? [job.text] : []));
    const isEdge = texts.length > 1 && texts.length === jobs.length;
    const hint = `Write: ${isEdge ? texts.join(' >> ') : 'a >> b'}`;
    this.problems.push(error('edge-syntax', node.span, `an edge is a text, not ${kind}`, hint));
  }

  /** What all copies of a job need alike is needed by their group, so that n copies of m needs stay m edges. */
  readNeeds(index: number): void {
    const unit = this.#model.units[index];
    if (unit === undefined) return;
    const needs = this.#needsOf(unit.first);
    const alike = Array.from({ length: unit.count }, (_, copy) => this.#needsOf(unit.first + copy)).every(
      other => other === needs
    );
    if (alike) this.#addNeeds(needs, index);
    else for (let job = unit.first; job < unit.first + unit.count; job++) this.#addNeeds(this.#needsOf(job), job);
  }

  #needsOf(job: number): SourceNode | undefined {
    return valueOf(this.#model.jobs[job]?.map, 'needs');
  }

  #addNeeds(needs: SourceNode | undefined, to: number): void {
    const nodes = needs === undefined || needs.kind === 'list' ? itemsOf(needs) : [needs];
    for (const node of nodes) {
      if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') continue;
      const from = this.#resolve(node, { text: node.text.trim(), start: 0, end: node.text.length });
      if (from !== undefined) this.#add({ from, to, span: node.span });
    }
  }

  #readChain(node: ScalarNode): void {
    const chain = parseEdge(node.text);
    if ('message' in chain) {
      this.problems.push(error('edge-syntax', spanWithin(node, chain.start, chain.end), chain.message, chain.hint));
      return;
    }
    const groups = chain.map(refs => refs.map(ref => ({ ref, index: this.#resolve(node, ref) })));
    for (const [step, group] of groups.entries()) {
      for (const to of groups[step + 1] ?? []) {
        for (const from of group) {
          if (from.index === undefined || to.index === undefined || this.#tooMany) continue;
          this.#add({ from: from.index, to: to.index, span: spanWithin(node, from.ref.start, to.ref.end) });
        }
      }
    }
  }

  #add(edge: Edge): void {
    if (this.edges.length < MAX_EDGES) this.edges.push(edge);
    else if (!this.#tooMany) {
      this.#tooMany = true;
      const hint = 'Put a job between the lists, or use `copies` or `foreach`: a group is waited for by one edge.';
      this.problems.push(error('too-many-edges', edge.span, `more than ${MAX_EDGES} edges`, hint));
    }
  }

  #resolve(node: ScalarNode, ref: JobRef): number | undefined {
    const { unitOfFileJob } = this.#model;
    const span = spanWithin(node, ref.start, ref.end);
    if (/^\d+$/.test(ref.text)) {
      const index = unitOfFileJob[Number(ref.text) - 1];
      if (index !== undefined) return index;
      const range =
        unitOfFileJob.length === 1 ? 'the only job is 1' : `jobs are numbered from 1 to ${unitOfFileJob.length}`;
      const hint = Number(ref.text) === 0 ? 'Counting begins at 1.' : 'Use such a number, or the name of a job.';
      this.problems.push(error('edge-out-of-range', span, `there is no job ${ref.text}: ${range}`, hint));
      return undefined;
    }
    const index = this.#unitOf.get(ref.text);
    if (index !== undefined) return index;
    const guess = this.problems.length < MOST_GUESSES;
    const hint = guess ? nearestOrAll(ref.text, this.#names, 'Jobs of this file') : undefined;
    this.problems.push(error('edge-unknown-job', span, `there is no job called \`${ref.text}\``, hint));
    return undefined;
  }
}

/** Of two units of one name, which is an error of its own, the first. */
export function unitsByName(model: Model): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const [index, { name }] of model.units.entries()) if (!units.has(name)) units.set(name, index);
  return units;
}

export function nameOfUnit(units: readonly Unit[], index: number): string {
  return units[index]?.name ?? '';
}
