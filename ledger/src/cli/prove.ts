import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { proveLease } from '../proof/make.js';

/** `prove DIR --lease ID` */
export function addProve(program: Command): void {
  program
    .command('prove')
    .description(
      'write the proof of a lease: who leased what, when and for which purpose, for somebody without the log'
    )
    .argument('<folder>', 'folder of the log; it may be in use')
    .requiredOption('--lease <id>', 'the lease')
    .option('-o, --output <file>', 'where to write the proof; absent: to the standard output')
    .addHelpText(
      'after',
      '\nThe proof has the commands about the lease and its dataset, with the names of persons in them.' +
        '\nWho gets it checks it with "verify-proof" and the public keys of the organizations.' +
        '\n\nExit codes: 0 it is written, 2 there is no such lease, or the log could not be read.'
    )
    .exitOverride()
    .action(async (folder: string, { lease, output: file }: { readonly lease: string; readonly output?: string }) => {
      const bundle = await proveLease(folder, lease);
      const text = `${JSON.stringify(bundle, null, 1)}\n`;
      if (file === undefined) {
        process.stdout.write(text);
      } else {
        await writeFile(file, text, { mode: 0o600 });
        process.stderr.write(`${file}: ${bundle.entries.length} entries, ${bundle.checkpoints.length} checkpoints\n`);
      }
    });
}
