import type { Diagnostic } from '@jupyterflow/schema';
import type { Compilation } from '../compile.js';
import type { ArgoProblem, JobPath } from './manifest.js';

const TOP = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** Problems of a manifest as problems of the workflow file that it was made of. */
export function diagnose(
  problems: readonly ArgoProblem[],
  compilation: Pick<Compilation, 'locate' | 'sourceOf'>,
  file: string
): readonly Diagnostic[] {
  return problems.map(problem => ({
    id: problem.id,
    severity: problem.severity,
    message: problem.message,
    hint: problem.hint,
    file,
    range: rangeOf(problem, compilation) ?? TOP,
    related: []
  }));
}

/** The range of the workflow file that a place in it has; the nearest that exists. */
export function rangeOf(
  { job, path }: JobPath,
  { locate, sourceOf }: Pick<Compilation, 'locate' | 'sourceOf'>
): Diagnostic['range'] | undefined {
  const above = job === undefined ? [] : sourceOf(job);
  return above === undefined ? undefined : locate([...above, ...path]);
}
