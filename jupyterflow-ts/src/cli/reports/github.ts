import type { Diagnostic } from '@jupyterflow/schema';

const COMMANDS: Readonly<Record<Diagnostic['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice'
};

/**
 * Workflow commands of GitHub Actions, which it shows beside the lines of a pull request
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function githubAnnotations(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(annotation).join('');
}

function annotation({ id, severity, message, hint, file, range }: Diagnostic): string {
  const { start, end } = range;
  // Columns are shown only for a range within one line; the last one is the last that is meant.
  const columns =
    start.line === end.line ? { col: start.column, endColumn: Math.max(start.column, end.column - 1) } : {};
  const properties = Object.entries({ file, line: start.line, endLine: end.line, ...columns, title: id })
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${COMMANDS[severity]} ${properties}::${escapeData(hint === undefined ? message : `${message}\n${hint}`)}\n`;
}

/** As `@actions/core` escapes them: what ends a command or a property must not stand in it. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
