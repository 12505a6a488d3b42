/** What was looked at, what it is like, and how to mend it. */
export interface Check {
  readonly name: string;
  /** `warn`: something works less well, or will not be needed. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly mend?: string;
}
