import type { Command } from 'commander';
import { inspect, type Finding, type Inspection } from '../embedded/fsck.js';
import { outputOption, print, progress, type OutputFlags } from './output.js';

/** `fsck DIR` */
export function addFsck(program: Command): void {
  program
    .command('fsck')
    .description('look through the folder of a log for all damage: where it is, and what mends itself')
    .argument('<folder>', 'folder of the log')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nChanges nothing.\n\nExit codes: 0 nothing is damaged, 1 something is, 2 it could not be looked at.'
    )
    .exitOverride()
    .action(async (folder: string, flags: OutputFlags) => {
      const shown = progress('reading');
      const result = await inspect(folder, shown.at).finally(shown.end);
      print(result, flags, () => describe(result));
    });
}

function describe({ ok, entries, findings }: Inspection): string {
  // Whoever changes an entry can change its hash too.
  const sum = ok ? 'are as they were written' : 'agree with the hashes beside them';
  return [...findings.map(line), `${ok ? 'ok' : 'bad'}: ${entries} entries ${sum}`].join('\n');
}

function line({ severity, file, entry, offset, problem }: Finding): string {
  const place = [file, ...(entry === undefined ? [] : [`entry ${entry}`])].join(', ');
  return `${severity}: ${place}${offset === undefined ? '' : ` at byte ${offset}`}: ${problem}`;
}
