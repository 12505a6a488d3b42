import type { Lease } from '@jupyterflow/schema';
import { parseDuration } from '../../../plan/units.js';
import { durationWords, isoDuration, parseIsoDuration } from '../../durations.js';
import { EXIT, Failure } from '../../failure.js';
import { Interrupt } from '../../interrupt.js';
import { openPlatform } from '../../open-backend.js';
import { printValue } from '../../output.js';
import type { PlatformApi } from '../../platform/api.js';
import { getDataset, getLease } from '../../platform/datasets.js';
import { pollUntil } from '../../poll.js';
import type { PlatformFlags } from '../../settings.js';
import { harmless, print, say } from '../../terminal.js';
import { howToUse } from './show.js';

interface OutputFlags extends PlatformFlags {
  readonly output: string;
}

export interface LeaseFlags extends OutputFlags {
  readonly purpose: string;
  readonly duration?: string;
  readonly wait?: boolean;
  readonly timeout?: string;
}

/** Asks for a lease; with --wait until its owner has decided. */
export async function leaseCommand(reference: string, flags: LeaseFlags): Promise<number> {
  const { purpose, duration, wait, timeout } = flags;
  const api = await openPlatform(flags);
  const { id } = await getDataset(api, reference);
  const asked = await api.write<Lease>(`/datasets/${id}/leases`, {
    purpose,
    ...(duration === undefined ? {} : { duration: isoOf(duration) })
  });
  if (asked.state !== 'requested' || wait !== true) return tell(asked, flags.output);
  const interrupt = new Interrupt();
  say(`asked ${asked.owner} for ${called(asked)}; waiting for the answer\n`);
  const ends = timeout === undefined ? [] : [AbortSignal.timeout(parseDuration(timeout) * 1000)];
  const signal = AbortSignal.any([interrupt.signal, ...ends]);
  const decided = await pollUntil(() => api.json<Lease>(`/leases/${asked.id}`, { signal }), isDecided, signal).finally(
    () => interrupt.dispose()
  );
  if (decided !== undefined) return tell(decided, flags.output);
  const hint = `See \`jupyterflow datasets show ${called(asked)}\`; take it back: jupyterflow datasets release ${asked.id}`;
  const exit = interrupt.signal.aborted ? EXIT.interrupted : EXIT.timeout;
  throw new Failure(exit, `${asked.owner} has not answered yet; the question stays`, { code: 'NOT_DECIDED', hint });
}

export interface EndFlags extends OutputFlags {
  readonly reason?: string;
}

/** Gives a lease back, or takes the question for one back. */
export async function releaseCommand(reference: string, flags: EndFlags): Promise<number> {
  const { reason } = flags;
  return act(await openPlatform(flags), reference, 'release', reason === undefined ? {} : { reason }, flags.output);
}

export interface RenewFlags extends OutputFlags {
  readonly duration?: string;
}

/** Makes a lease longer, from now on. */
export async function renewCommand(reference: string, flags: RenewFlags): Promise<number> {
  const { duration } = flags;
  const body = duration === undefined ? {} : { duration: isoOf(duration) };
  return act(await openPlatform(flags), reference, 'renew', body, flags.output);
}

async function act(
  api: PlatformApi,
  reference: string,
  action: 'release' | 'renew',
  body: object,
  output: string
): Promise<number> {
  const { id } = await getLease(api, reference);
  return tell(await api.write<Lease>(`/leases/${id}/${action}`, body), output);
}

function isDecided({ state }: Lease): boolean {
  return state !== 'requested';
}

async function tell(lease: Lease, output: string): Promise<number> {
  if (output === 'name') print(`${lease.id}\n`);
  else if (output === 'text') print(harmless(sentenceOf(lease)));
  else await printValue(lease, output);
  if (lease.state !== 'denied') return EXIT.ok;
  const why = lease.reason === undefined ? '' : `: ${lease.reason}`;
  throw new Failure(EXIT.refused, `${lease.owner} did not allow it${why}`, { code: 'DENIED' });
}

function sentenceOf(lease: Lease): string {
  const { id, state, owner, datasetName, expiresAt, renewalsLeft } = lease;
  const name = called(lease);
  if (state === 'requested') return `asked ${owner} for ${name}: ${id}\n`;
  if (state === 'released') return `${name} is given back\n`;
  if (state !== 'active') return `${name}: ${state}\n`;
  const left =
    expiresAt === undefined ? '' : ` until ${expiresAt}, ${durationWords(Date.parse(expiresAt) - Date.now())}`;
  const renewals = `${renewalsLeft} renewal${renewalsLeft === 1 ? '' : 's'} left`;
  return `${name} is yours${left}, ${renewals}\n${howToUse({ owner, name: datasetName, lease })}`;
}

function called({ owner, datasetName }: Lease): string {
  return `${owner}/${datasetName}`;
}

/** As the API wants it: `4h` is PT4H; what is ISO 8601 already stays. */
function isoOf(text: string): string {
  return parseIsoDuration(text) === undefined ? isoDuration(parseDuration(text)) : text;
}
