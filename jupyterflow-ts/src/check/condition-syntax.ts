import type { PlanCondition, PlanOperand, PlanReference } from '../plan/plan.js';
import type { TextPart } from '../source/node.js';

/** What is wrong with a condition; `start` and `end` are in the text of the file. */
export interface ConditionError {
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
type Operator = (typeof OPERATORS)[number];

interface Token {
  readonly kind: 'operator' | '&&' | '||' | '!' | '(' | ')' | 'operand' | 'other' | 'end';
  readonly text: string;
  readonly operand?: PlanOperand;
  readonly start: number;
  readonly end: number;
}

/** Blanks, an expression, '...', "...", an operator or parenthesis, a bare word, anything else. */
const PART =
  /(\s+)|(\uE000\uE001*)|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|==|!=|<=|>=|<|>|&&|\|\||!|\(|\)|[\w.:/@%+-]+|['"][\s\S]*|[\s\S]/gu;
const WORD = /^[\w.:/@%+-]+$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
/** Deeper nesting helps nobody, and would exhaust the stack. */
const MAX_DEPTH = 50;
const HINT = "Write it like: ${{ jobs.NAME.outputs.NAME }} > 0.9 && ${{ params.NAME }} == 'a'";

/**
 * Parses a condition. Values of parameters and items are operands, whatever stands in them.
 *
 *     any = all { "||" all } ;  all = not { "&&" not } ;  not = "!" not | "(" any ")" | comparison
 *     comparison = operand [ ("==" | "!=" | "<" | "<=" | ">" | ">=") operand ]
 *
 * An operand alone is true when it is `true`.
 *
 * @param text the condition as the file spells it
 * @param parts its pieces, with values put in
 */
export function parseCondition(text: string, parts: readonly TextPart[]): PlanCondition | ConditionError {
  const put = new Map(parts.flatMap(part => (part.kind === 'text' ? [] : [[part.start, part]])));
  const tokens = tokenize(text, put);
  if ('message' in tokens) return tokens;
  try {
    return new Parser(tokens).parse();
  } catch (cause) {
    if (cause instanceof SyntaxProblem) return cause.problem;
    throw cause;
  }
}

/** How the parser leaves its own recursion; never seen outside. */
class SyntaxProblem extends Error {
  constructor(readonly problem: ConditionError) {
    super(problem.message);
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): PlanCondition {
    const condition = this.#any();
    if (this.#next.kind !== 'end') throw unexpected(this.#next);
    return condition;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', start: 0, end: 0 };
  }

  #take(): Token {
    const token = this.#next;
    this.#at += 1;
    return token;
  }

  #any(): PlanCondition {
    return this.#several('any', '||', () => this.#several('all', '&&', () => this.#not()));
  }

  #several(kind: 'any' | 'all', separator: '||' | '&&', one: () => PlanCondition): PlanCondition {
    const first = one();
    if (this.#next.kind !== separator) return first;
    const of = [first];
    while (this.#next.kind === separator) {
      this.#at += 1;
      of.push(one());
    }
    return { kind, of };
  }

  #not(): PlanCondition {
    const token = this.#take();
    if (token.kind !== '!' && token.kind !== '(') return this.#comparison(token);
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw fail(token, `nested more than ${MAX_DEPTH} levels deep`);
    const condition = token.kind === '!' ? ({ kind: 'not', of: this.#not() } as const) : this.#group(token);
    this.#depth -= 1;
    return condition;
  }

  #group(open: Token): PlanCondition {
    const condition = this.#any();
    if (this.#next.kind === 'end') throw fail(open, '`(` is not closed by `)`');
    if (this.#next.kind !== ')') throw unexpected(this.#next);
    this.#at += 1;
    return condition;
  }

  #comparison(left: Token): PlanCondition {
    if (left.kind !== 'operand' || left.operand === undefined) throw unexpected(left);
    const operator = this.#next;
    if (operator.kind !== 'operator') return alone(left, left.operand);
    this.#at += 1;
    const right = this.#take();
    if (right.kind !== 'operand' || right.operand === undefined) throw unexpected(right, operator);
    return { kind: operator.text as Operator, left: left.operand, right: right.operand };
  }
}

function alone(token: Token, operand: PlanOperand): PlanCondition {
  if (typeof operand !== 'object' && operand !== 'true' && operand !== 'false') {
    throw fail(token, `\`${token.text}\` is neither true nor false`, 'Compare it with something: a == b');
  }
  return { kind: '==', left: operand, right: 'true' };
}

function unexpected(token: Token, before?: Token): SyntaxProblem {
  if (token.kind !== 'end') return fail(token, `\`${token.text}\` is not expected here`, HINT);
  if (before !== undefined) return fail(before, `nothing stands after \`${before.text}\``, HINT);
  return fail(token, 'the condition ends too early', HINT);
}

function fail({ start, end }: Token, message: string, hint?: string): SyntaxProblem {
  return new SyntaxProblem({ message, ...(hint === undefined ? {} : { hint }), start, end });
}

type Put = Exclude<TextPart, { kind: 'text' }>;

/** One for the first character of an expression and one for each further, so that positions stay as they are. */
const [FIRST, FURTHER] = ['\uE000', '\uE001'];
const MARKED = /\uE000\uE001*/g;

function tokenize(text: string, put: ReadonlyMap<number, Put>): readonly Token[] | ConditionError {
  const tokens: Token[] = [];
  for (const match of mask(text, put).matchAll(PART)) {
    const [whole, blank, marked, single, double] = match;
    if (blank !== undefined) continue;
    const [start, end] = [match.index, match.index + whole.length];
    const token = { text: text.slice(start, end), start, end };
    const quoted = single ?? double?.replace(/\\([\s\S])/g, '$1');
    if (marked !== undefined) tokens.push({ ...token, kind: 'operand', operand: operandOf(put.get(start)) });
    else if (quoted === undefined) tokens.push({ ...token, ...plainToken(token.text) });
    else {
      const operand = quotedOperand(quoted, token, put);
      if (operand === undefined) {
        const message = 'what is known only while the run goes must stand alone';
        return { message, hint: HINT, start, end };
      }
      tokens.push({ ...token, kind: 'operand', operand });
    }
  }
  const wrong = tokens.find(({ kind }) => kind === 'other');
  if (wrong !== undefined) return wrongToken(wrong);
  const last = tokens.at(-1);
  return [...tokens, { kind: 'end', text: '', start: last?.start ?? 0, end: last?.end ?? text.length }];
}

function mask(text: string, put: ReadonlyMap<number, Put>): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of put.values()) {
    masked += text.slice(at, start).replace(/[\uE000\uE001]/g, '\uFFFD') + FIRST + FURTHER.repeat(end - start - 1);
    at = end;
  }
  return masked + text.slice(at).replace(/[\uE000\uE001]/g, '\uFFFD');
}

function wrongToken({ text, start, end }: Token): ConditionError {
  if (text === '=') return { message: '`=` compares nothing', hint: 'Write == to compare.', start, end };
  if (/^['"]/.test(text)) return { message: 'this quote is never closed', start, end: start + 1 };
  if (text === '&' || text === '|') {
    return { message: `\`${text}\` is no operator`, hint: `Write ${text}${text}.`, start, end };
  }
  return { message: `\`${text}\` is not expected here`, hint: HINT, start, end };
}

function plainToken(text: string): Pick<Token, 'kind' | 'operand'> {
  if (text === '&&' || text === '||' || text === '!' || text === '(' || text === ')') return { kind: text };
  if ((OPERATORS as readonly string[]).includes(text)) return { kind: 'operator' };
  if (!WORD.test(text)) return { kind: 'other' };
  return { kind: 'operand', operand: NUMBER.test(text) ? Number(text) : text };
}

function operandOf(part: Put | undefined): PlanOperand {
  // What is no expression that is known is reported by a rule of its own.
  if (part === undefined) return '';
  if (part.kind === 'value') return NUMBER.test(part.text) ? Number(part.text) : part.text;
  return part.expression as PlanReference;
}

/** A quoted text is a text, also when it looks like a number; a reference that stands alone in quotes is one. */
function quotedOperand(
  text: string,
  { start }: Token | { start: number },
  put: ReadonlyMap<number, Put>
): PlanOperand | undefined {
  const inside = [...text.matchAll(MARKED)];
  const [only] = inside;
  const first = only === undefined ? undefined : put.get(start + 1 + only.index);
  if (first?.kind === 'expression') return only !== undefined && only[0] === text ? operandOf(first) : undefined;
  const values = inside.map(({ index }) => put.get(start + 1 + index));
  if (values.some(part => part?.kind === 'expression')) return undefined;
  let next = 0;
  return text.replace(MARKED, () => values[next++]?.text ?? '');
}
