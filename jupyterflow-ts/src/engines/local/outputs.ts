import { posix } from 'node:path';
import type { PlanJob } from '../../plan/plan.js';
import type { Home } from '../engine.js';
import { OpenError, openFileBelow, workspacePath, isWithin } from './workspace.js';

/** Longest value of an output, in bytes. */
export const OUTPUT_LIMIT = 256 * 1024;

/** Where jobs see the folder that those of a run share. */
export const TEMPORARY = '/tmp/jupyterflow';

/** Folders of this machine in which the outputs of a job may be. */
export interface OutputRoots {
  readonly home: Home;
  readonly temporary: string;
}

export type Outputs = { readonly values: Readonly<Record<string, string>> } | { readonly missing: string };

/**
 * Where an output is: a root of this machine and a path below it. Undefined when a job could not leave it there.
 * @param workdir Where the job begins, as it sees it.
 */
export function placeOf(path: string, workdir: string, { home, temporary }: OutputRoots): Place | undefined {
  const seen = posix.resolve(workdir, path);
  const workspace = workspacePath(home);
  if (seen.includes('\0') || path.endsWith('/')) return undefined;
  if (isWithin(TEMPORARY, seen) && seen !== TEMPORARY)
    return { root: temporary, path: posix.relative(TEMPORARY, seen) };
  if (isWithin(workspace, seen) && seen !== workspace) {
    return { root: home.hostPath, path: posix.relative(home.mountPath, seen) };
  }
  return undefined;
}

interface Place {
  readonly root: string;
  readonly path: string;
}

/**
 * Reads what a job left as its outputs. The files are the job's, so no link in their paths is followed, and nothing but a
 * file is opened: what a job could not read itself is never read for it.
 */
export async function readOutputs(job: PlanJob, workdir: string, roots: OutputRoots): Promise<Outputs> {
  const values: [string, string][] = [];
  for (const [name, path] of Object.entries(job.outputs ?? {})) {
    const place = placeOf(path, workdir, roots);
    const value = place === undefined ? new OpenError('is nowhere that the job can write') : await readValue(place);
    if (value instanceof OpenError) return { missing: `the output ${name} can't be read: ${path} ${value.message}` };
    values.push([name, value]);
  }
  return { values: Object.fromEntries(values) };
}

async function readValue({ root, path }: Place): Promise<string | OpenError> {
  const file = await openFileBelow(root, path);
  if (file instanceof OpenError) return file;
  try {
    const block = Buffer.alloc(OUTPUT_LIMIT + 2);
    let length = 0;
    for (let read = 1; read > 0 && length < block.length; length += read) {
      read = (await file.read(block, length, block.length - length, length)).bytesRead;
    }
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      withoutBreak(block.subarray(0, length))
    );
    if (Buffer.byteLength(text) > OUTPUT_LIMIT) return new OpenError(`is longer than ${OUTPUT_LIMIT / 1024} KiB`);
    return text.includes('\0') ? new OpenError('holds a NUL character') : text;
  } catch (error) {
    const isText = (error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA';
    return new OpenError(isText ? "can't be read" : 'is no text in UTF-8');
  } finally {
    await file.close();
  }
}

/** A file of text ends with a line break that is not part of its value; Argo takes off one `\n`, and so does this. */
function withoutBreak(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}
