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
  const hinted = hint === undefined ? {} : { hint };
  const exit = exitOf(code, response.status);
  if (problem.source !== undefined) {
    const { file, range } = problem.source;
    // For readers of the answer alone the place stands in its words too.
    const words = message.replace(`${file}:${range.start.line}: `, '');
    const diagnostic = { id: code, severity: 'error' as const, message: words, ...hinted, file, range, related: [] };
    return new Failure(exit, '', { code, diagnostics: [diagnostic] });
  }
  return new Failure(exit, message, {
    code,
    ...hinted,
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
  /** What of the workflow file caused it. */
  readonly source?: Pick<Diagnostic, 'file' | 'range'>;
  /** When a dataset that is taken is free again. */
  readonly until?: string;
};

async function readProblem(response: Response): Promise<Readable | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null) return undefined;
  const { code, detail, title, diagnostics, source, until } = body as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string') return undefined;
  return {
    code,
    detail: typeof detail === 'string' ? detail : '',
    title: typeof title === 'string' ? title : code,
    ...(Array.isArray(diagnostics) ? { diagnostics: diagnostics as Diagnostic[] } : {}),
    ...(isPlace(source) ? { source } : {}),
    ...(typeof until === 'string' ? { until } : {})
  };
}

function isPlace(source: unknown): source is Pick<Diagnostic, 'file' | 'range'> {
  if (typeof source !== 'object' || source === null) return false;
  const { file, range } = source as Partial<Pick<Diagnostic, 'file' | 'range'>>;
  return typeof file === 'string' && typeof range?.start.line === 'number' && typeof range.end.line === 'number';
}
