import { Command, CommanderError } from 'commander';
import { LedgerError } from '../errors.js';
import { addFsck } from './fsck.js';
import { EXIT } from './output.js';
import { addProve } from './prove.js';
import { addShow } from './show.js';
import { addVerify } from './verify.js';
import { addVerifyProof } from './verify-proof.js';
import { addWitness } from './witness.js';

const program = new Command('jupyterflow-ledger')
  .description('Check the ledger of JupyterFlow, prove what it says, and witness it')
  .exitOverride();

[addVerify, addFsck, addShow, addProve, addVerifyProof, addWitness].forEach(add => add(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    process.stderr.write(`error ${codeOf(error)}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.usage;
  }
}

function codeOf(error: unknown): string {
  return error instanceof LedgerError ? error.code : ((error as NodeJS.ErrnoException).code ?? 'INTERNAL');
}
