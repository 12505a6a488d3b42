import type { Command } from 'commander';
import { readLog } from '../embedded/read-log.js';
import { verifyLog } from '../embedded/verify.js';
import { LedgerError } from '../errors.js';
import type { Entry } from '../ledger.js';
import { time } from '../rules/wording.js';
import { shown } from '../shown.js';
import { outputOption, print, type OutputFlags } from './output.js';

interface Flags extends OutputFlags {
  readonly entry?: string;
  readonly lease?: string;
  readonly dataset?: string;
}

/** `show DIR [--entry N | --lease ID | --dataset ID]` */
export function addShow(program: Command): void {
  program
    .command('show')
    .description('show what a log says: of an entry, a lease or a dataset; else how large it is and how it ends')
    .argument('<folder>', 'folder of the log; it may be in use')
    .option('--entry <index>', 'one entry')
    .option('--lease <id>', 'a lease, and the entries about it')
    .option('--dataset <id>', 'a dataset, and the entries about it')
    .addOption(outputOption())
    .addHelpText('after', '\nExit codes: 0 it is shown, 2 there is no such thing, or it could not be read.')
    .exitOverride()
    .action(async (folder: string, flags: Flags) => {
      const asked = [flags.entry, flags.lease, flags.dataset].filter(one => one !== undefined);
      if (asked.length > 1) {
        program.error('error INVALID: give one of --entry, --lease and --dataset');
      }
      if (flags.entry !== undefined && !/^\d{1,15}$/.test(flags.entry)) {
        program.error('error INVALID: --entry must be a number, from 0');
      }
      const { entries, record } = await find(folder, flags);
      print({ ok: true, ...(record !== undefined && { record }), entries } as { ok: true }, flags, () =>
        [...(record === undefined ? [] : [JSON.stringify(record, null, 2)]), ...entries.map(line)].join('\n')
      );
    });
}

/** How many entries are shown of a whole log. */
const LAST = 10;

async function find(
  folder: string,
  { entry, lease, dataset }: Flags
): Promise<{ readonly entries: readonly Entry[]; readonly record?: object | undefined }> {
  const found: Entry[] = [];
  const { replica, size } = await readWhole(folder, each => {
    const { command } = each.signed.envelope;
    const isAsked =
      (entry !== undefined && each.index === Number(entry)) ||
      (lease !== undefined && 'lease' in command && command.lease === lease) ||
      (dataset !== undefined && 'dataset' in command && command.dataset === dataset);
    if (isAsked || [entry, lease, dataset].every(one => one === undefined)) {
      found.push(each);
      found.splice(0, isAsked ? 0 : found.length - LAST);
    }
  });
  const record =
    lease !== undefined
      ? replica.record('lease', lease)
      : dataset === undefined
        ? undefined
        : replica.record('dataset', dataset);
  if ((lease ?? dataset) !== undefined && record === undefined) {
    throw new LedgerError(
      'NOT_FOUND',
      `There is no ${lease === undefined ? 'dataset' : 'lease'} ${shown(lease ?? dataset ?? '')} in ${folder}.`
    );
  }
  if (entry !== undefined && found.length === 0) {
    throw new LedgerError('NOT_FOUND', `There is no entry ${entry} in ${folder}: the log has ${size}.`);
  }
  return { entries: found, record };
}

async function readWhole(folder: string, each: (entry: Entry) => void): ReturnType<typeof readLog> {
  try {
    return await readLog(folder, {
      trusted: Infinity,
      onEntries: entries => {
        entries.forEach(each);
        return Promise.resolve();
      }
    });
  } catch (error) {
    // Says what is missing, if that is the matter.
    await verifyLog(folder);
    throw error;
  }
}

function line({ index, time: when, signed: { envelope }, events }: Entry): string {
  const { user, organization, command } = envelope;
  const about = events.map(({ type }) => type).join(', ');
  return `${index}  ${time(when)}  ${shown(user)} of ${organization}: ${command.type} (${about})`;
}
