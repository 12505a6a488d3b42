import { findRange } from '../argo/diagnose.js';
import type { JobPath } from '../argo/manifest.js';
import type { SubmitRequest } from './backend.js';
import { Failure } from './failure.js';

/** Why something was refused, and how to mend it. */
export interface Refusal {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A refusal that points to the place of the workflow file that caused it; a default of all jobs when the job has none. */
export function refusalAt(
  { exit, code, message, hint }: Refusal,
  { job, path }: JobPath,
  { source, compilation }: Pick<SubmitRequest, 'source' | 'compilation'>
): Failure {
  const own = findRange({ ...(job === undefined ? {} : { job }), path }, compilation);
  const ofJob = job === undefined ? undefined : findRange({ job, path: [] }, compilation);
  const isDefault =
    own === undefined || (own.start.line === ofJob?.start.line && own.start.column === ofJob.start.column);
  const range = (isDefault ? compilation.locate(path) : undefined) ?? own;
  const hinted = hint === undefined ? {} : { hint };
  if (range === undefined) return new Failure(exit, message, { code, ...hinted });
  const diagnostic = {
    id: code,
    severity: 'error' as const,
    message,
    ...hinted,
    file: source.file,
    range,
    related: []
  };
  return new Failure(exit, '', { code, source, diagnostics: [diagnostic] });
}
