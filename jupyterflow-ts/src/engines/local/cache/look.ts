import { posix } from 'node:path';
import type { PlanJob } from '../../../plan/plan.js';
import type { Mount, Submission } from '../../engine.js';
import { workdirOf } from '../check.js';
import type { Command } from '../command.js';
import { placeOf, readOutputs, type OutputRoots } from '../outputs.js';
import { outputFolder } from '../temporary.js';
import { openWorkspace, workspacePath } from '../workspace.js';
import { inputsOf, TooMuch } from './inputs.js';
import { declaredEnvironment, keyOf, partsOf, whatChanged, type Parts } from './key.js';
import { RESULT_LIMIT, type Found, type ResultFile, type ResultStore } from './store.js';
import { leavesBelow, openFolder, writeBelow } from './tree.js';

/** What is known of a job's result before it runs. */
export type Look =
  /** It always runs. */
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'miss'; readonly key: string; readonly parts: Parts; readonly reason: string }
  | { readonly kind: 'hit'; readonly key: string; readonly found: Found };

/** A job whose result is looked for. */
export interface Subject {
  readonly submission: Submission;
  readonly job: PlanJob;
  readonly mounts: readonly Mount[];
  readonly command: Command;
  /** Keys of the cached jobs before it, by name. */
  readonly parents: Readonly<Record<string, string>>;
  /** The machine's environment of jobs. */
  readonly machine: Readonly<Record<string, string>>;
}

/** Looks for a result that was made of the same things. */
export async function look(store: ResultStore, subject: Subject): Promise<Look> {
  const { submission, job, mounts, command } = subject;
  if (job.cache === undefined) return { kind: 'none', reason: 'it has no cache' };
  const unknown = mounts.find(({ version }) => version === undefined);
  if (unknown) return { kind: 'none', reason: `whether the data at ${unknown.mountPath} changed is not known` };
  try {
    const files = await inputs(subject, job.cache.files);
    const environment = { ...command, env: declaredEnvironment(job, command) };
    const { plan, home } = submission;
    const parts = partsOf({ ...subject, home, params: plan.params, command: environment, files });
    const key = keyOf(parts);
    const found = await store.find(key);
    if (found !== undefined) return { kind: 'hit', key, found };
    return { kind: 'miss', key, parts, reason: await whyMissed(store, subject, parts, key) };
  } catch (error) {
    if (error instanceof TooMuch) return { kind: 'none', reason: error.message };
    throw error;
  }
}

async function inputs({ submission, job, mounts }: Subject, declared: readonly string[]): ReturnType<typeof inputsOf> {
  const seen = workspacePath(submission.home);
  const workdir = posix.relative(seen, workdirOf(job, seen, mounts));
  // A working folder in the data or in /tmp has no files of the user's.
  if (workdir.startsWith('..')) return {};
  const workspace = await openWorkspace(submission.home);
  try {
    return await inputsOf(workspace, workdir, declared);
  } finally {
    await workspace.close();
  }
}

async function whyMissed(store: ResultStore, subject: Subject, parts: Parts, key: string): Promise<string> {
  const last = await store.last(nameOf(subject));
  if (last === undefined) return 'it has no result yet';
  return keyOf(last) === key ? 'its result is not kept any more' : whatChanged(last, parts);
}

/** What a result is made of, and its key. */
export interface Made {
  readonly key: string;
  readonly parts: Parts;
}

/** Keeps what a job left. */
export async function keep(
  store: ResultStore,
  subject: Subject,
  { key, parts }: Made,
  values: Readonly<Record<string, string>>,
  temporary: string
): Promise<void> {
  const files = await filesOf(temporary, subject.job.name);
  if (files === undefined) return;
  await store.put(key, { parts, values, files }, Date.now());
  await store.setLast(nameOf(subject), parts);
}

/** Puts what a job left once to where it would have left it. */
export async function restore(
  { files, values }: Found,
  { submission, job, mounts }: Subject,
  temporary: string
): Promise<void> {
  const root = await openFolder(temporary);
  try {
    for (const { path, content, executable } of files) {
      await writeBelow(root, `${outputFolder(job.name)}/${path}`, content, executable ? 0o755 : 0o644);
    }
  } finally {
    await root.close();
  }
  const roots: OutputRoots = { home: submission.home, temporary };
  const workdir = workdirOf(job, workspacePath(submission.home), mounts);
  for (const [name, path] of Object.entries(job.outputs ?? {})) {
    const value = values[name] ?? '';
    const there = await readOutputs({ ...job, outputs: { [name]: path } }, workdir, roots);
    if ('values' in there && there.values[name] === value) continue;
    const place = placeOf(path, workdir, roots);
    if (place === undefined) continue;
    const folder = await openFolder(place.root);
    await writeBelow(folder, place.path, Buffer.from(`${value}\n`), 0o644).finally(() => folder.close());
  }
}

/** The files of OUTPUT_DIR; undefined when something there can't be kept, or is too much. */
async function filesOf(temporary: string, job: string): Promise<readonly ResultFile[] | undefined> {
  const root = await openFolder(temporary);
  const files: ResultFile[] = [];
  let size = 0;
  try {
    for await (const leaf of leavesBelow(root, outputFolder(job))) {
      if (leaf.kind !== 'file') return undefined;
      const stat = await leaf.file.stat();
      size += stat.size;
      if (size > RESULT_LIMIT.bytes || files.length >= RESULT_LIMIT.files) return undefined;
      const path = posix.relative(outputFolder(job), leaf.path);
      files.push({ path, executable: (stat.mode & 0o100) !== 0, content: await leaf.file.readFile() });
    }
    return files;
  } finally {
    await root.close();
  }
}

/** The same job of the same workflow in the same folder. */
function nameOf({ submission: { home, plan }, job }: Subject): string {
  return [home.hostPath, home.workspace, plan.name, job.name].join('\0');
}
