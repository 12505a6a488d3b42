import { dnsLabel, MAX_LABEL } from '../plan/names.js';
import type { Plan } from '../plan/plan.js';
import { Cache } from './cache.js';
import { baseOf, containerOf, workingDir, type ContainerParts } from './container.js';
import * as expression from './expression.js';
import { unitsOf, type Unit } from './fold.js';
import { Inputs } from './inputs.js';
import { limitProblems, limitsOf, wholeSeconds } from './limits.js';
import { optional, type ArgoProblem, type Json } from './manifest.js';
import { merge } from './merge.js';
import { DAG, templateName } from './names.js';
import { DEFAULT_IMAGE, type ArgoOptions } from './options.js';
import { planProblems, sizeProblems } from './problems.js';
import { imagePullSecretsOf, scheduler } from './scheduling.js';
import { sharedFolderProblems } from './shared-folder.js';
import { commonFields, share } from './shared.js';
import { Tasks } from './tasks.js';
import type { Trace } from './trace.js';
import { claimName, claimsOf } from './volumes.js';
import { runFoldersOf } from './workspace.js';

export interface SpecOutput {
  /** Of a Workflow. */
  readonly spec: Json;
  readonly problems: readonly ArgoProblem[];
  readonly trace: Trace;
}

/** A template before what it shares with the others is taken out. */
interface Draft {
  readonly unit: Unit;
  readonly inputs: Inputs;
  readonly container: ContainerParts;
  readonly scheduling: Json;
}

/** How long pods are kept after the run, for their logs. */
const POD_TIME = '86400s';
/** How long a Workflow is kept after its end, in seconds. */
const WORKFLOW_TIME = 7 * 86_400;
/** A sidecar of Istio would keep the pod of a finished job alive. */
const NO_SIDECAR = { 'sidecar.istio.io/inject': 'false' };

/** The spec of a Workflow for a plan. */
export function specOfPlan(plan: Plan, options: ArgoOptions): SpecOutput {
  const units = unitsOf(plan);
  const tasks = new Tasks(plan, units);
  const cache = new Cache(plan, options);
  const folders = runFoldersOf(options);
  const base = baseOf(plan, folders, options);
  const schedulingOf = scheduler(plan, options);
  const draft = (unit: Unit): Draft => {
    const inputs = new Inputs({ valueOf: reference => tasks.valueOf(unit.job, reference) });
    const container = containerOf(unit, inputs, base, options);
    return { unit, inputs, container, scheduling: schedulingOf(unit.job) };
  };
  const jobs = units.map(draft);
  const exit = plan.onExit === undefined ? undefined : draft({ name: plan.onExit.name, job: plan.onExit });
  const drafts = exit === undefined ? jobs : [...jobs, exit];
  const shared = share(
    drafts.map(({ container }) => container),
    base,
    options.image ?? options.inherited?.image ?? DEFAULT_IMAGE
  );
  const everywhere = commonFields(drafts.map(({ scheduling }) => scheduling));
  const dag = {
    tasks: jobs.map(({ unit, inputs }) => tasks.taskOf(unit, inputs)),
    ...(plan.failFast ? {} : { failFast: false })
  };
  const guards = exit === undefined ? [] : exitGuard(exit);
  const fields = {
    entrypoint: DAG,
    ...(plan.arguments === undefined ? {} : { arguments: { parameters: plan.arguments } }),
    ...optional('onExit', guards[0]?.name ?? (exit && templateName(exit.unit.name))),
    ...optional('parallelism', plan.parallelism),
    ...optional('activeDeadlineSeconds', wholeSeconds(plan.deadline)),
    ...optional('priority', highestPriority(plan)),
    ...podFields(plan, everywhere, options),
    ...folders.spec,
    ...list('volumes', [
      ...(options.inherited?.volumes ?? []),
      ...folders.volumes,
      ...claimsOf(plan, options.claim ?? claimName, base.volumeName)
    ]),
    ...remainsOf(options),
    templateDefaults: templateDefaultsOf(drafts, shared.defaults),
    templates: [
      { name: DAG, dag },
      ...guards,
      ...drafts.map((one, at) => templateOf(one, shared.containers[at] ?? {}, everywhere, cache, options))
    ]
  };
  const spec = merge(fields, plan.argo);
  const ofDrafts = drafts.flatMap(({ container, unit }) => [...limitProblems(unit.job), ...container.problems]);
  return {
    spec,
    problems: [
      ...planProblems(plan, options),
      ...sharedFolderProblems(plan, folders),
      ...cache.problems,
      ...ofDrafts,
      ...sizeProblems(spec, options)
    ],
    trace: new Map(drafts.map(({ unit }) => [templateName(unit.name), unit.job.name]))
  };
}

/** How long pods and the Workflow stay after the run. In Argo 3.5 pods can't go later than the run, so they go with the Workflow. */
function remainsOf({ argoVersion }: ArgoOptions): Json {
  const podGC = { strategy: 'OnWorkflowCompletion', deleteDelayDuration: POD_TIME };
  return { ...(argoVersion === '3.5' ? {} : { podGC }), ttlStrategy: { secondsAfterCompletion: WORKFLOW_TIME } };
}

function templateOf(
  { unit, inputs, container, scheduling }: Draft,
  own: Json,
  everywhere: Json,
  cache: Cache,
  options: ArgoOptions
): Json {
  const { job, name } = unit;
  const isCopy = job.group !== undefined && unit.copies === undefined;
  const parameters = inputs.arguments.map(argument => ({ name: argument.name }));
  const outputs = Object.entries(job.outputs ?? {}).map(([output, path]) => ({
    name: output,
    valueFrom: { path: path.startsWith('/') ? path : `${workingDir(job, options)}/${path}` }
  }));
  return merge(
    {
      name: templateName(name),
      // Of the copies of a job that are tasks of their own, which one that is.
      ...(isCopy ? { metadata: { labels: { 'jupyterflow.io/group': labelValue(job.group) } } } : {}),
      ...(parameters.length === 0 ? {} : { inputs: { parameters } }),
      ...(outputs.length === 0 ? {} : { outputs: { parameters: outputs } }),
      ...limitsOf(job),
      ...cache.memoizeOf(job, inputs),
      ...Object.fromEntries(Object.entries(scheduling).filter(([key]) => !(key in everywhere))),
      [container.kind]: own
    },
    job.argo
  );
}

/** A merge leaves a script's `source` to the template, and the schema wants one here. */
function templateDefaultsOf(drafts: readonly Draft[], defaults: Json): Json {
  const kinds = new Set(drafts.map(({ container }) => container.kind));
  return {
    ...(kinds.has('container') ? { container: defaults } : {}),
    ...(kinds.has('script') ? { script: { ...defaults, source: '' } } : {})
  };
}

function podFields(plan: Plan, everywhere: Json, options: ArgoOptions): Json {
  const { inherited = {} } = options;
  const { priorityClassName, ...scheduling } = everywhere;
  const labels = { 'jupyterflow.io/workflow': plan.name, ...plan.labels, ...options.labels };
  return {
    podMetadata: { annotations: NO_SIDECAR, labels },
    ...scheduling,
    ...optional('podPriorityClassName', priorityClassName),
    ...list('imagePullSecrets', imagePullSecretsOf(plan, options)),
    ...optional('schedulerName', inherited.schedulerName),
    ...optional('hostAliases', inherited.hostAliases),
    ...optional('dnsPolicy', inherited.dnsPolicy),
    ...optional('dnsConfig', inherited.dnsConfig),
    ...(inherited.runtimeClassName === undefined
      ? {}
      : { podSpecPatch: JSON.stringify({ runtimeClassName: inherited.runtimeClassName }) })
  };
}

/** An exit handler has no `when` of its own; a step has. */
function exitGuard({ unit: { job } }: Draft): readonly { readonly name: string; readonly steps: unknown }[] {
  if (job.when === undefined) return [];
  const when = expression.tag(expression.conditionOf(job.when, { valueOf: () => 'workflow.status' }));
  const template = templateName(job.name);
  return [{ name: templateName(`${job.name}-when`), steps: [[{ name: template, template, when }]] }];
}

/** Kubernetes gives pods a number only through a class; what Argo can order by a number is whole Workflows. */
function highestPriority(plan: Plan): number | undefined {
  const numbers = plan.jobs.flatMap(({ priority }) => (typeof priority === 'number' ? [priority] : []));
  return numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.max(a, b));
}

/** Label values have at most 63 characters (RFC 1123). */
function labelValue(text = ''): string {
  return dnsLabel(text, MAX_LABEL);
}

function list(key: string, values: readonly unknown[]): Json {
  return values.length === 0 ? {} : { [key]: values };
}
