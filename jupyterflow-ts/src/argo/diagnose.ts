import type { Diagnostic } from '@jupyterflow/schema';
import type { Compilation } from '../compile.js';
import type { ArgoProblem, JobPath } from './manifest.js';

const TOP = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/**
 * Problems of a manifest as problems of the workflow file that it was made of. Copies of a job are one place of the file:
 * what the first of them has at a place is said, and not the same of the others.
 */
export function diagnose(
  problems: readonly ArgoProblem[],
  compilation: Pick<Compilation, 'locate' | 'sourceOf'>,
  file: string
): readonly Diagnostic[] {
  const firsts = new Map<string, string | undefined>();
  return problems.flatMap(problem => {
    const { id, severity, message, hint, job } = problem;
    const range = rangeOf(problem, compilation) ?? TOP;
    const place = JSON.stringify([id, range]);
    if (!firsts.has(place)) firsts.set(place, job);
    return firsts.get(place) === job ? [{ id, severity, message, hint, file, range, related: [] }] : [];
  });
}

/** The range of the workflow file that a place in it has; the nearest that exists. */
export function rangeOf(
  { job, path }: JobPath,
  { locate, sourceOf }: Pick<Compilation, 'locate' | 'sourceOf'>
): Diagnostic['range'] | undefined {
  const above = job === undefined ? [] : sourceOf(job);
  return above === undefined ? undefined : locate([...above, ...path]);
}
