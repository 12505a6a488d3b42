import {
  toValue,
  valueOf,
  type MapEntry,
  type ScalarNode,
  type SourceNode,
  type Span,
  type TextPart
} from '../source/node.js';
import { findExpressions, type Expression } from './syntax.js';

/** A value of a parameter: as it is spelled, and as what it was meant. */
export interface ParamValue {
  readonly text: string;
  readonly value: string | number | boolean;
}

/** Values of the parameters by name. */
export type Params = ReadonlyMap<string, ParamValue>;

/** What is known before the run. */
export interface Scope {
  readonly params: Params;
  /** Of one copy of a job: its item of `foreach`. */
  readonly item?: SourceNode;
  /** Of one copy of a job, from 0. */
  readonly index?: number;
}

/** Keys whose values are no texts: an expression that stands there alone is read as what it spells. */
const TYPED = new Set([
  'parallelism',
  'failFast',
  'retries',
  'limit',
  'factor',
  'priority',
  'copies',
  'gpu',
  'count',
  'runAsUser',
  'runAsGroup',
  'suspend',
  'optional',
  'tolerationSeconds',
  'parameters'
]);

/** Puts what is known into every text below a node. A node without expressions is given back itself. */
export function fillNode(node: SourceNode, scope: Scope, typed = false): SourceNode {
  switch (node.kind) {
    case 'list': {
      const items = node.items.map(item => fillNode(item, scope, typed));
      return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
    }
    case 'map': {
      const entries = node.entries.map(entry => fillEntry(entry, scope, typed));
      return entries.every((entry, index) => entry === node.entries[index]) ? node : { ...node, entries };
    }
    case 'scalar':
      return fillScalar(node, scope, typed);
  }
}

/** As {@link fillNode}, for the value of a key. */
export function fillEntry(entry: MapEntry, scope: Scope, typed = false): MapEntry {
  const value = fillNode(entry.value, scope, typed || TYPED.has(entry.key));
  return value === entry.value ? entry : { ...entry, value };
}

function fillScalar(node: ScalarNode, scope: Scope, typed: boolean): ScalarNode {
  if (typeof node.value !== 'string') return node;
  const text = node.value;
  const tokens = findExpressions(text);
  if (tokens.length === 0) return node;
  const parts: TextPart[] = [];
  let at = 0;
  for (const { start, end, expression } of tokens) {
    if (expression === undefined) continue;
    if (start > at) parts.push({ kind: 'text', text: text.slice(at, start) });
    parts.push(partOf(text.slice(start, end), expression, lookUp(expression, scope), { start, end }));
    at = end;
  }
  if (parts.length === 0) return node;
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  const [token] = tokens;
  const alone = typed && parts.length === 1 && token?.expression !== undefined && lookUp(token.expression, scope);
  const filled = parts.map(part => part.text).join('');
  const value = alone !== undefined && alone !== false ? readTyped(alone) : filled;
  return { kind: 'scalar', span: node.span, value, text: filled, parts, origin: node };
}

function partOf(text: string, expression: Expression, value: ParamValue | undefined, span: Span): TextPart {
  if (value === undefined) return { kind: 'expression', text, expression, ...span };
  const param = expression.kind === 'param' ? { param: expression.name } : {};
  return { kind: 'value', text: value.text, ...param, ...span };
}

function lookUp(expression: Expression, { params, item, index }: Scope): ParamValue | undefined {
  switch (expression.kind) {
    case 'param':
      return params.get(expression.name);
    case 'index':
      return index === undefined ? undefined : { text: String(index), value: index };
    case 'item': {
      const node = expression.key === undefined ? item : valueOf(item, expression.key);
      return node === undefined ? undefined : itemValue(node);
    }
    default:
      return undefined;
  }
}

/** A list or a map is its JSON. */
export function itemValue(node: SourceNode): ParamValue {
  if (node.kind === 'scalar') return { text: node.text, value: node.value ?? '' };
  const text = JSON.stringify(toValue(node));
  return { text, value: text };
}

function readTyped({ text, value }: ParamValue): string | number | boolean {
  if (typeof value !== 'string') return value;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Length of a text once it is filled, without filling it; an item counts as its longest. */
export function filledLength(text: string, params: Params, longestItem: number): number {
  return findExpressions(text).reduce((sum, { expression }) => {
    if (expression?.kind === 'param') return sum + (params.get(expression.name)?.text.length ?? 0);
    return expression?.kind === 'item' || expression?.kind === 'index' ? sum + longestItem : sum;
  }, text.length);
}
