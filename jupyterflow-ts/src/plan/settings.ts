import { cronNodes } from '../check/schedules.js';
import { parseCron } from '../check/cron.js';
import { paramOfKey } from '../check/cache-keys.js';
import { envFromOf } from '../check/object-names.js';
import type { Params } from '../expression/fill.js';
import { itemsOf, valueOf, type MapNode, type SourceNode } from '../source/node.js';
import type { PlanCache, PlanEnvSource, PlanResources, PlanRetry, PlanSchedule } from './plan.js';
import { booleanOf, defined, durationOf, numberOf, textOf, textsOf } from './read.js';

/** Both spellings; in that of Kubernetes a job is given what it may use. */
export function resourcesOf(node: SourceNode | undefined): PlanResources {
  const [limits, requests] = [valueOf(node, 'limits'), valueOf(node, 'requests')];
  const amount = (key: string, long = key): string | undefined =>
    textOf(valueOf(node, key)) ?? textOf(valueOf(limits, long)) ?? textOf(valueOf(requests, long));
  const gpu = valueOf(node, 'gpu');
  const type = textOf(valueOf(gpu, 'type'));
  const count = Number(textOf(valueOf(gpu, 'count')) ?? amount('gpu', 'nvidia.com/gpu') ?? 0);
  return defined<PlanResources>({
    cpu: amount('cpu'),
    memory: amount('memory'),
    disk: amount('disk', 'ephemeral-storage'),
    gpu: count > 0 ? { count, ...(type === undefined ? {} : { type }) } : undefined
  });
}

/** How often a job is tried again, and how. */
export function retriesOf(node: SourceNode | undefined): { readonly retries: number; readonly retry?: PlanRetry } {
  if (node?.kind !== 'map') return { retries: numberOf(node) ?? 0 };
  const on = textOf(valueOf(node, 'on'));
  const retry = defined<PlanRetry>({
    backoff: durationOf(valueOf(node, 'backoff')),
    factor: numberOf(valueOf(node, 'factor')),
    max: durationOf(valueOf(node, 'max')),
    on: on === 'failure' || on === 'error' || on === 'always' ? on : undefined
  });
  const retries = numberOf(valueOf(node, 'limit')) ?? 0;
  return Object.keys(retry).length === 0 ? { retries } : { retries, retry };
}

/** `params` stands for every parameter of the file. */
export function cacheOf(node: SourceNode | undefined, params: Params): PlanCache | undefined {
  if (booleanOf(node) === true) return { files: [] };
  if (node?.kind !== 'map') return undefined;
  const keys = textsOf(itemsOf(valueOf(node, 'key')));
  const isParams = (key: string): boolean => key === 'params' || paramOfKey(key) !== undefined;
  const files = keys.filter(key => !isParams(key));
  const named = keys.filter(isParams).flatMap(key => paramOfKey(key) ?? [...params.keys()]);
  return named.length === 0 && !keys.includes('params') ? { files } : { files, params: [...new Set(named)] };
}

export function scheduleOf(node: SourceNode | undefined): PlanSchedule | undefined {
  const crons = cronNodes(node).flatMap(line => {
    const cron = parseCron(line.text);
    return typeof cron === 'string' ? [cron] : [];
  });
  if (crons.length === 0) return undefined;
  const concurrency = textOf(valueOf(node, 'concurrency'));
  return defined<PlanSchedule>({
    crons,
    timezone: textOf(valueOf(node, 'timezone')),
    concurrency:
      concurrency === 'Allow' || concurrency === 'Forbid' || concurrency === 'Replace' ? concurrency : undefined,
    startingDeadline: durationOf(valueOf(node, 'startingDeadline')),
    suspend: booleanOf(valueOf(node, 'suspend'))
  });
}

/** The sets of variables of a level of the file; absent when it says nothing of them. */
export function envSourcesOf(map: MapNode | undefined): readonly PlanEnvSource[] | undefined {
  if (map === undefined || (valueOf(map, 'envFrom') ?? valueOf(map, 'env_from')) === undefined) return undefined;
  return envFromOf(map).flatMap(source => {
    const secret = valueOf(source, 'secretRef');
    const reference = secret ?? valueOf(source, 'configMapRef');
    const name = textOf(valueOf(reference, 'name'));
    if (name === undefined) return [];
    const prefix = textOf(valueOf(source, 'prefix'));
    return [
      {
        kind: secret === undefined ? ('configMap' as const) : ('secret' as const),
        name,
        ...(prefix === undefined || prefix === '' ? {} : { prefix }),
        ...(booleanOf(valueOf(reference, 'optional')) === true ? { optional: true } : {})
      }
    ];
  });
}
