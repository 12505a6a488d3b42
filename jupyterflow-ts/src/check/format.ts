import type { Diagnostic } from '@jupyterflow/schema';
import type { Source } from '../compile.js';

export interface FormatOptions {
  /** Use terminal colours. */
  readonly color?: boolean;
}

/** Diagnostics for a terminal. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  source: Source,
  options: FormatOptions = {}
): string {
  void source;
  void options;
  return diagnostics.map(diagnostic => `${diagnostic.message}\n`).join('');
}
