import type { Diagnostic } from '@jupyterflow/schema';
import type { Span } from './node.js';

/** A diagnostic before its offsets are made lines and columns. */
export interface Problem {
  /** Stable name of the rule. */
  readonly id: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly span: Span;
  /** How to mend it. */
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}

export function error(id: string, span: Span, message: string, hint?: string): Problem {
  return { id, severity: 'error', span, message, ...(hint === undefined ? {} : { hint }) };
}

export function warning(id: string, span: Span, message: string, hint?: string): Problem {
  return { ...error(id, span, message, hint), severity: 'warning' };
}

export function info(id: string, span: Span, message: string, hint?: string): Problem {
  return { ...error(id, span, message, hint), severity: 'info' };
}
