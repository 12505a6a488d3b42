import { once } from 'node:events';
import type { Server } from 'node:http';
import { Option, type Command } from 'commander';
import { openWitnessFolder } from '../witness/folder.js';
import { serveWitness } from '../witness/serve.js';
import { Witness } from '../witness/witness.js';
import { verifierFlag } from './output.js';

interface Flags {
  readonly folder: string;
  readonly name: string;
  readonly listen?: string;
  readonly log: readonly string[];
  readonly showKey?: true;
}

/** `witness` */
export function addWitness(program: Command): void {
  program
    .command('witness')
    .description('watch over logs for an organization: cosign that a log only grows, and that its time is right')
    .requiredOption('--folder <folder>', 'where the key and what was seen are kept; made when it is not there')
    .requiredOption('--name <id>', 'id of the organization on the ledger')
    .option('--listen <host:port>', 'where the log may ask, such as 127.0.0.1:8471', '127.0.0.1:8471')
    .addOption(
      new Option('--log <verifier>', 'the key of a log, as in its log.pub; once for each log')
        .argParser((value: string, before?: readonly string[]) => [...(before ?? []), value])
        .default([])
    )
    .option('--show-key', 'print the public key that the organization joins the ledger with, and end')
    .addHelpText(
      'after',
      '\nRun it on a machine of the organization, not on that of the log.' +
        '\nDo not put its folder back from a copy: that would be a witness that forgot what it cosigned since, and would' +
        '\ncosign a fork. Begin anew in an empty folder then, and rotate the witness key of the organization. At most' +
        '\nwitness.key is worth a copy, for the case that it alone is lost.' +
        '\nIt refuses a log that shows another history than before; where two signed checkpoints prove that, they are kept' +
        '\nin fork-*.txt.' +
        '\n\nExit codes: 0 it was stopped, 2 it could not start.'
    )
    .exitOverride()
    .action((flags: Flags) => run(flags, program));
}

async function run(flags: Flags, program: Command): Promise<void> {
  const { folder, name } = flags;
  const logs = flags.log.map(line => verifierFlag('--log', line, program));
  const twice = logs.find(({ name: origin }, n) => logs.findIndex(log => log.name === origin) !== n);
  if (twice !== undefined) {
    program.error(
      `error INVALID: two --log are for ${twice.name}: a witness tells logs apart by their names; watch each with a witness of its own`
    );
  }
  const opened = await openWitnessFolder(
    folder,
    name,
    logs.map(log => log.name)
  );
  try {
    if (flags.showKey === true) {
      process.stdout.write(`${opened.publicKey}\n`);
      return;
    }
    if (logs.length === 0) {
      program.error('error INVALID: name a log with --log and the line in its log.pub');
    }
    const witness = new Witness({ name, ...opened, logs, clock: Date.now });
    const server = await listen(witness, flags.listen ?? '', program);
    const { port } = server.address() as { readonly port: number };
    process.stdout.write(`the witness of ${name} listens on port ${port}\n`);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  } finally {
    await opened.close();
  }
}

async function listen(witness: Witness, where: string, program: Command): Promise<Server> {
  try {
    return await serveWitness(witness, address(where, program));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) {
      throw error;
    }
    return program.error(`error ${listenProblem(error as NodeJS.ErrnoException, where)}`);
  }
}

function listenProblem({ code = '' }: NodeJS.ErrnoException, where: string): string {
  return code === 'EADDRINUSE'
    ? `PORT_IN_USE: another program listens on ${where}. Stop that program, or choose another port with --listen.`
    : `CANNOT_LISTEN: this machine does not let it listen on ${where} (${code}). Choose another host and port with --listen.`;
}

function address(listen: string, program: Command): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(listen) ?? [];
  return host === undefined || Number(port) > 65_535
    ? program.error('error INVALID: --listen must be like 127.0.0.1:8471')
    : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
