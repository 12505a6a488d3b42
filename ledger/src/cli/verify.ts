import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import { verifyLog, type Verification } from '../embedded/verify.js';
import { parseCheckpoint } from '../note/checkpoint.js';
import { parseNote } from '../note/signed-note.js';
import { isAddress, withDownload } from '../remote/download.js';
import { shown } from '../shown.js';
import { outputOption, print, progress, verifierFlag, type OutputFlags } from './output.js';

interface Flags extends OutputFlags {
  readonly key?: string;
  readonly from?: string;
  readonly maxSize?: number;
}

/** `verify DIR | URL` */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('compute a log again from its bytes: hashes, signatures, decisions and the signed checkpoint')
    .argument('<log>', 'folder of the log, or address of the ledger API of a platform')
    .option('--key <verifier>', 'the key that must have signed the checkpoint, as in log.pub; needed with an address')
    .option('--from <file>', 'a checkpoint that you kept: the log must still begin with what it covers')
    .addOption(
      new Option(
        '--max-size <MiB>',
        'the largest log to copy from an address; absent: what there is room for'
      ).argParser(value => mebibytes(value, program))
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nThe token for a platform is read from JUPYTERHUB_API_TOKEN.' +
        '\n\nExit codes: 0 the log is whole, 1 it is not, 2 it could not be checked.'
    )
    .exitOverride()
    .action(async (log: string, flags: Flags) => {
      const key = flags.key === undefined ? undefined : verifierFlag('--key', flags.key, program);
      const from = flags.from === undefined ? undefined : await keptCheckpoint(flags.from, program);
      const counter = progress('verifying');
      const run = (folder: string): Promise<Verification> => verifyLog(folder, { key, from, onProgress: counter.at });
      const remote = isAddress(log);
      if (remote && key === undefined) {
        program.error(
          'error INVALID: give the key of the log with --key: one that came with the log would prove nothing'
        );
      }
      const result = await (remote ? withDownload(log, run, { log: flags.maxSize }) : run(log)).finally(counter.end);
      print(result, flags, () => describe(result));
    });
}

/** Bytes of the longest checkpoint: a hundred signatures. What is longer is another file. */
const CHECKPOINT = 64 * 1024;

/** Reads the checkpoint that somebody kept; ends the program when the file is another. */
async function keptCheckpoint(file: string, program: Command): Promise<string> {
  const note = await text(createReadStream(file, { end: CHECKPOINT }));
  return parseCheckpoint(parseNote(note)?.text ?? '') === undefined
    ? program.error(
        `error INVALID: ${shown(file)} is no signed checkpoint. Give with --from a copy of the file "checkpoint" of the log, which you made before.`
      )
    : note;
}

/** @returns bytes */
function mebibytes(value: string, program: Command): number {
  return /^[1-9]\d{0,8}$/.test(value)
    ? Number(value) * 1024 ** 2
    : program.error('error INVALID: --max-size must be a number of MiB, such as 4096');
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
