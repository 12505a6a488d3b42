import { argvOf } from '../check/commands.js';
import type { Edge } from '../check/edges.js';
import { envEntries } from '../check/environment.js';
import { settingOf, type JobModel, type Model } from '../check/model.js';
import { normalPath } from '../check/paths.js';
import { isString, itemsOf, valueOf, type SourceNode } from '../source/node.js';
import { dnsLabel, MAX_LABEL, MAX_RUN_NAME } from './names.js';
import type { Plan, PlanEnv, PlanJob, PlanResources, PlanVolume } from './plan.js';
import { parseDuration } from './units.js';

/** The plan of a file in which the rules found no error. */
export function makePlan(model: Model, edges: readonly Edge[], name: string): Plan {
  const parallelism = numberOf(valueOf(model.root, 'parallelism'));
  const deadline = durationOf(valueOf(model.root, 'deadline'));
  const failFast = valueOf(model.root, 'failFast');
  const parents = parentsOf(model, edges);
  const volumeNames = new VolumeNames();
  return {
    name: dnsLabel(name, MAX_RUN_NAME),
    jobs: model.jobs.map(job => makeJob(model, job, parents[job.index] ?? [], volumeNames)),
    ...(parallelism === undefined ? {} : { parallelism }),
    failFast: !(failFast?.kind === 'scalar' && failFast.value === false),
    ...(deadline === undefined ? {} : { deadline })
  };
}

function parentsOf(model: Model, edges: readonly Edge[]): readonly (readonly string[])[] {
  const parents = model.jobs.map(() => new Set<number>());
  for (const { from, to } of edges) parents[to]?.add(from);
  return parents.map(indexes => [...indexes].sort((a, b) => a - b).map(index => model.jobs[index]?.name ?? ''));
}

function makeJob(model: Model, job: JobModel, dependsOn: readonly string[], names: VolumeNames): PlanJob {
  const setting = (key: string): SourceNode | undefined => settingOf(model, job, key);
  const workdir = textOf(setting('workdir'));
  const image = textOf(setting('image'));
  const policy = textOf(setting('imagePullPolicy'));
  const timeout = durationOf(setting('timeout'));
  return {
    name: job.name,
    argv: argvOf(model, job),
    dependsOn,
    env: mergeEnv(valueOf(model.root, 'env'), valueOf(job.map, 'env')),
    volumes: itemsOf(setting('volumes')).map(volume => makeVolume(volume, names)),
    ...(workdir === undefined ? {} : { workdir: normalPath(workdir) || '.' }),
    ...(image === undefined ? {} : { image }),
    ...(policy === 'Always' || policy === 'IfNotPresent' || policy === 'Never' ? { imagePullPolicy: policy } : {}),
    retries: numberOf(setting('retries')) ?? 0,
    ...(timeout === undefined ? {} : { timeout }),
    resources: makeResources(setting('resources'))
  };
}

/** A job's variable wins over the default of its name, and stays at its place. */
function mergeEnv(defaults: SourceNode | undefined, own: SourceNode | undefined): readonly PlanEnv[] {
  const merged = new Map([...envEntries(defaults), ...envEntries(own)].map(({ name, value }) => [name, value]));
  return [...merged].map(([name, value]) => ({ name, value }));
}

function makeVolume(volume: SourceNode, names: VolumeNames): PlanVolume {
  const lease = textOf(valueOf(volume, 'lease'));
  const ref = lease ?? textOf(valueOf(volume, 'dataset')) ?? textOf(valueOf(volume, 'id')) ?? '';
  const kind =
    lease !== undefined || (valueOf(volume, 'id') !== undefined && ref.startsWith('ls_')) ? 'lease' : 'dataset';
  const subPath = normalPath(textOf(valueOf(volume, 'subPath')) ?? '');
  return {
    name: names.nameOf(`${kind} ${ref}`, textOf(valueOf(volume, 'name')) ?? ref),
    kind,
    ref,
    mountPath: normalPath(textOf(valueOf(volume, 'path')) ?? ''),
    ...(subPath === '' ? {} : { subPath })
  };
}

/** One name for one source in the whole plan, whatever each job calls it. */
class VolumeNames {
  readonly #bySource = new Map<string, string>();
  readonly #taken = new Set<string>();

  nameOf(source: string, wish: string): string {
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const label = dnsLabel(wish, MAX_LABEL - 6);
    let name = label;
    for (let count = 2; this.#taken.has(name); count++) name = `${label}-${count}`;
    this.#bySource.set(source, name);
    this.#taken.add(name);
    return name;
  }
}

function makeResources(node: SourceNode | undefined): PlanResources {
  const cpu = textOf(valueOf(node, 'cpu'));
  const memory = textOf(valueOf(node, 'memory'));
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}

function textOf(node: SourceNode | undefined): string | undefined {
  if (isString(node)) return node.value;
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

function numberOf(node: SourceNode | undefined): number | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
}

function durationOf(node: SourceNode | undefined): number | undefined {
  const text = textOf(node);
  return text === undefined ? undefined : parseDuration(text);
}
