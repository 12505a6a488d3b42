import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { proveLease } from '../proof/make.js';
import { downloadProof, isAddress } from '../remote/download.js';

/** `prove DIR | URL --lease ID` */
export function addProve(program: Command): void {
  program
    .command('prove')
    .description(
      'write the proof of a lease: who leased what, when and for which purpose, for somebody without the log'
    )
    .argument('<log>', 'folder of the log, which may be in use, or address of the ledger API of a platform')
    .requiredOption('--lease <id>', 'the lease')
    .option('-o, --output <file>', 'where to write the proof; absent: to the standard output')
    .addHelpText(
      'after',
      '\nThe proof has the commands about the lease and its dataset, with the names of persons in them.' +
        '\nWho gets it checks it with "verify-proof" and the public keys of the organizations.' +
        '\nThe token for a platform is read from JUPYTERHUB_API_TOKEN.' +
        '\n\nExit codes: 0 it is written, 2 there is no such lease, or the log could not be read.'
    )
    .exitOverride()
    .action(async (log: string, { lease, output: file }: { readonly lease: string; readonly output?: string }) => {
      const bundle = await (isAddress(log) ? downloadProof(log, lease) : proveLease(log, lease));
      const text = `${JSON.stringify(bundle, null, 1)}\n`;
      if (file === undefined) {
        process.stdout.write(text);
      } else {
        await writeFile(file, text, { mode: 0o600 });
        process.stderr.write(
          `${file}: proof of lease ${bundle.lease}, with ${bundle.entries.length} entries of the log\n`
        );
      }
    });
}
