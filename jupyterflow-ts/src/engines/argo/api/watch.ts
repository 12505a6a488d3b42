import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesObject } from '../objects.js';
import { pathOf, type KubernetesClient } from './client.js';
import { linesOf } from './lines.js';
import { KubernetesError } from './problem.js';

/** How long one watch lasts before it is begun again, in seconds. */
const WATCH_SECONDS = 240;
const POLL_MS = 2000;
/** Looks in a row that may fail because the cluster can't be reached. */
const PATIENCE = 10;

interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T & { readonly code?: number; readonly message?: string };
}

/**
 * An object now and after each change, until it is deleted (undefined comes last) or the signal aborts.
 * Survives what ends a watch: its time, a version that is too old, a server that is away for a while, a missing right.
 * @param collection Path of the collection that the object is in.
 * @param pollMs Pause between looks where watching is not allowed, in milliseconds.
 * @throws KubernetesError when the object can't be had, or the cluster stays away.
 */
export async function* watchObject<T extends KubernetesObject>(
  client: KubernetesClient,
  collection: string,
  name: string,
  signal: AbortSignal,
  pollMs = POLL_MS
): AsyncGenerator<T | undefined> {
  const trouble: Trouble = { mayWatch: true, failures: 0 };
  const isOver = (): boolean => signal.aborted;
  let shown: string | undefined;
  while (!isOver()) {
    try {
      for await (const object of lookAndFollow<T>(client, collection, name, trouble, signal)) {
        trouble.failures = 0;
        if (object === undefined || object.metadata.resourceVersion !== shown) yield object;
        if (object === undefined) return;
        shown = object.metadata.resourceVersion;
      }
      if (!trouble.mayWatch) await wait(pollMs, signal);
    } catch (error) {
      if (isOver()) return;
      await wait(pauseAfter(error, trouble), signal);
    }
  }
}

interface Trouble {
  /** False where the right to watch is missing. */
  mayWatch: boolean;
  /** In a row. */
  failures: number;
}

/** How long to wait before the next look, in milliseconds; throws what waiting does not mend. */
function pauseAfter(error: unknown, trouble: Trouble): number {
  if (!(error instanceof KubernetesError)) throw error;
  if (error.code === 'GONE') return 0;
  if (error.code === 'FORBIDDEN' && error.rule?.verb === 'watch' && trouble.mayWatch) {
    trouble.mayWatch = false;
    return 0;
  }
  trouble.failures += 1;
  if (!['UNREACHABLE', 'BUSY'].includes(error.code) || trouble.failures > PATIENCE) throw error;
  return 100 * 2 ** Math.min(trouble.failures, 6);
}

/** The object as it is, then one watch to its end. */
async function* lookAndFollow<T extends KubernetesObject>(
  client: KubernetesClient,
  collection: string,
  name: string,
  { mayWatch }: Trouble,
  signal: AbortSignal
): AsyncGenerator<T | undefined> {
  const object = await find<T>(client, collection, name, signal);
  yield object;
  if (object === undefined || !mayWatch) return;
  yield* changes<T>(client, collection, name, object.metadata.resourceVersion, signal);
}

async function find<T extends KubernetesObject>(
  client: KubernetesClient,
  collection: string,
  name: string,
  signal: AbortSignal
): Promise<T | undefined> {
  try {
    const object = await client.json<T>({ path: `${collection}${pathOf(name)}`, signal });
    return object.metadata.deletionTimestamp === undefined ? object : undefined;
  } catch (error) {
    if (error instanceof KubernetesError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** One watch, to its end. */
async function* changes<T extends KubernetesObject>(
  client: KubernetesClient,
  collection: string,
  name: string,
  resourceVersion: string | undefined,
  signal: AbortSignal
): AsyncGenerator<T | undefined> {
  const query = {
    watch: true,
    fieldSelector: `metadata.name=${name}`,
    allowWatchBookmarks: true,
    timeoutSeconds: WATCH_SECONDS,
    resourceVersion
  };
  for await (const line of linesOf(client.stream({ path: collection, query, signal }))) {
    const { type, object } = JSON.parse(line) as WatchEvent<T>;
    if (type === 'ERROR') throw new KubernetesError(object.code === 410 ? 'GONE' : 'BUSY', object.message ?? 'error');
    if (type === 'DELETED') yield undefined;
    else if (type !== 'BOOKMARK') yield object;
  }
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}
