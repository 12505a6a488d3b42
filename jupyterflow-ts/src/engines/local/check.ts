import { posix } from 'node:path';
import type { PlanJob } from '../../plan/plan.js';
import { staticText } from '../../plan/text.js';
import { EngineError, type Mount, type Submission } from '../engine.js';
import { isRunId } from './records.js';
import { graphOf, type Graph } from './schedule.js';
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
  '/tmp/jupyterflow'
];

/**
 * Checks what does not depend on this machine.
 * @throws EngineError INVALID_SUBMISSION; its message says what is wrong with which job.
 */
export function checkSubmission({ id, plan, home, mounts }: Submission): Graph {
  if (!isRunId(id)) invalid(`${JSON.stringify(id)} can't be the id of a run`);
  if (!isPlainAbsolute(home.mountPath) || home.mountPath === '/') invalid(`the home can't be at ${home.mountPath}`);
  for (const job of plan.jobs) {
    checkJob(job);
    for (const mount of mounts.get(job.name) ?? []) checkMount(job, mount, home.mountPath, workspacePath(home));
    workdirOf(job, workspacePath(home), mounts.get(job.name) ?? []);
  }
  const names = new Set(plan.jobs.map(job => job.name));
  const unknown = [...mounts.keys()].find(name => !names.has(name));
  if (unknown !== undefined) invalid(`there are mounts for the job ${unknown}, which is not in the plan`);
  try {
    return graphOf(plan.jobs);
  } catch (error) {
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
    invalid(`job ${job.name}: the working folder ${JSON.stringify(job.workdir)} is outside of ${roots.join(', ')}`);
  }
  return path;
}

function checkJob(job: PlanJob): void {
  if (!/^[A-Za-z0-9][-A-Za-z0-9]{0,127}$/.test(job.name))
    invalid(`${JSON.stringify(job.name)} can't be the name of a job`);
  if (job.argv[0] === undefined || job.argv[0] === '') invalid(`job ${job.name} has no command`);
  if (job.argv.some(word => staticText(word).includes('\0')))
    invalid(`job ${job.name}: a word of the command holds a NUL character`);
  for (const { name, value } of job.env) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      invalid(`job ${job.name}: ${JSON.stringify(name)} can't be the name of an environment variable`);
    if (staticText(value).includes('\0')) invalid(`job ${job.name}: the value of ${name} holds a NUL character`);
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

function invalid(message: string): never {
  throw new EngineError('INVALID_SUBMISSION', message);
}
