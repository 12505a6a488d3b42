import type { Diagnostic, Problem } from '@jupyterflow/schema';
import { EXIT, Failure } from '../failure.js';

const REFUSED = new Set([
  'FENCED',
  'LEASED',
  'LEASE_NOT_ACTIVE',
  'NOT_ALLOWED',
  'POLICY',
  'UNAUTHENTICATED',
  'UNKNOWN_DATASET',
  'UNKNOWN_LEASE'
]);
const HINTS: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'Set JUPYTERFLOW_TOKEN to a token of your JupyterHub account (Hub > Token).'
};

/** An answer of the platform that is no success, as the command tells it. */
export async function failureOf(response: Response): Promise<Failure> {
  const problem = await readProblem(response);
  if (problem === undefined) {
    const exit = response.status >= 500 ? EXIT.unreachable : EXIT.usage;
    const message = `${new URL(response.url).origin} answered ${response.status} ${response.statusText} and no reason`;
    return new Failure(exit, message, { code: 'PLATFORM' });
  }
  const { code, detail, title } = problem;
  const message = detail === '' ? title : detail;
  const hint = problem.until === undefined ? HINTS[code] : `It is free again at ${problem.until}.`;
  return new Failure(exitOf(code, response.status), message, {
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(problem.diagnostics === undefined ? {} : { diagnostics: problem.diagnostics })
  });
}

function exitOf(code: string, status: number): number {
  if (code === 'INVALID_WORKFLOW') return EXIT.invalidFile;
  if (REFUSED.has(code)) return EXIT.refused;
  return status >= 500 ? EXIT.unreachable : EXIT.usage;
}

type Readable = Pick<Problem, 'detail' | 'title'> & {
  readonly code: string;
  readonly diagnostics?: readonly Diagnostic[];
  /** When a dataset that is taken is free again. */
  readonly until?: string;
};

async function readProblem(response: Response): Promise<Readable | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, title, diagnostics, until } = body as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string') return undefined;
  return {
    code,
    detail: typeof detail === 'string' ? detail : '',
    title: typeof title === 'string' ? title : code,
    ...(Array.isArray(diagnostics) ? { diagnostics: diagnostics as Diagnostic[] } : {}),
    ...(typeof until === 'string' ? { until } : {})
  };
}
