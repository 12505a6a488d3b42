import type { Failure } from './failure.js';
import { harmless, say } from './terminal.js';

/** What went wrong and how to mend it, for people. */
export function sayFailure({ message, code, hint }: Failure): void {
  if (message === '') return;
  say(`${code === undefined ? '' : `error ${code}: `}${harmless(message)}\n`);
  if (hint !== undefined) say(`  hint: ${harmless(hint).replaceAll('\n', '\n        ')}\n`);
}
