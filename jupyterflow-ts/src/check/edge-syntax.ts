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

/** How to mend an edge of one job. */
export function loneHint(job: string): string {
  return `Write: ${job} >> b. A job that waits for no other needs no edge.`;
}

/**
 * Parses `1 >> 2`, `a >> b >> c`, `[1, 2] >> 3`, `1, 2 >> [3, 4]`.
 *
 *     chain = group { ">>" group } ;  group = "[" refs "]" | refs ;  refs = ref { "," ref }
 */
export function parseEdge(text: string): Chain | EdgeError {
  const tokens = tokenize(text);
  const parsed = parseTokens(tokens, text);
  return 'message' in parsed && parsed.hint === undefined ? { ...parsed, hint: mended(tokens) } : parsed;
}

function parseTokens(tokens: readonly Token[], text: string): Chain | EdgeError {
  const wrong = tokens.find(token => token.kind === 'other');
  if (wrong !== undefined) {
    const message = `\`${wrong.text}\` is not an arrow`;
    return { message, start: wrong.start, end: wrong.end };
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
  return { message: 'an edge needs two jobs', hint: loneHint(text.trim()), start: 0, end: text.length };
}

/** How to mend an edge, as it stands; an example when nothing good comes of it. */
function mended(tokens: readonly Token[]): string {
  const words = repaired(tokens);
  const [only] = words;
  if (words.length === 1 && only !== undefined && /^[^[\],]/.test(only))
    return tokens[0]?.kind === 'ref' ? loneHint(only) : `Write: a >> ${only}`;
  const text = words
    .join(' ')
    .replace(/ ?([,\]]) ?/g, '$1 ')
    .replaceAll('[ ', '[')
    .trim();
  if ('message' in parseTokens(tokenize(text), text)) return 'Write: a >> b';
  // Without quotes YAML would read a list.
  return `Write: ${text.startsWith('[') ? `'${text}'` : text}`;
}

/** With an arrow between each two groups, none at the ends, and brackets closed. */
function repaired(tokens: readonly Token[]): readonly string[] {
  const words: string[] = [];
  const close = (): void => {
    if (words.lastIndexOf('[') > words.lastIndexOf(']')) words.push(']');
  };
  for (const { kind, text } of tokens) {
    const last = words.at(-1);
    if (kind === 'other' || kind === '>>') {
      if (last === undefined || last === '>>') continue;
      close();
      words.push('>>');
    } else {
      const begins = kind === 'ref' || kind === '[';
      if (begins && last !== undefined && !BEFORE_A_JOB.has(last)) words.push('>>');
      words.push(text);
    }
  }
  while (words.at(-1) === '>>') words.pop();
  close();
  return words;
}

const BEFORE_A_JOB = new Set(['>>', '[', ',']);

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
  return { message, start: last?.start ?? 0, end: last?.end ?? end };
}

function unexpected(token: Token): EdgeError {
  return { message: `\`${token.text}\` is not expected here`, start: token.start, end: token.end };
}
