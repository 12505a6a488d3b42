import type { Expression } from '../expression/syntax.js';

/** Part of a text: offsets in UTF-16 units, from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type SourceNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: string | number | boolean | null;
  /** As the file spells it: 010, not 10; without quotes. */
  readonly text: string;
  /** Where `text` begins when it stands in the file as it is, so that a part of it can be pointed at. */
  readonly textStart?: number;
  /** What follows a plain scalar on its line, from its `#`. */
  readonly comment?: string;
  /** When expressions stand in it: its pieces, with what is known put in. */
  readonly parts?: readonly TextPart[];
  /** As it was before that. */
  readonly origin?: ScalarNode;
}

/** A piece of a text: of the file itself, a value that was put in, or what is known only while the run goes. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `start` and `end` of the expression in the text of the file. */
  | {
      readonly kind: 'value';
      readonly text: string;
      /** The parameter that it is the value of. */
      readonly param?: string;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'expression';
      /** As the file spells it. */
      readonly text: string;
      readonly expression: Expression;
      readonly start: number;
      readonly end: number;
    };

export interface ListNode {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly SourceNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly span: Span;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: SourceNode;
}

/** The plain value of a node. */
export function toValue(node: SourceNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toValue);
    case 'map':
      // fromEntries defines own properties, so a key called __proto__ is only a key.
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, toValue(value)]));
  }
}

/** The node of a plain value that stands at one place: what JSON can say. */
export function fromValue(value: unknown, span: Span): SourceNode {
  if (Array.isArray(value)) return { kind: 'list', span, items: value.map(item => fromValue(item, span)) };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, of]) => ({ key, keySpan: span, value: fromValue(of, span) }));
    return { kind: 'map', span, entries };
  }
  const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', span, value: known, text: known === null ? '' : String(known) };
}

export function entryOf(node: SourceNode | undefined, key: string): MapEntry | undefined {
  return node?.kind === 'map' ? node.entries.find(entry => entry.key === key) : undefined;
}

export function valueOf(node: SourceNode | undefined, key: string): SourceNode | undefined {
  return entryOf(node, key)?.value;
}

/** The items of a list; none of anything else. */
export function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
  return node?.kind === 'list' ? node.items : [];
}

export function isString(node: SourceNode | undefined): node is ScalarNode & { readonly value: string } {
  return node?.kind === 'scalar' && typeof node.value === 'string';
}

/** The span of a part of a scalar's text; of all of it when its text was escaped or folded. */
export function spanWithin(node: ScalarNode, start: number, end: number): Span {
  if (node.textStart === undefined) return node.span;
  return { start: node.textStart + start, end: node.textStart + end };
}
