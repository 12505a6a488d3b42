import { join } from 'node:path';
import type { PlanJob, PlanText } from '../../plan/plan.js';
import { isStored, renderText } from '../../plan/text.js';
import type { View } from './sandbox.js';
import type { Secrets } from './secrets.js';
import { outputFolder } from './temporary.js';
import { MissingValue, valueOf, type Scope } from './values.js';

/** What a job executes, with everything that its texts refer to put in. */
export interface Command {
  readonly argv: readonly string[];
  readonly script?: string;
  /** The variables that it declares; later ones win. */
  readonly env: readonly (readonly [name: string, value: string])[];
}

const VARIABLE = /^[A-Za-z_]\w*$/;

/**
 * Puts the values into the texts of a job.
 * @throws MissingValue when one of them is not there.
 */
export function commandOf(job: PlanJob, scope: Scope, secrets: Secrets): Command {
  const render = (text: PlanText): string => {
    const rendered = renderText(text, reference => valueOf(reference, scope));
    if (rendered.includes('\0')) throw new MissingValue('a value that the job refers to holds a NUL character');
    return rendered;
  };
  const fromSets = (job.envFrom ?? []).flatMap(({ kind, name, prefix = '' }) =>
    // As Kubernetes does, keys that can't be the name of a variable are left out.
    [...secrets.all(kind, name)].map(([key, value]) => [`${prefix}${key}`, value] as const)
  );
  return {
    argv: job.argv.map(render),
    ...(job.script === undefined ? {} : { script: render(job.script) }),
    env: [
      ...fromSets.filter(([name]) => VARIABLE.test(name)),
      ...job.env.map(({ name, value }) => [name, isStored(value) ? secrets.value(value) : render(value)] as const)
    ]
  };
}

/** The whole environment of an attempt; later ones win: the engine's own, the machine's, the job's. Nothing of this process. */
export function environmentOf(
  run: string,
  job: string,
  attempt: number,
  view: View,
  machine: Readonly<Record<string, string>>,
  declared: Command['env']
): ReadonlyMap<string, string> {
  return new Map([
    ['HOME', view.home],
    ['LANG', 'C.UTF-8'],
    ['PATH', '/usr/local/bin:/usr/bin:/bin'],
    ['USER', 'jovyan'],
    ['JUPYTERFLOW_RUN', run],
    ['JUPYTERFLOW_JOB', job],
    ['JUPYTERFLOW_ATTEMPT', String(attempt)],
    ['TEMPORARY_FOLDER', view.temporary],
    ['OUTPUT_DIR', join(view.temporary, outputFolder(job))],
    ...Object.entries(machine),
    ...declared
  ]);
}
