import {
  itemsOf,
  spanWithin,
  valueOf,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type SourceNode
} from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { nearest } from './nearest.js';

/** Values of the parameters by name. */
export type Params = ReadonlyMap<string, string>;

const EXPRESSION = /\$\{\{([^}]*(?:\}(?!\})[^}]*)*)(\}\})?/g;
const PARAM = /^\s*params\.([A-Za-z_][-\w]*)\s*$/;

/** Puts parameters into a text. What is no known parameter stays; {@link checkExpressions} reports it. */
export function substitute(text: string, params: Params, wrap: (value: string) => string = value => value): string {
  return text.replace(EXPRESSION, (whole, inner: string, close: string | undefined) => {
    const value = close === undefined ? undefined : params.get(PARAM.exec(inner)?.[1] ?? '');
    return value === undefined ? whole : wrap(value);
  });
}

/** Length of a text once parameters are put in, without putting them in. */
export function expandedLength(text: string, params: Params): number {
  if (!text.includes('${{')) return text.length;
  return [...text.matchAll(EXPRESSION)].reduce(
    (sum, [, inner = '', close]) =>
      sum + (close === undefined ? 0 : (params.get(PARAM.exec(inner)?.[1] ?? '')?.length ?? 0)),
    text.length
  );
}

/** The text with every expression made one word of the same length. */
export function mask(text: string): string {
  return text.replace(EXPRESSION, (whole, _, close: string | undefined) =>
    close === undefined ? whole : '_'.repeat(whole.length)
  );
}

/** Every `${{ ... }}` of the file must name a parameter. */
export function checkExpressions(root: MapNode, params: Params): readonly Problem[] {
  return scalarsOf(root).flatMap(node =>
    [...node.text.matchAll(EXPRESSION)].flatMap(match => {
      const found = checkExpression(match, params);
      if (found === undefined) return [];
      return [{ ...found, span: spanWithin(node, match.index, match.index + match[0].length) }];
    })
  );
}

function checkExpression(match: RegExpMatchArray, params: Params): Problem | undefined {
  const nowhere = { start: 0, end: 0 };
  const [, inner = '', close] = match;
  if (close === undefined) return error('expression-unclosed', nowhere, '`${{` is not closed by `}}`');
  const name = PARAM.exec(inner)?.[1];
  if (name === undefined) {
    const hint = 'Only ${{ params.NAME }} is known here.';
    return error('expression-unknown', nowhere, `\`\${{ ${inner.trim()} }}\` is not an expression of a workflow`, hint);
  }
  if (params.has(name)) return undefined;
  const close2 = nearest(name, [...params.keys()]);
  const hint = close2 === undefined ? `Declare it:\nparams:\n  ${name}: a default` : `Did you mean \`${close2}\`?`;
  return error('param-unknown', nowhere, `there is no parameter \`${name}\``, hint);
}

/** The defaults of the file, and over them the values given. A value of no such parameter is a problem. */
export function readParams(
  root: MapNode,
  given: Readonly<Record<string, string>>
): { readonly params: Params; readonly problems: readonly Problem[] } {
  const declared = valueOf(root, 'params');
  const params = new Map<string, string>();
  if (declared?.kind === 'map') {
    for (const { key, value } of declared.entries) if (value.kind === 'scalar') params.set(key, value.text);
  }
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (params.has(name)) {
      params.set(name, value);
      continue;
    }
    const close = nearest(name, [...params.keys()]);
    const hint = close === undefined ? 'Declare it under `params:`.' : `Did you mean \`${close}\`?`;
    const span = declared?.span ?? { start: root.span.start, end: root.span.start + 1 };
    problems.push(
      error('param-undeclared', span, `a value was given for \`${name}\`, which is no parameter of this file`, hint)
    );
  }
  return { params, problems };
}

/** The file with its parameters put in, except into commands that are split into words first. */
export function substituteAll(root: MapNode, params: Params): MapNode {
  const entries = root.entries.map(entry => {
    if (entry.key === 'params') return entry;
    if (entry.key !== 'jobs') return { ...entry, value: substituteNode(entry.value, params) };
    return { ...entry, value: substituteJobs(entry.value, params) };
  });
  return { ...root, entries };
}

function substituteJobs(jobs: SourceNode, params: Params): SourceNode {
  if (jobs.kind !== 'list') return jobs;
  const items = itemsOf(jobs).map(job => {
    if (job.kind !== 'map') return job;
    const keep = (entry: MapEntry): boolean => entry.key === 'command' && entry.value.kind === 'scalar';
    return { ...job, entries: job.entries.map(entry => (keep(entry) ? entry : substituteEntry(entry, params))) };
  });
  return { ...jobs, items };
}

function substituteEntry(entry: MapEntry, params: Params): MapEntry {
  return { ...entry, value: substituteNode(entry.value, params) };
}

function substituteNode(node: SourceNode, params: Params): SourceNode {
  switch (node.kind) {
    case 'list':
      return { ...node, items: node.items.map(item => substituteNode(item, params)) };
    case 'map':
      return { ...node, entries: node.entries.map(entry => substituteEntry(entry, params)) };
    case 'scalar': {
      if (typeof node.value !== 'string') return node;
      const value = substitute(node.value, params);
      if (value === node.value) return node;
      return { kind: 'scalar', span: node.span, value, text: value };
    }
  }
}

function scalarsOf(node: SourceNode): readonly ScalarNode[] {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' ? [node] : [];
    case 'list':
      return node.items.flatMap(scalarsOf);
    case 'map':
      return node.entries.flatMap(entry => scalarsOf(entry.value));
  }
}
