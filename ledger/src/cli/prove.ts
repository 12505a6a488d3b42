import { open } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { proveLease } from '../proof/make.js';
import { downloadProof, isAddress } from '../remote/download.js';

interface Flags {
  readonly lease: string;
  readonly file?: string;
  /** The former name of `--file`. */
  readonly output?: string;
}

/** `prove DIR | URL --lease ID` */
export function addProve(program: Command): void {
  program
    .command('prove')
    .description(
      'write the proof of a lease: who leased what, when and for which purpose, for somebody without the log'
    )
    .argument('<log>', 'folder of the log, which may be in use, or address of the ledger API of a platform')
    .requiredOption('--lease <id>', 'the lease')
    .option('--file <file>', 'where to write the proof, for you alone to read; absent: to the standard output')
    .addOption(new Option('-o, --output <file>').hideHelp())
    .addHelpText(
      'after',
      '\nThe proof has the commands about the lease and its dataset, with the names of persons in them.' +
        '\nWho gets it checks it with "verify-proof" and the public keys of the organizations.' +
        '\nThe token for a platform is read from JUPYTERHUB_API_TOKEN.' +
        '\n\nExit codes: 0 it is written, 2 there is no such lease, or the log could not be read.'
    )
    .exitOverride()
    .action(async (log: string, flags: Flags) => {
      const file = fileOf(flags, program);
      const bundle = await (isAddress(log) ? downloadProof(log, flags.lease) : proveLease(log, flags.lease));
      const text = `${JSON.stringify(bundle, null, 1)}\n`;
      if (file === undefined) {
        process.stdout.write(text);
      } else {
        await writePrivate(file, text);
        process.stderr.write(
          `${file}: proof of lease ${bundle.lease}, with ${bundle.entries.length} entries of the log\n`
        );
      }
    });
}

/** In all other commands `-o` is a format: who asks for one gets no file of that name. */
function fileOf({ file, output }: Flags, program: Command): string | undefined {
  if (output === 'json' || output === 'text') {
    program.error('error INVALID: a proof is always JSON; say with --file where to write it');
  }
  if (file !== undefined && output !== undefined) {
    program.error('error INVALID: give one of --file and --output');
  }
  return file ?? output;
}

/** Writes a file that others can't read, also when they could before. */
async function writePrivate(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    // Not a device or a pipe.
    if ((await handle.stat()).isFile()) {
      await handle.chmod(0o600);
    }
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
