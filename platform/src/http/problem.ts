import type { Problem as ProblemBody, ProblemCode } from '@jupyterflow/schema';

/** Status and title of each code. */
export const problemKinds: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  INVALID_BODY: [422, 'The request is not as it should be'],
  INVALID_WORKFLOW: [422, 'The workflow file has errors'],
  INVALID_WORKSPACE: [422, 'The workspace can not be used'],
  INVALID_STORAGE: [422, 'The storage details can not be used'],
  NOT_FOUND: [404, 'There is nothing here'],
  UNKNOWN_DATASET: [404, 'There is no such dataset'],
  UNKNOWN_LEASE: [404, 'There is no such lease'],
  UNKNOWN_RUN: [404, 'There is no such run'],
  UNKNOWN_ALGORITHM: [404, 'There is no such algorithm'],
  UNAUTHENTICATED: [401, 'The caller is not known'],
  NOT_ALLOWED: [403, 'The caller may not do this'],
  POLICY: [422, 'The policy of the dataset does not allow this'],
  LEASED: [409, 'The dataset is taken'],
  LEASE_NOT_ACTIVE: [409, 'The lease is not active'],
  FENCED: [409, 'A later lease of the dataset was seen'],
  NAME_TAKEN: [409, 'The organization has a dataset of this name'],
  WRONG_STATE: [409, 'This is not possible in the present state'],
  VERSION_CONFLICT: [412, 'The dataset has changed in the meantime'],
  IDEMPOTENCY_MISMATCH: [409, 'The idempotency key was used for another request'],
  TOO_LARGE: [413, 'The request is too large'],
  RATE_LIMITED: [429, 'Too many requests'],
  LEDGER_UNAVAILABLE: [503, 'The ledger can not be written'],
  ENGINE_UNAVAILABLE: [503, 'The engine does not take runs'],
  HUB_UNAVAILABLE: [503, 'The Hub does not answer'],
  INTERNAL: [500, 'Something went wrong in the platform']
};

/** Members beside the standard ones; see `Problem` in the schema. */
export type ProblemExtra = Readonly<
  Omit<Partial<ProblemBody>, 'type' | 'title' | 'status' | 'detail' | 'code' | 'instance'>
>;

/** Why a request was refused, on its way to an RFC 9457 answer. */
export class Problem extends Error {
  readonly status: number;

  /**
   * @param detail - what happened and how to mend it; never a secret
   * @param status - instead of the code's own
   */
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly extra: ProblemExtra = {},
    status?: number
  ) {
    super(detail);
    this.name = 'Problem';
    this.status = status ?? problemKinds[code][0];
  }

  /** The body of the answer. `instance` is a URI of this occurrence. */
  body(instance: string): ProblemBody {
    const { code, detail, status, extra } = this;
    return {
      type: `https://jupyterflow.io/problems/${code}`,
      title: problemKinds[code][1],
      status,
      detail,
      code,
      instance,
      ...extra
    };
  }
}
