import { formatDiagnostics } from '../check/format.js';
import type { Source } from '../compile.js';
import type { Diagnostic } from '@jupyterflow/schema';

/** Results go to stdout, everything said about them to stderr. */
export function print(text: string): void {
  process.stdout.write(text);
}

export function say(text: string): void {
  process.stderr.write(text);
}

export const COLOR_MODES = ['auto', 'always', 'never'] as const;
export type ColorMode = (typeof COLOR_MODES)[number];

let colorMode: ColorMode = 'auto';

/** What the flag `--color` says; `auto` leaves it to the environment and the terminal. */
export function chooseColor(mode: ColorMode): void {
  colorMode = mode;
}

/**
 * Colours only for people at a terminal who did not refuse them (https://no-color.org), or for whoever forces them
 * (https://force-color.org).
 */
export function useColor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (colorMode !== 'auto') return colorMode === 'always';
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

export function sayDiagnostics(diagnostics: readonly Diagnostic[], source: Source): void {
  if (diagnostics.length === 0) return;
  const width = widthOf(process.stderr);
  say(
    formatDiagnostics(diagnostics, source, {
      color: useColor(process.stderr),
      ...(width === undefined ? {} : { width })
    })
  );
}

/** Columns of a terminal; undefined when it is none, or does not tell. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  return stream.isTTY === true && stream.columns !== undefined && stream.columns > 0 ? stream.columns : undefined;
}

/** A text of somebody else's without the characters that would steer the reader's terminal. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
}

/** A line that a job wrote: of its escape sequences only colours stay, and they end with the line. */
export function harmlessLog(line: string, color: boolean): string {
  const text = keepColors(line, color);
  return color && text.includes('\u001b') ? `${text}\u001b[0m` : text;
}

/** As {@link harmlessLog}, of a text that comes in pieces. */
export class HarmlessLog {
  readonly #color: boolean;
  /** An escape sequence whose end has not come yet. */
  #begun = '';

  constructor(color: boolean) {
    this.#color = color;
  }

  add(chunk: string): string {
    const text = this.#begun + chunk;
    this.#begun = /\u001b(?:\[[0-9;]{0,20})?$/.exec(text)?.[0] ?? '';
    return keepColors(text.slice(0, text.length - this.#begun.length), this.#color);
  }
}

function keepColors(text: string, color: boolean): string {
  return text
    .split(/(\u001b\[[0-9;]*m|\r)/)
    .map((part, at) => (at % 2 === 0 ? harmless(part) : color || part === '\r' ? part : ''))
    .join('');
}
