import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '@jupyterflow/schema';
import { catalogue, type DiagnosticId } from '../../catalogue/index.js';
import { VERSION } from '../version.js';

const LEVELS: Readonly<Record<Diagnostic['severity'], string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * Static Analysis Results Interchange Format 2.1.0 (OASIS): one run with the diagnostics as results.
 * Columns are UTF-16 units from 1, and the end is the first column that is not meant, as in diagnostics.
 */
export function sarifLog(diagnostics: readonly Diagnostic[]): object {
  const ids = [...new Set(diagnostics.map(({ id }) => id))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'jupyterflow', version: VERSION, rules: ids.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(diagnostic => resultOf(diagnostic, ids))
      }
    ]
  };
}

/** What a viewer shows of a diagnostic beside its results: the page that the documentation has of it. */
function ruleOf(id: string): object {
  if (!Object.hasOwn(catalogue, id)) return { id };
  const { severity, title, why, mend } = catalogue[id as DiagnosticId];
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${mend}`, markdown: `${why}\n\n**How to mend it.** ${mend}` },
    helpUri: `docs/diagnostics/${id}.md`,
    defaultConfiguration: { level: LEVELS[severity] }
  };
}

function resultOf({ id, severity, message, hint, file, range, related }: Diagnostic, ids: readonly string[]): object {
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message}\n${hint}` },
    locations: [locationOf(file, range)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, index) => ({
            id: index + 1,
            message: { text: other.message },
            ...locationOf(other.file, other.range)
          }))
        })
  };
}

function locationOf(file: string, { start, end }: Diagnostic['range']): object {
  const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
}

/** A relative path stays relative to wherever the log is read. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split('/').map(encodeURIComponent).join('/');
}
