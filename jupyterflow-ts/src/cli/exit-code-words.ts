import { constants } from 'node:os';

/** What people use an exit code for (POSIX 2.8.2, and 128 + the number of a signal), in brackets; '' when it says no more. */
export function exitCodeWords(code: number): string {
  if (code === 126) return ' (found, but not executable)';
  if (code === 127) return ' (command not found)';
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal === undefined ? '' : ` (${signal[0]}${code === 137 ? ', often too little memory' : ''})`;
}
