import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { LedgerError } from '../errors.js';
import { shown } from '../shown.js';
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

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') {
    // Whoever reads the output, such as `head`, has seen enough.
    process.exit();
  }
  const { code = error.message } = error;
  say('IO', `The output can't be written (${code}). Make room for it, or write it elsewhere.`);
  process.exit(EXIT.usage);
});
// There is nowhere to say it; the exit code stays what it is.
process.stderr.on('error', () => undefined);

const program = new Command('jupyterflow-ledger')
  .version(version)
  .description('Check the ledger of JupyterFlow, prove what it says, and witness it')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error USAGE: ')) })
  .exitOverride();

[addVerify, addFsck, addShow, addProve, addVerifyProof, addWitness].forEach(add => add(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    say(...wordsOf(error));
    process.exitCode = EXIT.usage;
  }
}

function say(code: string, message: string): void {
  process.stderr.write(`error ${code}: ${shown(message)}\n`);
}

/** Code and words of an error; those of the system as people say them. */
function wordsOf(error: unknown): readonly [string, string] {
  const { code, message = String(error), path, syscall } = error as Partial<NodeJS.ErrnoException>;
  if (error instanceof LedgerError) {
    return [error.code, message];
  }
  if (code === 'ERR_FS_FILE_TOO_LARGE') {
    return ['IO', 'What was given is a file of more than 2 GiB. Look whether it is the right one.'];
  }
  if (code === undefined || (path === undefined && syscall === undefined)) {
    return ['INTERNAL', message];
  }
  const what = path ?? 'What was given';
  switch (code) {
    case 'ENOENT':
      return ['NOT_FOUND', `There is no ${path ?? 'such file'}.`];
    case 'EISDIR':
      return ['IO', `${what} is a folder (EISDIR). Name a file.`];
    case 'ENOTDIR':
      return ['IO', `${what} can't be read or written, for a part of its path is a file (ENOTDIR). Name a folder.`];
    default:
      return ['IO', `${what} can't be read or written (${code}). Look who may use it, and whether its disk is well.`];
  }
}
