import { parseDuration } from './units.js';
import { toValue, type ScalarNode, type SourceNode, type TextPart } from '../source/node.js';
import type { PlanReference, PlanText, RawFields } from './plan.js';

/** The text of a scalar as the file spells it; undefined of nothing, and of what is no scalar. */
export function textOf(node: SourceNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

export function textsOf(nodes: readonly SourceNode[]): readonly string[] {
  return nodes.flatMap(node => textOf(node) ?? []);
}

export function numberOf(node: SourceNode | undefined): number | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
}

export function booleanOf(node: SourceNode | undefined): boolean | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined;
}

/** Seconds. */
export function durationOf(node: SourceNode | undefined): number | undefined {
  const text = textOf(node);
  return text === undefined ? undefined : parseDuration(text);
}

export function rawOf(node: SourceNode | undefined): RawFields | undefined {
  return node?.kind === 'map' ? (toValue(node) as RawFields) : undefined;
}

/** A map of texts. */
export function recordOf(node: SourceNode | undefined): Readonly<Record<string, string>> | undefined {
  if (node?.kind !== 'map') return undefined;
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, textOf(value) ?? '']));
}

/** Names of parameters that texts refer to, and do not hold the values of. */
export type Kept = ReadonlySet<string>;

/** A text with the references that stand in it. */
export function planTextOf(node: ScalarNode, kept: Kept = new Set()): PlanText {
  return joinText(node.parts?.map(part => planPartOf(part, kept)) ?? [node.text]);
}

export function planPartOf(part: TextPart, kept: Kept): string | PlanReference {
  if (part.kind === 'expression') return part.expression as PlanReference;
  if (part.kind === 'text' || part.param === undefined || !kept.has(part.param)) return part.text;
  return { kind: 'param', name: part.param, value: part.text };
}

/** Pieces side by side are one; a text without references is a string. */
export function joinText(parts: readonly (string | PlanReference)[]): PlanText {
  const joined: (string | PlanReference)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  if (joined.length === 0) return '';
  const [only] = joined;
  return joined.length === 1 && typeof only === 'string' ? only : joined;
}

/** The object without the keys whose value is undefined. */
export function defined<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
