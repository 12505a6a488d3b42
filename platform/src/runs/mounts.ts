import { leaseState, type DatasetRecord, type LeaseRecord, type Ledger } from '@jupyterflow/ledger';
import type { Range } from '@jupyterflow/schema';
import type { Mount, Plan, PlanVolume } from 'jupyterflow-ts';
import { allJobs } from 'jupyterflow-ts/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Member } from '../auth/identity.js';
import { descriptionOf } from '../datasets/describe.js';
import type { DatasetService } from '../datasets/service.js';
import type { Database } from '../db/tables.js';
import { Problem, type ProblemExtra } from '../http/problem.js';
import { findLease, heldLease, type LeaseRow } from '../leases/store.js';
import type { NamedLease } from '../leases/watch.js';
import { StorageError, resolveDirectory } from '../storage/directory.js';
import type { Fences, Grant } from '../storage/fences.js';
import { UnsealError } from '../vault/seal.js';
import type { Vault } from '../vault/vault.js';

/** A workflow file as it came. */
export interface SourceText {
  readonly text: string;
  readonly file: string;
}

/** What the volumes of a plan come to. */
export interface Resolved {
  /** By job. */
  readonly mounts: ReadonlyMap<string, readonly Mount[]>;
  /** Each once, in the order of the plan. */
  readonly leases: readonly NamedLease[];
  /** Names of the jobs that mount a lease, by its id. */
  readonly jobs: ReadonlyMap<string, ReadonlySet<string>>;
  /** What each job mounts for, by its name: to be checked again when it starts. */
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
}

/** Everything that volumes are resolved with. */
export interface ResolveOptions {
  readonly db: Database;
  readonly datasets: DatasetService;
  readonly ledger: Pick<Ledger, 'dataset'>;
  readonly vault: Vault;
  readonly fences: Fences;
  readonly dataRoot: (organization: string) => string;
  readonly log: FastifyBaseLogger;
}

/**
 * Finds for each volume of a plan the active lease of the caller, and behind it the folder to mount.
 * @param now - ms
 * @throws Problem for the first volume that can't be mounted, with its place in the source
 */
export async function resolveVolumes(
  options: ResolveOptions,
  caller: Member,
  plan: Plan,
  source: SourceText,
  now: number
): Promise<Resolved> {
  const leases = new Map<string, NamedLease>();
  const mounts = new Map<string, Mount[]>();
  const jobs = new Map<string, Set<string>>();
  const grants = new Map<string, Grant[]>();
  for (const job of allJobs(plan)) {
    const ofJob: Mount[] = [];
    const granted: Grant[] = [];
    for (const volume of job.volumes) {
      const { lease, dataset } = await leaseOf(options, caller, volume, source, now);
      granted.push(await fenced(options, lease, dataset, volume, source));
      leases.set(lease.id, { id: lease.id, title: descriptionOf(dataset).title });
      jobs.set(lease.id, (jobs.get(lease.id) ?? new Set()).add(job.name));
      ofJob.push({ hostPath: await folderOf(options, dataset, volume, source), mountPath: volume.mountPath });
    }
    mounts.set(job.name, ofJob);
    grants.set(job.name, granted);
  }
  return { mounts, leases: [...leases.values()], jobs, grants };
}

async function leaseOf(
  options: ResolveOptions,
  caller: Member,
  volume: PlanVolume,
  source: SourceText,
  now: number
): Promise<LeaseRow> {
  const { db } = options;
  const { ref, kind } = volume;
  if (kind === 'dataset') {
    const dataset = await placed(options.datasets.find(caller, ref, 'dataset:read'), source, ref);
    const held = await heldLease(db, dataset.id, { user: caller.user, organization: caller.organization.id, now });
    if (held) return held;
    throw at(
      source,
      ref,
      'LEASE_NOT_ACTIVE',
      `You hold no lease of ${called(dataset)} now. Lease it in the DataExplorer, then run again.`,
      { dataset: dataset.id }
    );
  }
  const row = await findLease(db, ref);
  // The stewards of its owner may look at a lease, but only its holder may use it.
  if (!row || row.lease.user !== caller.user || row.lease.organization !== caller.organization.id) {
    throw at(
      source,
      ref,
      'UNKNOWN_LEASE',
      `You have no lease ${ref.slice(0, 80)}. Name one that you hold, or the dataset.`
    );
  }
  const state = leaseState(row.lease, now);
  if (state === 'active') return row;
  throw at(
    source,
    ref,
    'LEASE_NOT_ACTIVE',
    `Lease ${ref} of ${called(row.dataset)} is ${state}. Lease the dataset again in the DataExplorer, then run again.`,
    { lease: ref, dataset: row.dataset.id }
  );
}

/** Remembers for good which grant data is mounted for, so that no older one is mounted any more. */
async function fenced(
  { ledger, fences }: ResolveOptions,
  { id, fencing }: LeaseRecord,
  dataset: DatasetRecord,
  volume: PlanVolume,
  source: SourceText
): Promise<Grant> {
  const grant = { dataset: dataset.id, lease: id, fencing };
  const now = await ledger.dataset(dataset.id);
  if (now) await fences.raise(dataset.id, now);
  const problem = fences.problem(grant);
  if (problem === undefined) return grant;
  throw at(
    source,
    volume.ref,
    'FENCED',
    `${capital(problem)}. Lease the dataset again in the DataExplorer, then run again.`,
    {
      lease: id,
      dataset: dataset.id
    }
  );
}

async function folderOf(
  options: ResolveOptions,
  dataset: DatasetRecord,
  volume: PlanVolume,
  source: SourceText
): Promise<string> {
  if (dataset.state === 'retired') {
    throw at(
      source,
      volume.ref,
      'WRONG_STATE',
      `${called(dataset)} was retired by ${dataset.owner}: its data can not be mounted any more.`,
      {
        dataset: dataset.id
      }
    );
  }
  try {
    const storage = await options.vault.open(dataset);
    return await resolveDirectory(options.dataRoot(dataset.owner), storage, volume.subPath);
  } catch (error) {
    if (!(error instanceof StorageError || error instanceof UnsealError)) throw error;
    options.log.error({ dataset: dataset.id, reason: error.message }, 'a dataset can not be mounted');
    const what = volume.subPath === undefined ? '' : ` (or has no folder ${volume.subPath})`;
    throw at(
      source,
      volume.ref,
      'INVALID_STORAGE',
      `The data of ${called(dataset)} is not where it should be${what}. Tell its owner, ${dataset.owner}.`,
      {
        dataset: dataset.id
      }
    );
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const called = (dataset: DatasetRecord): string => `${descriptionOf(dataset).title} (${dataset.id})`;

async function placed<T>(found: Promise<T>, source: SourceText, ref: string): Promise<T> {
  try {
    return await found;
  } catch (error) {
    throw error instanceof Problem ? at(source, ref, error.code, error.detail, error.extra) : error;
  }
}

/** A problem at the place of the source where the dataset or lease is named. */
function at(source: SourceText, ref: string, code: Problem['code'], detail: string, extra: ProblemExtra = {}): Problem {
  const range = rangeOf(source.text, ref);
  return range
    ? new Problem(code, `${source.file}:${range.start.line}: ${detail}`, {
        ...extra,
        source: { file: source.file, range }
      })
    : new Problem(code, detail, extra);
}

/** Where a text holds a word first. */
export function rangeOf(text: string, word: string): Range | undefined {
  const offset = word === '' ? -1 : text.indexOf(word);
  if (offset < 0) return undefined;
  const lines = text.slice(0, offset).split('\n');
  const start = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  return { start, end: { line: start.line, column: start.column + word.length } };
}
