import { Lexer } from 'yaml';

/** Deepest nesting that is read. A workflow needs about six levels; the parser is recursive and would exhaust the stack. */
export const MAX_DEPTH = 60;
const MAX_INDENT = 400;

const BRACKETS = new Map(Object.entries({ '[': 1, '{': 1, ']': -1, '}': -1 }));

/** Offset of the first token that is nested deeper than {@link MAX_DEPTH}, found without recursion. */
export function findTooDeep(text: string): number | undefined {
  let offset = 0;
  let brackets = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    brackets += BRACKETS.get(token) ?? 0;
    if (token === '-' || token === '?' || token === ':') indicators += 1;
    // After a comma the next entry begins, as deep as the one before.
    else if (token === ',' || token.includes('\n')) indicators = 0;
    const indent = token.trimStart() === '' ? token.length - 1 - token.lastIndexOf('\n') : 0;
    if (brackets > MAX_DEPTH || indicators > MAX_DEPTH || indent > MAX_INDENT) return offset;
    offset += isControl(token) ? 0 : token.length;
  }
  return undefined;
}

/** Marks that the lexer adds and the text does not have: document, flow error end, scalar. */
function isControl(token: string): boolean {
  return token === '\u0002' || token === '\u0018' || token === '\u001f';
}
