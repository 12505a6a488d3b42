import type { Command } from 'commander';
import { FILES } from '../embedded/files.js';
import { readLog, type LogRead } from '../embedded/read-log.js';
import { verifyLog, type Verification } from '../embedded/verify.js';
import { LedgerError } from '../errors.js';
import type { Entry } from '../ledger.js';
import { time } from '../rules/wording.js';
import { shown } from '../shown.js';
import { outputOption, print, type OutputFlags } from './output.js';

/** Kinds of records that can be shown, each by its flag. */
const KINDS = ['lease', 'dataset', 'organization'] as const;
type Asked = Partial<Record<(typeof KINDS)[number] | 'entry', string>>;
type Flags = OutputFlags & Readonly<Asked>;

/** `show DIR [--entry N | --lease ID | --dataset ID | --organization ID]` */
export function addShow(program: Command): void {
  program
    .command('show')
    .description(
      'show what a log says: of an entry, a lease, a dataset or an organization; else how large it is and how it ends'
    )
    .argument('<folder>', 'folder of the log; it may be in use')
    .option('--entry <index>', 'one entry')
    .option('--lease <id>', 'a lease, and the entries about it')
    .option('--dataset <id>', 'a dataset, and the entries about it')
    .option('--organization <id>', 'an organization with its public key, and how it got it')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 it is shown, 1 it is shown and the log does not verify: as of before the place that is damaged,' +
        '\nor not as it was signed, 2 there is no such thing, or it could not be read.'
    )
    .exitOverride()
    .action(async (folder: string, flags: Flags) => {
      if ((['entry', ...KINDS] as const).filter(one => flags[one] !== undefined).length > 1) {
        program.error('error INVALID: give one of --entry, --lease, --dataset and --organization');
      }
      if (flags.entry !== undefined && !/^\d{1,15}$/.test(flags.entry)) {
        program.error('error INVALID: --entry must be a number, from 0');
      }
      const { entries, record, damage } = await find(folder, flags);
      const result = { ok: damage === undefined, damage, record, entries };
      print(result, flags, () =>
        [...(record === undefined ? [] : [JSON.stringify(record, null, 2)]), ...entries.map(line)].join('\n')
      );
      if (damage !== undefined) {
        process.stderr.write(`warning: ${damage}\n`);
      }
    });
}

/** How many entries are shown of a whole log. */
const LAST = 10;

async function find(
  folder: string,
  asked: Asked
): Promise<{
  readonly entries: readonly Entry[];
  readonly record: object | undefined;
  readonly damage: string | undefined;
}> {
  const { entry } = asked;
  const kind = KINDS.find(one => asked[one] !== undefined);
  const found: Entry[] = [];
  const { replica, size, result } = await readWhole(folder, entries => {
    if (entry === undefined && kind === undefined) {
      found.push(...entries.slice(-LAST));
      found.splice(0, found.length - LAST);
    } else {
      found.push(...entries.filter(each => isAbout(each, asked)));
    }
    return Promise.resolve();
  });
  const damage = damageOf(folder, result, size);
  const but = damage === undefined ? '' : ` But ${damage}.`;
  if (entry !== undefined && found.length === 0) {
    throw new LedgerError('NOT_FOUND', `There is no entry ${entry} in ${folder}: the log has ${size}.${but}`);
  }
  const id = kind === undefined ? '' : (asked[kind] ?? '');
  const record = kind === undefined ? undefined : replica.record(kind, id);
  if (kind !== undefined && record === undefined) {
    throw new LedgerError('NOT_FOUND', `There is no ${kind} ${shown(id)} in ${folder}.${but}`);
  }
  return { entries: found, record, damage };
}

function isAbout({ index, signed, events }: Entry, { entry, lease, dataset, organization }: Asked): boolean {
  const { command } = signed.envelope;
  return (
    (entry !== undefined && index === Number(entry)) ||
    (lease !== undefined && 'lease' in command && command.lease === lease) ||
    (dataset !== undefined && 'dataset' in command && command.dataset === dataset) ||
    (organization !== undefined && events.some(one => 'organization' in one && one.organization.id === organization))
  );
}

/** Why what is shown may not be what was signed: a log that can be read is not yet one that verifies. */
function damageOf(folder: string, result: Verification, size: number): string | undefined {
  if (result.ok) {
    return undefined;
  }
  const { file, entry, problem } = result;
  const what = file === FILES.publicKey ? 'it is missing or damaged' : problem;
  const where = entry === undefined ? `${file} is damaged (${what})` : `the log is damaged at entry ${entry} (${what})`;
  const rest =
    entry === undefined || entry < size ? 'what is shown may not be what was signed' : 'what follows is not shown';
  return `${where}; ${rest}: run "jupyterflow-ledger fsck ${folder}"`;
}

/** Reads a log and verifies it, or only reads it where there is nothing to verify it against. */
async function readWhole(
  folder: string,
  onEntries: (entries: readonly Entry[]) => Promise<void>
): Promise<LogRead & { readonly result: Verification }> {
  let log: LogRead | undefined;
  const result = await verifyLog(folder, { onEntries, onRead: read => (log = read) });
  log ??= await readLog(folder, { trusted: Infinity, onEntries });
  return { ...log, result };
}

function line({ index, time: when, signed: { envelope }, events }: Entry): string {
  const { user, organization, command } = envelope;
  const about = events.map(({ type }) => type).join(', ');
  return `${index}  ${time(when)}  ${shown(user)} of ${organization}: ${command.type} (${about})`;
}
