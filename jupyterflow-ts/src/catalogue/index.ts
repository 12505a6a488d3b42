import { argo } from './argo.js';
import { edges } from './edges.js';
import type { CatalogueEntry } from './entry.js';
import { expressions } from './expressions.js';
import { file } from './file.js';
import { jobs } from './jobs.js';
import { settings } from './settings.js';

export type { CatalogueEntry } from './entry.js';

const all = { ...file, ...jobs, ...edges, ...expressions, ...settings, ...argo };

/** Stable name of a diagnostic. */
export type DiagnosticId = keyof typeof all;

/** Everything that can be told of a workflow file, by the id of the diagnostic: the source of its pages in the docs. */
export const catalogue: Readonly<Record<DiagnosticId, CatalogueEntry>> = all;
