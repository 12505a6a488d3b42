import type { Backend, RunView } from '../backend.js';
import { EXIT, Failure } from '../failure.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';
import { isOver } from '../watch.js';
import { print, say } from '../terminal.js';

export interface DeleteFlags extends BackendFlags {
  readonly allFinished?: boolean;
  readonly yes?: boolean;
}

/** Forgets finished runs and their logs. One that can't be forgotten leaves the others to be. */
export async function remove(references: readonly string[], flags: DeleteFlags): Promise<number> {
  if (flags.allFinished === true ? references.length > 0 : references.length === 0)
    throw new Failure(EXIT.usage, 'name the runs to delete, or use --all-finished', { code: 'USAGE' });
  const backend = await openBackend(flags);
  if (flags.allFinished !== true)
    return removeEach(references, async name => removeOne(backend, await backend.find(name)));
  const runs = (await backend.list()).filter(isOver);
  if (runs.length === 0) {
    say('No run has ended.\n');
    return EXIT.ok;
  }
  if (flags.yes !== true && !(await confirm(`Delete ${runs.length} finished run${runs.length === 1 ? '' : 's'}?`))) {
    say('Nothing was deleted.\n');
    return EXIT.failed;
  }
  return removeEach(runs, run => removeOne(backend, run));
}

async function removeOne(backend: Backend, { id, name }: RunView): Promise<void> {
  await backend.remove(id);
  print(`${name} deleted\n`);
}

/** The exit code of the first that failed. */
async function removeEach<T>(items: readonly T[], removeItem: (item: T) => Promise<void>): Promise<number> {
  if (items.length === 1 && items[0] !== undefined) {
    await removeItem(items[0]);
    return EXIT.ok;
  }
  const { sayFailure } = await import('../say-failure.js');
  let exit: number = EXIT.ok;
  for (const item of items) {
    try {
      await removeItem(item);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      sayFailure(error);
      if (exit === EXIT.ok) exit = error.exit;
    }
  }
  return exit;
}

async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Failure(EXIT.usage, `${question} Nobody can be asked here.`, { code: 'USAGE', hint: 'Use --yes.' });
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
