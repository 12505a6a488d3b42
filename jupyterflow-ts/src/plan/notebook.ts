import { toValue, type MapEntry, type SourceNode } from '../source/node.js';
import type { PlanJob, PlanText } from './plan.js';
import { planTextOf } from './read.js';

/**
 * Runs a notebook with papermill (papermill.readthedocs.io, "Execute via CLI") and keeps the notebook with its outputs
 * beside it, named by the run and the job. The path and the parameters are arguments of the shell, never its text.
 */
const SCRIPT = [
  'notebook=$1',
  'shift',
  'command -v papermill >/dev/null || { echo "jupyterflow: a notebook is run by papermill, which is not installed where this job runs: pip install papermill ipykernel" >&2; exit 127; }',
  'exec papermill --log-output --no-progress-bar "$@" -- "$notebook" "${notebook%.ipynb}-$JUPYTERFLOW_RUN-$JUPYTERFLOW_JOB.ipynb"'
].join('; ');

/** @param parameters a map: what is known goes as one piece of YAML, what the run brings as a value each */
export function notebookArgv(path: string, parameters: SourceNode | undefined): readonly PlanText[] {
  const entries = parameters?.kind === 'map' ? parameters.entries : [];
  const later = entries.filter(isLater);
  const known = entries.filter(entry => !isLater(entry));
  return [
    '/bin/sh',
    '-c',
    SCRIPT,
    'papermill',
    path,
    ...(known.length === 0
      ? []
      : ['-y', yamlOf(Object.fromEntries(known.map(({ key, value }) => [key, toValue(value)])))]),
    ...later.flatMap(({ key, value }) => (value.kind === 'scalar' ? ['-p', key, planTextOf(value)] : []))
  ];
}

/** The notebook that a job runs, when it is known before the run. */
export function notebookOf({ argv }: Pick<PlanJob, 'argv'>): string | undefined {
  const [, , script, , notebook] = argv;
  return script === SCRIPT && typeof notebook === 'string' ? notebook : undefined;
}

function isLater({ value }: MapEntry): boolean {
  return value.kind === 'scalar' && value.parts?.some(({ kind }) => kind === 'expression') === true;
}

/** JSON that PyYAML (1.1) reads as the same values: no characters that it refuses, and numbers that it takes for numbers. */
function yamlOf(value: unknown): string {
  if (typeof value === 'number') return yamlNumber(value);
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, of]) => `${yamlOf(key)}: ${yamlOf(of)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

function yamlNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = String(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}
