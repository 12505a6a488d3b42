import { isCollection, isScalar, Scalar, visit, type Document } from 'yaml';
import type { Span } from './node.js';
import { error, type Problem } from './problem.js';

/** What is wrong with the YAML of a document, and the lines of which nothing true is known. */
export interface SyntaxProblems {
  readonly problems: readonly Problem[];
  readonly unread: readonly Span[];
}

interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The library goes on after a mistake, and often stumbles over the same one again: what is in unread lines is told once. */
export function syntaxProblems(text: string, document: Document.Parsed): SyntaxProblems {
  const problems: Problem[] = [];
  const unread: Span[] = [];
  for (const found of [...document.errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    if (unread.some(({ start, end }) => start <= found.pos[0] && found.pos[0] <= end)) continue;
    const open = openPart(text, document, found);
    const problem = open === undefined ? describe(text, found) : unclosed(text, open);
    const { start, above } = linesOf(text, found, problem);
    const isCascade = /^(Implicit|Unexpected block-seq-ind)/.test(found.message) && unread.at(-1)?.end === start - 1;
    if (!isCascade || problem.id !== 'yaml-syntax') problems.push(problem);
    const isLost = (open !== undefined && found.code !== 'BAD_INDENT') || found.message.includes('in YAML stream');
    unread.push({
      start: above,
      end: isLost
        ? text.length
        : endOfBlock(text, { start, end: found.code === 'BAD_INDENT' ? found.pos[0] : found.pos[1] })
    });
  }
  return { problems, unread };
}

/** Where the first line of a problem begins, and the first line that can't be trusted: what a tab indents belongs to that above. */
function linesOf(
  text: string,
  { code }: YamlError,
  { span }: Problem
): { readonly start: number; readonly above: number } {
  const { start } = wholeLines(text, span);
  return {
    start,
    above: code === 'TAB_AS_INDENT' && start > 0 ? wholeLines(text, { start: start - 1, end: start - 1 }).start : start
  };
}

/** From the beginning of the first line of a span to the end of its last one. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const until = text.indexOf('\n', Math.max(start, end - 1));
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: until === -1 ? text.length : until };
}

/** The end of the last line that is indented more than the first: it belongs to it. */
function endOfBlock(text: string, span: Span): number {
  let { end } = wholeLines(text, span);
  const indent = indentAt(text, span.start);
  while (end < text.length) {
    const next = wholeLines(text, { start: end + 1, end: end + 1 });
    const isBlank = text.slice(next.start, next.end).trim() === '';
    if (!isBlank && indentAt(text, next.start) <= indent) break;
    end = Math.max(next.end, end + 1);
  }
  return end;
}

function indentAt(text: string, start: number): number {
  return /^[ \t]*/.exec(text.slice(start, start + 1000))?.[0].length ?? 0;
}

/** Where a quote or a bracket was opened that nothing closes. */
function openPart(text: string, document: Document.Parsed, { message, pos: [at] }: YamlError): number | undefined {
  const isQuote = message.startsWith('Missing closing');
  if (!isQuote && !/^(?:Expected flow \w+ to end with|Flow \w+ in block collection must)/.test(message))
    return undefined;
  let open: number | undefined;
  visit(document, {
    Value: (_, node) => {
      if (isQuote && isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE))
        open = node.range?.[0];
      const [start = 0, end = 0] = node.range ?? [];
      const isOpen = start < at && text.slice(end, at).trim() === '';
      if (!isQuote && isCollection(node) && node.flow === true && isOpen) open = start;
    }
  });
  return open;
}

function unclosed(text: string, at: number): Problem {
  const mark = text.charAt(at);
  const span = { start: at, end: at + 1 };
  if (mark === '[' || mark === '{') {
    const hint = `Write ${mark === '[' ? ']' : '}'} at its end, or quote a text that begins with ${mark}.`;
    return error('yaml-syntax', span, `this ${mark} is never closed`, hint);
  }
  const hint = 'Close the quote. Further lines of a quoted text are indented more than what they belong to.';
  return error('yaml-syntax', span, 'this quote is never closed', hint);
}

function describe(text: string, found: YamlError): Problem {
  const [start, end] = found.pos;
  const span = { start, end: Math.max(end, start + 1) };
  const from = wholeLines(text, { start, end: start }).start;
  const line = (text.slice(from).split('\n', 1)[0] ?? '').trimEnd();
  const item = /^\s*-\s+(\S.*)$/.exec(line)?.[1];
  if (item?.startsWith('[') === true && item.includes('>>')) {
    const at = from + line.indexOf(item);
    const hint = `Quote the edge: - '${item}'`;
    const whole = { start: at, end: at + item.length };
    return error('edge-not-quoted', whole, 'YAML reads the [ as the start of a list', hint);
  }
  const [message, hint] = wordsOf(found, { line, item, rest: line.slice(start - from) }) ?? [
    `not valid YAML: ${found.message.replace(/\s+/g, ' ')}`
  ];
  const quoted = line.includes('${{') ? 'Quote the text that has ${{ }} in it.' : undefined;
  return error('yaml-syntax', onFirstLine(text, span), message, quoted ?? hint);
}

function onFirstLine(text: string, { start, end }: Span): Span {
  const stop = text.indexOf('\n', start);
  return { start, end: stop === -1 || stop <= start ? end : Math.min(end, stop) };
}

interface Line {
  readonly line: string;
  /** What follows the dash of a list. */
  readonly item: string | undefined;
  /** The line from the mistake on. */
  readonly rest: string;
}

type Words = readonly [message: string, hint?: string];

/** The mistakes that people make, without the words of YAML's own specification. */
function wordsOf({ code, message }: YamlError, { line, item, rest }: Line): Words | undefined {
  switch (code) {
    case 'TAB_AS_INDENT':
      return ['a tab is used to indent', 'YAML allows only spaces there.'];
    case 'BAD_SCALAR_START':
      return [`a text can not begin with ${rest.charAt(0)} in YAML`, `Quote it: ${quote(rest)}`];
    case 'BAD_DQ_ESCAPE':
      return [
        `\`${rest.slice(0, 2)}\` means nothing between double quotes`,
        'Write \\\\ for a backslash, or use single quotes.'
      ];
    case 'BAD_ALIAS':
      return ['a name is missing after & or *', 'If a text was meant, quote it.'];
    case 'BLOCK_AS_IMPLICIT_KEY':
      return ofNestedKey(message, line, item);
    case 'MULTILINE_IMPLICIT_KEY':
      return [
        'a `:` is missing on this line',
        'Write `key: value`. Further lines of a text are indented more than its key.'
      ];
    default:
      return ofToken(message, item);
  }
}

function ofNestedKey(message: string, line: string, item: string | undefined): Words {
  if (message.startsWith('A block sequence'))
    return ['this item is indented unlike those above it', 'Begin all items of a list in the same column.'];
  const isTwice = (line.match(/: /g) ?? []).length > 1;
  if (!isTwice)
    return [
      'the line below is indented more, so YAML reads both as one text',
      'Begin all keys of a map in the same column.'
    ];
  const value = /^\s*[^:]+: (.*)$/.exec(line)?.[1] ?? '';
  const hint = item === undefined ? `Quote the value: ${quote(value)}` : `Quote it: - ${quote(item)}`;
  return ['a second `: ` on this line makes it ambiguous', hint];
}

function ofToken(message: string, item: string | undefined): Words | undefined {
  if (message.startsWith('Not a YAML token'))
    return ['a text follows the | or > on its line', 'Begin the text on the next line, indented; or quote all of it.'];
  if (message.startsWith('Missing , or :'))
    return ['a comma is missing between the items in brackets', 'If a text was meant, quote all of it.'];
  if (message.startsWith('Implicit map keys need'))
    return ['a `:` is missing after this', 'Write `key: value`, or quote a text.'];
  if (!message.endsWith('at node end')) return undefined;
  const isQuoted = item !== undefined && /^['"]/.test(item);
  return isQuoted
    ? ['a text follows the closing quote', `Quote all of it: - ${quote(item)}`]
    : ['this is not expected after the value', 'If all of it is one text, quote it.'];
}

/** As a YAML single-quoted scalar. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
