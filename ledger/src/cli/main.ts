import { Command, CommanderError, Option } from 'commander';
import { LedgerError } from '../errors.js';
import { parseVerifier } from '../note/signed-note.js';
import { verifyLog, type Verification } from '../embedded/verify.js';

/** Exit codes: what was asked for holds, does not hold, or could not be asked. */
const EXIT = { ok: 0, bad: 1, usage: 2 } as const;

interface VerifyFlags {
  readonly output: 'text' | 'json';
  readonly key?: string;
}

async function verify(folder: string, flags: VerifyFlags, program: Command): Promise<void> {
  const key = flags.key === undefined ? undefined : parseVerifier(flags.key);
  if (flags.key !== undefined && key === undefined) {
    program.error(`error: --key must be a line such as that in log.pub: name+hash+key`);
  }
  const result = await verifyLog(folder, { key });
  process.stdout.write(`${flags.output === 'json' ? JSON.stringify(result) : describe(result)}\n`);
  process.exitCode = result.ok ? EXIT.ok : EXIT.bad;
}

function describe(result: Verification): string {
  if (result.ok) {
    const unfinished = result.unfinished === 0 ? '' : ` (and ${result.unfinished} bytes of an unfinished write)`;
    return `ok: ${result.size} entries, root ${result.root}${unfinished}`;
  }
  const entry = result.entry === undefined ? '' : `, entry ${result.entry}`;
  const offset = result.offset === undefined ? '' : ` at byte ${result.offset}`;
  return `bad: ${result.file}${entry}${offset}: ${result.problem}`;
}

const program = new Command('jupyterflow-ledger').description('Verify the ledger of JupyterFlow').exitOverride();

program
  .command('verify')
  .description('compute a log again from its bytes: hashes, signatures, decisions and the signed checkpoint')
  .argument('<folder>', 'folder of the log')
  .addOption(new Option('-o, --output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
  .option(
    '--key <verifier>',
    'the key that must have signed the checkpoint, as in log.pub; absent: the one in the folder'
  )
  .addHelpText('after', '\nExit codes: 0 the log is whole, 1 it is not, 2 it could not be checked.')
  .exitOverride()
  .action((folder: string, flags: VerifyFlags) => verify(folder, flags, program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const message = error instanceof LedgerError || error instanceof Error ? error.message : String(error);
    process.stderr.write(`error: ${message}\n`);
    process.exitCode = EXIT.usage;
  }
}
