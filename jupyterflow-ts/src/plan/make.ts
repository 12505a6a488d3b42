import type { CheckedFile } from '../check/check.js';
import { conditionOf } from '../check/conditions.js';
import { nameOfUnit } from '../check/edges.js';
import { envEntries } from '../check/environment.js';
import { settingOf, type JobModel, type Model } from '../check/model.js';
import { normalPath } from '../check/paths.js';
import { isString, itemsOf, valueOf, type MapNode, type ScalarNode, type SourceNode } from '../source/node.js';
import { argumentsOf } from './arguments.js';
import { argvOf } from './argv.js';
import { clusterOf } from './cluster.js';
import { dnsLabel, MAX_RUN_NAME } from './names.js';
import type { Plan, PlanCondition, PlanEnv, PlanEnvValue, PlanJob } from './plan.js';
import { defined, durationOf, numberOf, planTextOf, rawOf, recordOf, textOf, type Kept } from './read.js';
import { cacheOf, envSourcesOf, resourcesOf, retriesOf, scheduleOf } from './settings.js';
import { makeVolume, VolumeNames } from './volumes.js';

/**
 * The plan of a file in which the rules found no error.
 * @param keepParams parameters that only texts take are referred to; else every text holds their values
 */
export function makePlan(file: CheckedFile, name: string, keepParams = false): Plan {
  const { model } = file;
  const { root, params } = model;
  const kept = keepParams && params.size > 0 ? argumentsOf(model) : [];
  const maker = new JobMaker(model, new Set(kept.map(argument => argument.name)));
  const parents = parentsOf(file);
  const failFast = valueOf(root, 'failFast');
  return {
    name: dnsLabel(name, MAX_RUN_NAME),
    jobs: model.jobs.map((job, index) => maker.make(job, parents[index] ?? [])),
    failFast: !(failFast?.kind === 'scalar' && failFast.value === false),
    ...defined<Partial<Plan>>({
      parallelism: numberOf(valueOf(root, 'parallelism')),
      deadline: durationOf(valueOf(root, 'deadline')),
      onExit: model.onExit === undefined ? undefined : maker.make(model.onExit, []),
      schedule: scheduleOf(valueOf(root, 'schedule')),
      params: params.size === 0 ? undefined : Object.fromEntries([...params].map(([key, { text }]) => [key, text])),
      arguments: kept.length === 0 ? undefined : kept,
      labels: recordOf(valueOf(root, 'labels')),
      annotations: recordOf(valueOf(root, 'annotations')),
      cluster: clusterOf(root),
      argo: rawOf(valueOf(root, 'argo'))
    })
  };
}

/** Names of what each job waits for, in the order of the file: by its edges, those of its group, and what it refers to. */
function parentsOf({ model, edges, references }: CheckedFile): readonly (readonly string[])[] {
  const { units, jobs } = model;
  const parents: Set<number>[] = units.map(() => new Set());
  for (const { from, to } of edges) parents[to]?.add(from);
  for (const { from, to } of references) parents[to]?.add(from);
  for (const [index, { group, first, count }] of units.entries()) {
    if (!group) continue;
    for (let job = first; job < first + count; job++) for (const from of parents[index] ?? []) parents[job]?.add(from);
  }
  const before = (a: number, b: number): number => (units[a]?.first ?? 0) - (units[b]?.first ?? 0) || b - a;
  return jobs.map((_, index) => [...(parents[index] ?? [])].sort(before).map(unit => nameOfUnit(units, unit)));
}

/** Everything of a job but its name, its command and what it waits for. */
type Settings = Omit<PlanJob, 'name' | 'group' | 'argv' | 'script' | 'dependsOn'>;

class JobMaker {
  readonly #model: Model;
  readonly #kept: Kept;
  readonly #volumes = new VolumeNames();
  /** By the map of a job, which copies that are alike share; of jobs that are only commands by that of the file. */
  readonly #known = new Map<MapNode, Settings>();

  constructor(model: Model, kept: Kept) {
    this.#model = model;
    this.#kept = kept;
  }

  make(job: JobModel, dependsOn: readonly string[]): PlanJob {
    const script = valueOf(job.map, 'script');
    return {
      name: job.name,
      ...(job.group === undefined ? {} : { group: job.group }),
      argv: argvOf(this.#model, job, this.#kept),
      ...(isString(script) ? { script: planTextOf(script, this.#kept) } : {}),
      dependsOn,
      ...this.#settings(job)
    };
  }

  #settings(job: JobModel): Settings {
    const map = job.map ?? this.#model.root;
    const settings = this.#known.get(map) ?? this.#makeSettings(job);
    this.#known.set(map, settings);
    return settings;
  }

  #makeSettings(job: JobModel): Settings {
    const { root, params } = this.#model;
    const setting = (key: string): SourceNode | undefined => settingOf(this.#model, job, key);
    const workdir = textOf(setting('workdir'));
    const policy = textOf(setting('imagePullPolicy'));
    const sources = envSourcesOf(job.map) ?? envSourcesOf(root);
    return {
      env: mergeEnv(valueOf(root, 'env'), valueOf(job.map, 'env'), this.#kept),
      volumes: itemsOf(setting('volumes')).map(volume => makeVolume(volume, this.#volumes)),
      ...retriesOf(setting('retries')),
      resources: resourcesOf(setting('resources')),
      ...defined<Partial<Settings>>({
        when: whenOf(valueOf(job.map, 'when')),
        foreach: job.foreach,
        envFrom: sources === undefined || sources.length === 0 ? undefined : sources,
        workdir: workdir === undefined ? undefined : normalPath(workdir) || '.',
        image: textOf(setting('image')),
        imagePullPolicy: policy === 'Always' || policy === 'IfNotPresent' || policy === 'Never' ? policy : undefined,
        timeout: durationOf(setting('timeout')),
        walltime: durationOf(setting('walltime')),
        queueTimeout: durationOf(setting('queueTimeout')),
        priority: numberOf(setting('priority')) ?? textOf(setting('priority')),
        site: textOf(setting('site')),
        outputs: recordOf(valueOf(job.map, 'outputs')),
        cache: cacheOf(valueOf(job.map, 'cache'), params),
        cluster: clusterOf(job.map, root),
        argo: rawOf(valueOf(job.map, 'argo'))
      })
    };
  }
}

function whenOf(node: SourceNode | undefined): PlanCondition | undefined {
  const condition = node === undefined ? undefined : conditionOf(node);
  return condition === undefined || 'message' in condition ? undefined : condition;
}

/** A job's variable wins over the default of its name, and stays at its place. */
function mergeEnv(defaults: SourceNode | undefined, own: SourceNode | undefined, kept: Kept): readonly PlanEnv[] {
  const merged = new Map<string, PlanEnvValue>();
  for (const { name, value, stored } of [...envEntries(defaults), ...envEntries(own)]) {
    merged.set(name, stored ?? (value === undefined ? '' : envValue(value, kept)));
  }
  return [...merged].map(([name, value]) => ({ name, value }));
}

function envValue(node: ScalarNode, kept: Kept): PlanEnvValue {
  const secret = node.parts?.find(part => part.kind === 'expression' && part.expression.kind === 'secret');
  if (secret?.kind !== 'expression' || secret.expression.kind !== 'secret') return planTextOf(node, kept);
  return { secret: secret.expression.secret, key: secret.expression.key };
}
