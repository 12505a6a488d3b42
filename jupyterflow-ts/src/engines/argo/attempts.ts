import { ANNOTATION } from './marks.js';
import type { WorkflowObject } from './objects.js';

/** How often jobs had been tried before the run was last gone on with. */
export function earlierAttempts({ metadata }: Pick<WorkflowObject, 'metadata'>): ReadonlyMap<string, number> {
  const text = metadata.annotations?.[ANNOTATION.attempts];
  if (text === undefined) return new Map();
  try {
    const counts = Object.entries(JSON.parse(text) as Readonly<Record<string, unknown>>);
    return new Map(counts.flatMap(([job, count]) => (Number.isInteger(count) ? [[job, count as number]] : [])));
  } catch {
    // Anybody who may change a Workflow may write anything there.
    return new Map();
  }
}
