import { EngineError, type EngineErrorCode } from '../../engines/engine.js';
import { KubernetesError, type KubernetesErrorCode } from '../../engines/argo/api/problem.js';
import { EXIT, Failure } from '../failure.js';

const OF_CLUSTER: Readonly<Record<KubernetesErrorCode, number>> = {
  NO_CLUSTER: EXIT.unreachable,
  NO_CONTEXT: EXIT.usage,
  UNREACHABLE: EXIT.unreachable,
  UNTRUSTED: EXIT.unreachable,
  NOT_INSTALLED: EXIT.unreachable,
  BUSY: EXIT.unreachable,
  UNAUTHENTICATED: EXIT.refused,
  FORBIDDEN: EXIT.refused,
  INVALID: EXIT.invalidFile,
  TOO_LARGE: EXIT.invalidFile,
  NOT_FOUND: EXIT.usage,
  EXISTS: EXIT.usage,
  CONFLICT: EXIT.usage,
  GONE: EXIT.unreachable,
  REFUSED: EXIT.unreachable
};

const HINTS: Partial<Readonly<Record<EngineErrorCode, string>>> = {
  LOG_GONE: 'Ask who runs the cluster to keep logs elsewhere, or read them while the run goes.',
  RUN_ACTIVE: 'Stop it first: jupyterflow stop NAME'
};

/** What a cluster or its engine refused, as the command tells it; anything else stays as it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof KubernetesError) {
    const { code, message, hint } = error;
    return new Failure(OF_CLUSTER[code], message, { code, ...(hint === undefined ? {} : { hint }), cause: error });
  }
  if (error instanceof EngineError) {
    const hint = HINTS[error.code];
    return new Failure(EXIT.usage, error.message, { code: error.code, ...(hint === undefined ? {} : { hint }) });
  }
  return error;
}

/** The result of what is asked of a cluster; what is refused rejects with a {@link Failure}. */
export async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw failureOf(error);
  }
}
