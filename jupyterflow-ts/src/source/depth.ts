/** Deepest nesting that is read. A workflow needs about six levels; the library's composer is recursive and would exhaust the stack. */
export const MAX_DEPTH = 60;
const MAX_INDENT = 400;

const BRACKETS = new Map(Object.entries({ '[': 1, '{': 1, ']': -1, '}': -1 }));

/** How deep the tokens of the lexer are nested, told without recursion. */
export class Depth {
  #offset = 0;
  #brackets = 0;
  #indicators = 0;
  #exceededAt: number | undefined;

  /** Offset of the first token that was nested too deeply. */
  get exceededAt(): number | undefined {
    return this.#exceededAt;
  }

  /** Takes the next token; false if it is nested deeper than {@link MAX_DEPTH}. */
  allows(token: string): boolean {
    this.#brackets += BRACKETS.get(token) ?? 0;
    if (token === '-' || token === '?' || token === ':') this.#indicators += 1;
    // After a comma the next entry begins, as deep as the one before.
    else if (token === ',' || token.includes('\n')) this.#indicators = 0;
    const indent = token.trimStart() === '' ? token.length - 1 - token.lastIndexOf('\n') : 0;
    if (this.#brackets > MAX_DEPTH || this.#indicators > MAX_DEPTH || indent > MAX_INDENT) {
      this.#exceededAt ??= this.#offset;
      return false;
    }
    this.#offset += isControl(token) ? 0 : token.length;
    return true;
  }
}

/** Marks that the lexer adds and the text does not have: document, flow error end, scalar. */
function isControl(token: string): boolean {
  return token === '\u0002' || token === '\u0018' || token === '\u001f';
}
