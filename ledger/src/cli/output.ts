import type { Command } from 'commander';
import { Option } from 'commander';
import { shownJson, shownLines } from '../shown.js';
import { parseVerifier, type NoteVerifier } from '../note/signed-note.js';

/** Exit codes: what was asked for holds, does not hold, or could not be asked. */
export const EXIT = { ok: 0, bad: 1, usage: 2 } as const;

export interface OutputFlags {
  readonly output: 'text' | 'json';
}

/** `-o text | json`, for a command. */
export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print the result').choices(['text', 'json']).default('text');
}

/** Prints a result, for people or as one line of JSON, and sets the exit code. */
export function print(result: { readonly ok: boolean }, { output }: OutputFlags, describe: () => string): void {
  process.stdout.write(`${output === 'json' ? shownJson(JSON.stringify(result)) : shownLines(describe())}\n`);
  process.exitCode = result.ok ? EXIT.ok : EXIT.bad;
}

/** Progress on a terminal, in place; nothing where the errors go to a file. */
export function progress(what: string): { readonly at: (count: number) => void; readonly end: () => void } {
  let last = 0;
  const shown = process.stderr.isTTY;
  return {
    at: count => {
      const now = Date.now();
      if (shown && now - last > 200) {
        last = now;
        process.stderr.write(`\r${what}: ${count} entries`);
      }
    },
    end: () => {
      if (last > 0) {
        process.stderr.write('\r\x1b[K');
      }
    }
  };
}

/** Reads the key of a log as a flag gave it; ends the program with how to give it. */
export function verifierFlag(flag: string, value: string, program: Command): NoteVerifier {
  return (
    parseVerifier(value) ??
    program.error(`error INVALID: ${flag} must be a line such as that in log.pub: name+hash+key`)
  );
}
