/** A job in an edge as written, with its place in the text. */
export interface JobRef {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Groups of jobs in a chain: every job of a group waits for every job of the group before it. */
export type Chain = readonly (readonly JobRef[])[];

export interface EdgeError {
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

interface Token extends JobRef {
  readonly kind: '>>' | '[' | ']' | ',' | 'ref' | 'other';
}

const TOKEN = /\s*(>>(?!>)|\[|\]|,|[^\s[\],<>=-][^\s[\],<>=]*|[-<>=]+)/gy;
const OPERATOR_HINT = 'Write: a >> b';

/**
 * Parses `1 >> 2`, `a >> b >> c`, `[1, 2] >> 3`, `1, 2 >> [3, 4]`.
 *
 *     chain = group { ">>" group } ;  group = "[" refs "]" | refs ;  refs = ref { "," ref }
 */
export function parseEdge(text: string): Chain | EdgeError {
  const tokens = tokenize(text);
  const wrong = tokens.find(token => token.kind === 'other');
  if (wrong !== undefined) {
    const message = `\`${wrong.text}\` is not an arrow`;
    return { message, hint: OPERATOR_HINT, start: wrong.start, end: wrong.end };
  }
  const chain: JobRef[][] = [];
  let at = 0;
  for (;;) {
    const group = parseGroup(tokens, at, text.length);
    if ('message' in group) return group;
    chain.push(group.refs);
    const next = tokens[group.next];
    if (next === undefined) break;
    if (next.kind !== '>>') return unexpected(next);
    at = group.next + 1;
  }
  if (chain.length > 1) return chain;
  return { message: 'an edge needs two jobs', hint: OPERATOR_HINT, start: 0, end: text.length };
}

function tokenize(text: string): readonly Token[] {
  return [...text.matchAll(TOKEN)].map(match => {
    const symbol = match[1] ?? '';
    const start = match.index + match[0].length - symbol.length;
    return { kind: kindOf(symbol), text: symbol, start, end: start + symbol.length };
  });
}

function kindOf(symbol: string): Token['kind'] {
  if (symbol === '>>' || symbol === '[' || symbol === ']' || symbol === ',') return symbol;
  return /^[-<>=]/.test(symbol) ? 'other' : 'ref';
}

interface Group {
  readonly refs: JobRef[];
  /** Index of the token after it. */
  readonly next: number;
}

function parseGroup(tokens: readonly Token[], from: number, end: number): Group | EdgeError {
  const open = tokens[from];
  if (open?.kind !== '[') return parseRefs(tokens, from, end);
  const group = parseRefs(tokens, from + 1, end);
  if ('message' in group) return group;
  const close = tokens[group.next];
  if (close === undefined) return { message: '`[` is not closed by `]`', start: open.start, end: open.end };
  return close.kind === ']' ? { refs: group.refs, next: group.next + 1 } : unexpected(close);
}

function parseRefs(tokens: readonly Token[], from: number, end: number): Group | EdgeError {
  const refs: JobRef[] = [];
  for (let at = from; ; at += 2) {
    const ref = tokens[at];
    if (ref === undefined) return missingJob(tokens, end);
    if (ref.kind !== 'ref') return unexpected(ref);
    refs.push({ text: ref.text, start: ref.start, end: ref.end });
    if (tokens[at + 1]?.kind !== ',') return { refs, next: at + 1 };
  }
}

function missingJob(tokens: readonly Token[], end: number): EdgeError {
  const last = tokens.at(-1);
  const message = last === undefined ? 'the edge is empty' : `a job is missing after \`${last.text}\``;
  return { message, hint: OPERATOR_HINT, start: last?.start ?? 0, end: last?.end ?? end };
}

function unexpected(token: Token): EdgeError {
  return { message: `\`${token.text}\` is not expected here`, hint: OPERATOR_HINT, start: token.start, end: token.end };
}
