import type { EnvVar, VolumeMount } from '../inherit/inherited.js';
import type { Plan, PlanEnvSource, PlanEnvValue, PlanJob, PlanVolume } from '../plan/plan.js';
import { isStored, storeOf } from '../plan/text.js';
import type { Slot, Unit } from './fold.js';
import type { Inputs } from './inputs.js';
import { BRACE_REFERENCE, literal, needsBrace } from './literal.js';
import { optional, type ArgoProblem, type Json } from './manifest.js';
import { nameInFile } from './names.js';
import { DEFAULT_HOME, DEFAULT_IMAGE, type ArgoOptions } from './options.js';
import { containerSecurityOf, resourcesOf } from './scheduling.js';
import { COPY } from './tasks.js';
import { mountsOf, volumeNames } from './volumes.js';
import type { RunFolders } from './workspace.js';

/** What a pod of a job runs, in the parts of which some are the same for all jobs. */
export interface ContainerParts {
  readonly kind: 'container' | 'script';
  readonly image: string;
  /** `command`, and the `source` of a script: what only this job has. */
  readonly program: Json;
  /** Fields with one value. */
  readonly fields: Json;
  /** By name; over what is inherited. */
  readonly env: ReadonlyMap<string, EnvVar>;
  /** By the path of the mount; over what is inherited. */
  readonly mounts: ReadonlyMap<string, VolumeMount>;
  /** Some text refers to the variable that holds a brace. */
  readonly needsBrace: boolean;
  readonly problems: readonly ArgoProblem[];
}

/** The longest word or variable that Linux gives to a program, with the byte that ends it (MAX_ARG_STRLEN). */
const MAX_WORD = 128 * 1024;
const SCRIPT_VARIABLE = 'JUPYTERFLOW_SCRIPT';
/** Runs the words after it with the script's file as the last one. */
const SCRIPT_STARTER = `file=$(mktemp) && printf %s "$${SCRIPT_VARIABLE}" >"$file" && exec "$@" "$file"`;

/** What all containers of a plan begin with. */
export interface ContainerBase {
  readonly plan: Plan;
  readonly env: ReadonlyMap<string, EnvVar>;
  readonly mounts: ReadonlyMap<string, VolumeMount>;
  readonly volumeName: (volume: PlanVolume) => string;
}

export function baseOf(plan: Plan, folders: RunFolders, { inherited }: ArgoOptions): ContainerBase {
  const env = [
    { name: 'JUPYTERFLOW_RUN', value: '{{workflow.name}}' },
    { name: 'JUPYTERFLOW_ATTEMPT', value: '1' },
    ...folders.env,
    ...(inherited?.env ?? []).map(withoutTags)
  ];
  const mounts = [...(inherited?.volumeMounts ?? []), ...folders.mounts];
  return {
    plan,
    env: byKey(env, ({ name }) => name),
    mounts: byKey(mounts, ({ mountPath }) => mountPath),
    volumeName: volumeNames([...(inherited?.volumes ?? []), ...folders.volumes])
  };
}

export function containerOf(unit: Unit, inputs: Inputs, base: ContainerBase, options: ArgoOptions): ContainerParts {
  const { job } = unit;
  const { inherited } = options;
  const env = new Map<string, EnvVar>([['JUPYTERFLOW_JOB', { name: 'JUPYTERFLOW_JOB', value: jobName(unit, inputs) }]]);
  if (job.retries > 0) env.set('JUPYTERFLOW_ATTEMPT', { name: 'JUPYTERFLOW_ATTEMPT', value: '{{=int(retries) + 1}}' });
  for (const { name, value } of job.env) env.set(name, variableOf(name, value, unit, inputs));
  const program = programOf(unit, inputs, env);
  const envFrom = [...(inherited?.envFrom ?? []), ...(job.envFrom ?? []).map(environmentSource)];
  return {
    kind: 'source' in program ? 'script' : 'container',
    image: job.image ?? options.image ?? inherited?.image ?? DEFAULT_IMAGE,
    program,
    fields: {
      workingDir: workingDir(job, options),
      ...optional('imagePullPolicy', job.imagePullPolicy ?? inherited?.imagePullPolicy),
      ...optional('resources', resourcesOf(job, options)),
      ...(envFrom.length === 0 ? {} : { envFrom }),
      ...optional('securityContext', containerSecurityOf(base.plan, job, options))
    },
    env,
    mounts: byKey(mountsOf(job, base.volumeName), ({ mountPath }) => mountPath),
    needsBrace: inputs.needsBrace,
    problems: lengthProblems(job, program, env)
  };
}

/** Absolute folder in which a job starts. */
export function workingDir({ workdir }: PlanJob, { workspace, home }: ArgoOptions): string {
  const folder = workspace ?? home ?? DEFAULT_HOME;
  if (workdir === undefined || workdir === '.') return folder;
  return workdir.startsWith('/') ? workdir : `${folder}/${workdir}`;
}

function jobName({ name, job, copies }: Unit, inputs: Inputs): string {
  if (copies === undefined && job.foreach === undefined) return name;
  return `${name}-${inputs.add(COPY, COPY, () => `{{item.${COPY}}}`)}`;
}

/**
 * `command` is the whole argv: without one the controller would ask a registry for the entrypoint of the image. A script is
 * Argo's own `script` while nothing in it has to be put in or kept from Argo: Kubernetes expands nothing there, so there is
 * no way to write either. Then it goes through a variable, and a shell makes the file.
 */
function programOf(unit: Unit, inputs: Inputs, env: Map<string, EnvVar>): Json {
  const { job, copies } = unit;
  const command = job.argv.map((word, at) =>
    differs(unit, `word-${at}`) ? slotOf(unit, `word-${at}`, inputs) : inputs.render(word)
  );
  const { script } = job;
  if (script === undefined) return asScript(job) ?? { command };
  const texts = copies?.map(copy => copy.get('script') ?? script) ?? [script];
  if (texts.every(text => typeof text === 'string' && !needsBrace(text))) {
    const plain = texts.every(text => typeof text === 'string' && !/\$[$(]/.test(text));
    if (!differs(unit, 'script')) return { command, source: script };
    if (plain) return { command, source: slotOf(unit, 'script', inputs) };
  }
  const value = differs(unit, 'script') ? slotOf(unit, 'script', inputs) : inputs.render(script);
  env.set(SCRIPT_VARIABLE, { name: SCRIPT_VARIABLE, value });
  return { command: ['/bin/sh', '-c', literal(SCRIPT_STARTER), 'sh', ...command] };
}

/** `sh -c TEXT` with a text that is too long for one word: a script has no such limit. */
function asScript({ argv }: PlanJob): Json | undefined {
  const [shell, option, text] = argv;
  if (argv.length !== 3 || typeof shell !== 'string' || option !== '-c' || typeof text !== 'string') return undefined;
  if (!/^(\/(usr\/)?bin\/)?(ba|da)?sh$/.test(shell) || byteLength(text) < MAX_WORD || needsBrace(text))
    return undefined;
  return { command: [shell], source: text };
}

function differs({ copies }: Unit, slot: Slot): boolean {
  return copies?.[0]?.has(slot) === true;
}

function slotOf({ copies = [] }: Unit, slot: Slot, inputs: Inputs): string {
  return inputs.slot(
    slot,
    copies.some(copy => needsBrace(copy.get(slot) ?? ''))
  );
}

function variableOf(name: string, value: PlanEnvValue, unit: Unit, inputs: Inputs): EnvVar {
  if (isStored(value)) {
    const { kind, name: store } = storeOf(value);
    return { name, valueFrom: { [`${kind}KeyRef`]: { name: store, key: value.key } } };
  }
  return { name, value: differs(unit, `env-${name}`) ? slotOf(unit, `env-${name}`, inputs) : inputs.render(value) };
}

function environmentSource({ kind, name, prefix, optional: mayMiss }: PlanEnvSource): Json {
  const source = { name, ...optional('optional', mayMiss) };
  return { ...optional('prefix', prefix), [kind === 'secret' ? 'secretRef' : 'configMapRef']: source };
}

/** A variable of another pod is in Kubernetes' form already; only Argo has not read it yet. */
function withoutTags(variable: EnvVar): EnvVar {
  if (variable.value === undefined) return variable;
  return { ...variable, value: variable.value.replace(/(?<=\{)\{/g, BRACE_REFERENCE) };
}

function lengthProblems(job: PlanJob, program: Json, env: ReadonlyMap<string, EnvVar>): readonly ArgoProblem[] {
  const problems: ArgoProblem[] = [];
  for (const [at, word] of (program['command'] as readonly string[]).entries()) {
    if (isTooLong(word)) problems.push(tooLong(job, `word ${at + 1} of the command`, word, 'command'));
  }
  for (const { name, value = '' } of env.values()) {
    const word = `${name}=${value}`;
    if (!isTooLong(word)) continue;
    const isScript = name === SCRIPT_VARIABLE;
    problems.push(tooLong(job, isScript ? 'the script' : `the variable ${name}`, word, isScript ? 'script' : 'env'));
  }
  return problems;
}

function isTooLong(word: string): boolean {
  // No character has more bytes than three of its units.
  return word.length * 3 >= MAX_WORD && byteLength(word) >= MAX_WORD;
}

function tooLong(job: PlanJob, what: string, word: string, key: string): ArgoProblem {
  const size = Math.ceil(byteLength(word) / 1024);
  return {
    id: 'argo-argument-too-long',
    severity: 'error',
    message: `${what} of \`${nameInFile(job)}\` has ${size} KiB, and Linux gives a program at most ${MAX_WORD / 1024} KiB in one word`,
    hint: 'Put the text into a file beside the workflow, or into a `script` without {{ and ${{.',
    job: job.name,
    path: [key]
  };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function byKey<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, T> {
  return new Map(values.map(value => [keyOf(value), value]));
}
