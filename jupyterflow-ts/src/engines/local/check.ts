import { posix } from 'node:path';
import { allJobs } from '../../plan/all-jobs.js';
import { operandsOf } from '../../plan/conditions.js';
import type { Plan, PlanJob, PlanText } from '../../plan/plan.js';
import { isStored, referencesOf } from '../../plan/text.js';
import { EngineError, type EnginePlace, type Home, type Mount, type Submission } from '../engine.js';
import { parseQuantity } from './budget.js';
import { graphOf, type Graph } from './graph.js';
import { placeOf, TEMPORARY } from './outputs.js';
import { isRunId } from './records.js';
import { isPlainAbsolute, isWithin, workspacePath } from './workspace.js';

/** Folders of the sandbox that no data may hide. */
const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/proc',
  '/run',
  '/sbin',
  '/sys',
  '/usr',
  TEMPORARY
];

/**
 * Checks what does not depend on this machine.
 * @throws EngineError INVALID_SUBMISSION; its message says what is wrong with which job.
 */
export function checkSubmission({ id, plan, home, mounts, cacheScope }: Submission): Graph {
  if (cacheScope !== undefined && !isRunId(cacheScope))
    invalid(`${JSON.stringify(cacheScope)} can't be a scope of results`);
  if (!isRunId(id)) invalid(`${JSON.stringify(id)} can't be the id of a run`);
  if (!isPlainAbsolute(home.mountPath) || home.mountPath === '/') invalid(`the home can't be at ${home.mountPath}`);
  for (const job of allJobs(plan)) {
    checkJob(job);
    for (const mount of mounts.get(job.name) ?? []) checkMount(job, mount, home.mountPath, workspacePath(home));
    checkOutputs(job, home, workdirOf(job, workspacePath(home), mounts.get(job.name) ?? []));
  }
  const names = new Set(allJobs(plan).map(job => job.name));
  if (names.size < allJobs(plan).length) invalid('two jobs of the plan have the same name');
  const unknown = [...mounts.keys()].find(name => !names.has(name));
  if (unknown !== undefined) invalid(`there are mounts for the job ${unknown}, which is not in the plan`);
  try {
    const graph = graphOf(plan.jobs);
    checkReferences(plan, graph);
    return graph;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    return invalid((error as Error).message);
  }
}

/**
 * The folder in which a job begins, as the job sees it.
 * @throws EngineError INVALID_SUBMISSION when it is none of the folders that the job sees.
 */
export function workdirOf(job: PlanJob, workspace: string, mounts: readonly Mount[]): string {
  const path = posix.resolve(workspace, job.workdir ?? '.');
  const roots = (job.workdir ?? '').startsWith('/')
    ? [workspace, '/tmp', ...mounts.map(mount => mount.mountPath)]
    : [workspace];
  if (path.includes('\0') || !roots.some(root => isWithin(root, path))) {
    const message = `the working folder ${JSON.stringify(job.workdir)} is outside of ${roots.join(', ')}`;
    invalid(`job ${job.name}: ${message}`, { job: job.name, path: ['workdir'] });
  }
  return path;
}

function checkJob(job: PlanJob): void {
  const texts = [...job.argv, job.script ?? '', ...job.env.flatMap(({ value }) => (isStored(value) ? [] : [value]))];
  if (!/^[A-Za-z0-9][-A-Za-z0-9]{0,127}$/.test(job.name))
    invalid(`${JSON.stringify(job.name)} can't be the name of a job`);
  if (job.argv[0] === undefined || job.argv[0] === '') invalid(`job ${job.name} has no command`);
  if (texts.some(text => typeof text === 'string' && text.includes('\0')))
    invalid(`job ${job.name}: its command or environment holds a NUL character`);
  for (const { name } of job.env) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      invalid(`job ${job.name}: ${JSON.stringify(name)} can't be the name of an environment variable`);
  }
  checkLengths(job);
  for (const amount of [job.resources.cpu, job.resources.memory]) {
    if (amount !== undefined && Number.isNaN(parseQuantity(amount)))
      invalid(`job ${job.name}: ${JSON.stringify(amount)} is no amount of a resource`);
  }
}

/** Linux gives a program no longer word, in bytes with the NUL at its end (execve(2): MAX_ARG_STRLEN). */
const MAX_WORD = 128 * 1024;

function checkLengths({ name: job, argv, env, script }: PlanJob): void {
  const command = argv.map((word, at) => ({ what: `word ${at + 1} of its command`, word, path: ['command'] }));
  const variables = env.flatMap(({ name, value }) =>
    isStored(value) ? [] : [{ what: `its variable ${name}`, word: value, path: ['env', name], before: `${name}=` }]
  );
  for (const { what, word, path, before = '' } of [...command, ...variables] as readonly Long[]) {
    // What is known only while the run goes makes it no shorter.
    const known = before + (typeof word === 'string' ? word : word.filter(part => typeof part === 'string').join(''));
    const size = Buffer.byteLength(known);
    if (size < MAX_WORD) continue;
    const message = `job ${job}: ${what} has ${Math.ceil(size / 1024)} KiB, and Linux gives a program at most 128 KiB in one word`;
    const way = script === undefined ? 'a file beside the workflow, or into a `script`' : 'a file beside the workflow';
    invalid(`${message}; put the text into ${way}`, { job, path });
  }
}

interface Long {
  readonly what: string;
  readonly word: PlanText;
  readonly path: EnginePlace['path'];
  readonly before?: string;
}

/** Outputs are where a job can leave them and the engine finds them again. */
function checkOutputs({ name: job, outputs = {} }: PlanJob, home: Home, workdir: string): void {
  for (const [name, path] of Object.entries(outputs)) {
    if (placeOf(path, workdir, { home, temporary: TEMPORARY }) !== undefined) continue;
    const places = `${workspacePath(home)} nor ${TEMPORARY}`;
    const message = `the output ${name} is at ${JSON.stringify(path)}, which is no file below ${places}`;
    invalid(`job ${job}: ${message}`, { job, path: ['outputs', name] });
  }
}

/** What a job refers to has ended before it begins. */
function checkReferences({ jobs }: Plan, graph: Graph): void {
  for (const job of jobs) {
    const texts = [...job.argv, job.script ?? '', ...job.env.flatMap(({ value }) => (isStored(value) ? [] : [value]))];
    const references = [
      ...texts.flatMap(referencesOf),
      ...(job.when === undefined ? [] : operandsOf(job.when)).filter(operand => typeof operand === 'object'),
      ...(job.foreach === undefined ? [] : [job.foreach])
    ];
    const before = new Set(job.dependsOn.flatMap(name => [name, jobs[graph.numberOf.get(name) ?? -1]?.group ?? name]));
    for (const reference of references) {
      if ('job' in reference && !before.has(reference.job))
        invalid(`job ${job.name} refers to ${reference.job}, on which it does not depend`);
    }
  }
}

function checkMount(job: PlanJob, { hostPath, mountPath }: Mount, home: string, workspace: string): void {
  if (!isPlainAbsolute(hostPath)) invalid(`job ${job.name}: the data for ${mountPath} is not at an absolute path`);
  const hides = [home, workspace, ...SYSTEM].find(path => isWithin(mountPath, path));
  const inside = SYSTEM.find(path => isWithin(path, mountPath));
  if (!isPlainAbsolute(mountPath) || hides !== undefined || inside !== undefined) {
    invalid(`job ${job.name}: data can't be mounted at ${JSON.stringify(mountPath)}`);
  }
}

function invalid(message: string, place?: EnginePlace): never {
  throw new EngineError('INVALID_SUBMISSION', message, place);
}
