/** Control characters, those that turn the direction of writing, those that end a line, and halves of characters. */
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of others for a terminal, as one line: without what would steer the terminal or hide what is written. */
export function shown(text: string): string {
  return text.replace(STEERING, '\uFFFD');
}

/** The same for a text of several lines. */
export function shownLines(text: string): string {
  return text.split('\n').map(shown).join('\n');
}

/** JSON that means the same, for a terminal: it has as escapes what {@link shown} takes out. */
export function shownJson(json: string): string {
  return json.replace(STEERING, found =>
    Array.from({ length: found.length }, (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
  );
}
