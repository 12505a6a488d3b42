/** The words of a command, or where a quote was opened that nothing closes. */
export type Words = { readonly words: readonly string[] } | { readonly unclosed: number };

/** Blanks, '...', "...", an escaped character, a lone quote, a lone backslash at the end, anything else. */
const PART = /([ \t\r\n]+)|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|(['"])|(\\|[^ \t\r\n'"\\]+)/g;

/**
 * Splits a command into words by the quoting rules of the POSIX shell (IEEE 1003.1, 2.2 Quoting), and by nothing else
 * of it: no variables, patterns, comments or operators.
 */
export function splitWords(text: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  for (const match of text.matchAll(PART)) {
    const [, blank, single, double, escaped, lone, plain] = match;
    if (lone !== undefined) return { unclosed: match.index };
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (escaped !== '\n') {
      word = (word ?? '') + (single ?? unescapeDouble(double) ?? escaped ?? plain ?? '');
    }
  }
  if (word !== undefined) words.push(word);
  return { words };
}

/** Between double quotes a backslash is one, except before these characters; before a line break both go. */
function unescapeDouble(text: string | undefined): string | undefined {
  return text?.replace(/\\([$`"\\\n])/g, (_, char: string) => (char === '\n' ? '' : char));
}
