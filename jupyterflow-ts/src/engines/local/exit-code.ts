import { constants } from 'node:os';

/** Exit code as a shell gives it: 128 + n after signal n. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** An exit code in words: `exited with code 137 (SIGKILL)`. */
export function describeExit(code: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal === undefined ? `exited with code ${code}` : `exited with code ${code} (${signal[0]})`;
}
