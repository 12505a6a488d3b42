import type { Plan, PlanJob } from '../plan/plan.js';
import { quote, tag } from './expression.js';
import type { Inputs } from './inputs.js';
import type { ArgoProblem, Json } from './manifest.js';
import { nameInFile } from './names.js';
import type { ArgoOptions, CacheOptions } from './options.js';

/** Argo's `memoize` of the jobs of a plan, and why some of them can't have it. */
export class Cache {
  readonly problems: readonly ArgoProblem[];
  readonly #configMap: Json;
  readonly #known: ReadonlySet<PlanJob>;
  readonly #keys: ReadonlyMap<PlanJob, string>;

  constructor(plan: Plan, { cache: options, argoVersion = '4' }: ArgoOptions) {
    const name = options?.configMap ?? `jupyterflow-cache-${plan.name}`;
    // Before Argo 4 its schema wanted a key too, of which nothing is made.
    this.#configMap = argoVersion === '4' ? { name } : { name, key: 'cache' };
    const cached = plan.jobs.filter(({ cache }) => cache !== undefined);
    this.problems = cached.flatMap(job => problemsOf(job, options));
    const unknown = new Set(this.problems.map(({ job }) => job));
    this.#known = new Set(cached.filter(({ name }) => !unknown.has(name)));
    this.#keys = options === undefined ? new Map() : keysOf(plan, [...this.#known], options);
  }

  /**
   * @param job the job of a template, or the first of its copies: what differs between them is among the inputs
   */
  memoizeOf(job: PlanJob, inputs: Inputs): Json {
    const key = this.#known.has(job) ? this.#keys.get(job) : undefined;
    if (key === undefined) return {};
    const values = inputs.arguments.map(({ name }) => `inputs.parameters[${quote(name)}]`);
    const ofInputs = values.length === 0 ? '' : `-${tag(`sprig.sha256sum(toJson([${values.join(', ')}]))`)}`;
    return { memoize: { key: `${key}${ofInputs}`, maxAge: '', cache: { configMap: this.#configMap } } };
  }
}

function problemsOf(job: PlanJob, options: CacheOptions | undefined): readonly ArgoProblem[] {
  const unknown = job.cache?.files.find(file => options?.digestOf?.(file, job.workdir) === undefined);
  const reason =
    options === undefined
      ? 'no cache is set up'
      : job.volumes.length > 0
        ? 'its leased data could have changed'
        : unknown === undefined
          ? undefined
          : `what \`${unknown}\` contains is not known here`;
  if (reason === undefined) return [];
  const message = `\`${nameInFile(job)}\` always runs in Argo: ${reason}`;
  const hint = 'Leave out `cache`, or run the file on this machine.';
  return [{ id: 'argo-cache-unknown', severity: 'warning', message, hint, job: job.name, path: ['cache'] }];
}

/**
 * The hash of all that a job's result depends on: command, script, image, environment (secrets by their names), parameters,
 * what the declared files contain, and the same of all jobs that it waits for.
 */
function keysOf(plan: Plan, jobs: readonly PlanJob[], options: CacheOptions): ReadonlyMap<PlanJob, string> {
  const members = membersOf(plan);
  const parentsOf = (job: PlanJob): readonly PlanJob[] => job.dependsOn.flatMap(name => members.get(name) ?? []);
  const keys = new Map<PlanJob, string>();
  const stack = [...jobs];
  // Without recursion: a chain may be longer than the stack.
  for (let job = stack.at(-1); job !== undefined; job = stack.at(-1)) {
    const parents = parentsOf(job);
    const open = keys.has(job) ? [] : parents.filter(parent => !keys.has(parent));
    if (open.length > 0) {
      for (const parent of open) stack.push(parent);
      continue;
    }
    if (!keys.has(job))
      keys.set(
        job,
        options.digest(JSON.stringify([ingredients(plan, job, options), parents.map(one => keys.get(one))]))
      );
    stack.pop();
  }
  return keys;
}

function ingredients(plan: Plan, job: PlanJob, options: CacheOptions): unknown {
  const { argv, script, image, env, envFrom, workdir, outputs, cache } = job;
  const files = cache?.files.map(file => options.digestOf?.(file, workdir));
  const params = cache?.params?.map(name => plan.params?.[name]);
  return { argv, script, image, env, envFrom, workdir, outputs, files, params };
}

function membersOf({ jobs }: Plan): ReadonlyMap<string, readonly PlanJob[]> {
  const members = new Map<string, PlanJob[]>();
  for (const job of jobs) {
    members.set(job.name, [job]);
    if (job.group === undefined) continue;
    const copies = members.get(job.group);
    if (copies === undefined) members.set(job.group, [job]);
    else copies.push(job);
  }
  return members;
}
