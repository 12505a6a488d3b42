import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { LedgerError } from '../errors.js';
import { addFsck } from './fsck.js';
import { EXIT } from './output.js';
import { addProve } from './prove.js';
import { addShow } from './show.js';
import { addVerify } from './verify.js';
import { addVerifyProof } from './verify-proof.js';
import { addWitness } from './witness.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

const program = new Command('jupyterflow-ledger')
  .version(version)
  .description('Check the ledger of JupyterFlow, prove what it says, and witness it')
  .exitOverride();

[addVerify, addFsck, addShow, addProve, addVerifyProof, addWitness].forEach(add => add(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const [code, message] = wordsOf(error);
    process.stderr.write(`error ${code}: ${message}\n`);
    process.exitCode = EXIT.usage;
  }
}

/** Code and words of an error; those of the system as people say them. */
function wordsOf(error: unknown): readonly [string, string] {
  const { code = 'INTERNAL', message = String(error), path } = error as Partial<NodeJS.ErrnoException>;
  if (error instanceof LedgerError || path === undefined) {
    return [code, message];
  }
  return code === 'ENOENT'
    ? ['NOT_FOUND', `There is no ${path}.`]
    : ['IO', `${path} can't be read or written (${code}).`];
}
