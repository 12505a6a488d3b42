import { compile, type CompileOptions } from '../compile.js';

/** Diagnostics of a text for tests: `line:column-end severity id: message`, with the hint and the other places after it. */
export function diagnose(text: string, options: CompileOptions = {}): readonly string[] {
  return compile({ text, file: 'workflow.yaml' }, options).diagnostics.map(
    ({ range, severity, id, message, hint, related }) => {
      const { start, end } = range;
      const until = end.line === start.line ? String(end.column) : `${end.line}:${end.column}`;
      const places = related.map(other => ` @${other.range.start.line}:${other.range.start.column}`).join('');
      return `${start.line}:${start.column}-${until} ${severity} ${id}: ${message}${hint === undefined ? '' : ` (${hint})`}${places}`;
    }
  );
}
