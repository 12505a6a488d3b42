import type { Diagnostic } from '@jupyterflow/schema';
import type { DiagnosticId } from '../catalogue/index.js';
import type { Span } from './node.js';

/** A diagnostic before its offsets are made lines and columns. */
export interface Problem {
  /** Stable name of the rule. */
  readonly id: DiagnosticId;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly span: Span;
  /** How to mend it. */
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

export function error(id: DiagnosticId, span: Span, message: string, hint?: string): Problem {
  return { id, severity: 'error', span, message, ...(hint === undefined ? {} : { hint }) };
}

export function warning(id: DiagnosticId, span: Span, message: string, hint?: string): Problem {
  return { ...error(id, span, message, hint), severity: 'warning' };
}

export function info(id: DiagnosticId, span: Span, message: string, hint?: string): Problem {
  return { ...error(id, span, message, hint), severity: 'info' };
}
