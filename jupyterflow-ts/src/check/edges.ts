import { isString, spanWithin, valueOf, type ScalarNode, type SourceNode, type Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { parseEdge, type JobRef } from './edge-syntax.js';
import type { JobModel, Model } from './model.js';
import { nearest } from './nearest.js';

/** Job `to` waits for job `from`; both are positions in the file, from 0. */
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
export const MAX_EDGES = 100_000;

/** The edges that `dags` and `needs` spell, and what is wrong with them: their syntax, and jobs that don't exist. */
export function readEdges(model: Model): Edges {
  const reader = new EdgeReader(model);
  reader.readDags(valueOf(model.root, 'dags'));
  for (const job of model.jobs) reader.readNeeds(job);
  return reader;
}

class EdgeReader implements Edges {
  readonly edges: Edge[] = [];
  readonly problems: Problem[] = [];
  readonly #model: Model;
  readonly #indexOf: ReadonlyMap<string, number>;

  constructor(model: Model) {
    this.#model = model;
    this.#indexOf = new Map([...model.jobs].reverse().map(job => [job.name, job.index]));
  }

  readDags(dags: SourceNode | undefined): void {
    const lines = dags?.kind === 'list' ? dags.items : [dags];
    for (const line of lines) {
      if (isString(line)) this.#readChain(line);
      else if (line?.kind === 'scalar' && line.value !== null) {
        this.problems.push(error('edge-syntax', line.span, 'an edge needs two jobs', 'Write: a >> b'));
      }
    }
  }

  readNeeds(job: JobModel): void {
    const needs = valueOf(job.map, 'needs');
    const nodes = needs?.kind === 'list' ? needs.items : needs === undefined ? [] : [needs];
    for (const node of nodes) {
      if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') continue;
      const from = this.#resolve(node, { text: node.text.trim(), start: 0, end: node.text.length });
      if (from !== undefined) this.#add({ from, to: job.index, span: node.span });
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
          if (from.index === undefined || to.index === undefined) continue;
          this.#add({ from: from.index, to: to.index, span: spanWithin(node, from.ref.start, to.ref.end) });
        }
      }
    }
  }

  #add(edge: Edge): void {
    if (this.edges.length < MAX_EDGES) this.edges.push(edge);
    else if (!this.problems.some(({ id }) => id === 'too-many-edges')) {
      this.problems.push(error('too-many-edges', edge.span, `more than ${MAX_EDGES} edges`));
    }
  }

  #resolve(node: ScalarNode, ref: JobRef): number | undefined {
    const { jobs } = this.#model;
    const span = spanWithin(node, ref.start, ref.end);
    if (/^\d+$/.test(ref.text)) {
      const index = Number(ref.text);
      if (index >= 1 && index <= jobs.length) return index - 1;
      const range = jobs.length === 1 ? 'the only job is 1' : `jobs are numbered from 1 to ${jobs.length}`;
      this.problems.push(error('edge-out-of-range', span, `there is no job ${ref.text}: ${range}`));
      return undefined;
    }
    const index = this.#indexOf.get(ref.text);
    if (index !== undefined) return index;
    const close = nearest(ref.text, [...this.#indexOf.keys()]);
    const hint = close === undefined ? undefined : `Did you mean \`${close}\`?`;
    this.problems.push(error('edge-unknown-job', span, `there is no job called \`${ref.text}\``, hint));
    return undefined;
  }
}
