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
}

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
