import type { Diagnostic } from '@jupyterflow/schema';
import type { DiagnosticId } from '../catalogue/index.js';
import type { Compilation } from '../compile.js';
import type { ArgoOutput } from './argo.js';
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
    const range = rangeOf(problem, compilation);
    const place = JSON.stringify([id, range]);
    if (!firsts.has(place)) firsts.set(place, job);
    return firsts.get(place) === job ? [{ id, severity, message, hint, file, range, related: [] }] : [];
  });
}

/** A field of a manifest that an API server did not take. */
export interface RefusedField {
  /** As the server names it, e.g. `spec.templates[3].container.image`. */
  readonly path: string;
  readonly message: string;
}

/** Fields that the API server did not take, as problems of the workflow file that they were made of. */
export function diagnoseFields(
  fields: readonly RefusedField[],
  sourcePathOf: ArgoOutput['sourcePathOf'],
  compilation: Pick<Compilation, 'locate' | 'sourceOf'>,
  file: string
): readonly Diagnostic[] {
  return fields.map(({ path, message }) => ({
    id: 'cluster-field' satisfies DiagnosticId,
    severity: 'error',
    message: `the cluster does not take ${path}: ${message}`,
    file,
    range: rangeOf(sourcePathOf(path), compilation),
    related: []
  }));
}

function rangeOf(place: JobPath, compilation: Pick<Compilation, 'locate' | 'sourceOf'>): Diagnostic['range'] {
  return findRange(place, compilation) ?? TOP;
}

/** The range of the workflow file that a place in it has: the nearest that exists. Undefined when none of it does. */
export function findRange(
  { job, path }: JobPath,
  { locate, sourceOf }: Pick<Compilation, 'locate' | 'sourceOf'>
): Diagnostic['range'] | undefined {
  const above = job === undefined ? [] : sourceOf(job);
  return above === undefined ? undefined : locate([...above, ...path]);
}
