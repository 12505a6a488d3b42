import type { Command } from 'commander';
import { complete, type Candidate, type Completion, type Wanted } from '../completion/candidates.js';
import { SCRIPTS, type Shell } from '../completion/scripts.js';
import { EXIT } from '../failure.js';
import { print } from '../terminal.js';

/** Prints the script that makes a shell complete our command lines. */
export function completion(shell: Shell): number {
  print(SCRIPTS[shell]);
  return EXIT.ok;
}

/** Nobody waits longer for a list of names. */
const PATIENCE_MS = 2000;

/** Answers such a script: `word<tab>about` a line, and `:files` when names of files fit too. */
export async function completeWords(program: Command, words: readonly string[]): Promise<number> {
  const found = complete(program, words);
  const looked = found.wanted === undefined ? [] : await lookUpInTime(found.wanted, found);
  const current = words.at(-1) ?? '';
  const candidates = [...found.candidates, ...looked.filter(({ word }) => word.startsWith(current))];
  print(candidates.map(lineOf).join('') + (found.files === true ? ':files\n' : ''));
  // An answer that comes too late keeps nobody waiting.
  if (found.wanted !== undefined) process.exit(EXIT.ok);
  return EXIT.ok;
}

/** Nothing when it takes too long or fails: this is no place for messages. */
async function lookUpInTime(wanted: Wanted, found: Completion): Promise<readonly Candidate[]> {
  const { lookUp } = await import('../completion/look-up.js');
  const late = new Promise<readonly Candidate[]>(resolve => setTimeout(() => resolve([]), PATIENCE_MS).unref());
  return Promise.race([lookUp(wanted, found).catch(() => []), late]);
}

/** Names of others may hold anything; a line holds one. */
function lineOf({ word, about = '' }: Candidate): string {
  const clean = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
  return `${clean(word)}${about === '' ? '' : `\t${clean(about)}`}\n`;
}
