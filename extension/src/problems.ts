import type { Problem, ProblemCode } from '@jupyterflow/schema';
import type { TranslationBundle } from '@jupyterlab/translation';

/** What went wrong between the browser and the platform. */
export type Failure =
  /** No answer came: the reason is the browser's. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** No answer came in time. */
  | { readonly kind: 'timeout'; readonly seconds: number }
  /** Something answered, but not the platform: a proxy, a Hub, another server. */
  | { readonly kind: 'answer'; readonly status: number }
  /** The platform said why not (RFC 9457). */
  | { readonly kind: 'problem'; readonly status: number; readonly problem: Problem };

/** A request that did not succeed. `url` is the platform's base address, fit to be shown. */
export class PlatformError extends Error {
  constructor(
    readonly url: string,
    readonly failure: Failure
  ) {
    super(failure.kind === 'problem' ? failure.problem.detail : `${failure.kind}: ${url}`);
    this.name = 'PlatformError';
  }

  /** Stable code of the platform's problem, if it gave one. */
  get code(): ProblemCode | undefined {
    return this.failure.kind === 'problem' ? this.failure.problem.code : undefined;
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get passing(): boolean {
    const { failure } = this;
    return (
      failure.kind === 'unreachable' || failure.kind === 'timeout' || failure.status >= 500 || failure.status === 429
    );
  }
}

/** What happened and what to do, in words for people. */
export function errorWords(error: unknown, trans: TranslationBundle): string {
  if (!(error instanceof PlatformError)) {
    return error instanceof Error ? error.message : String(error);
  }
  const { url, failure } = error;
  switch (failure.kind) {
    case 'unreachable':
      return trans.__('The platform at %1 can’t be reached (%2).', url, failure.reason);
    case 'timeout':
      return trans.__('The platform at %1 did not answer in %2 s.', url, failure.seconds);
    case 'answer':
      return answerWords(url, failure.status, trans);
    case 'problem':
      return failure.problem.detail || failure.problem.title;
  }
}

function answerWords(url: string, status: number, trans: TranslationBundle): string {
  switch (status) {
    case 401:
      return trans.__('You are not signed in any more. Reload the page to sign in.');
    case 403:
      return trans.__(
        'You may not use the platform at %1. Sign out and in again, or ask your administrator for access.',
        url
      );
    case 404:
      return trans.__('There is no platform at %1 (404).', url);
    default:
      return trans.__('The platform at %1 does not answer (%2).', url, status);
  }
}
