import type { Diagnostic } from '@jupyterflow/schema';
import type { Source } from '../../compile.js';
import { EXIT, Failure } from '../failure.js';
import { compileQuietly, readInput, type InputFlags } from '../input.js';
import { printValue } from '../output.js';
import { readParams, type ParamFlags } from '../params.js';
import { print, sayDiagnostics } from '../terminal.js';

export interface ValidateFlags extends InputFlags, ParamFlags {
  readonly output: string;
}

interface Validated {
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
  /** Number of jobs of a valid file. */
  readonly jobs?: number;
}

/** Tells every problem of a workflow file. */
export async function validate(flags: ValidateFlags): Promise<number> {
  const { source, diagnostics, jobs } = await look(flags);
  const valid = jobs !== undefined;
  if (flags.output === 'text') {
    sayDiagnostics(diagnostics, source);
    if (valid) print(`${source.file}: ${jobs} job${jobs === 1 ? '' : 's'}, no errors\n`);
  } else if (flags.output === 'github') {
    const { githubAnnotations } = await import('../reports/github.js');
    print(githubAnnotations(diagnostics));
  } else if (flags.output === 'sarif') {
    const { sarifLog } = await import('../reports/sarif.js');
    print(`${JSON.stringify(sarifLog(diagnostics), null, 2)}\n`);
  } else await printValue({ valid, diagnostics }, flags.output);
  return valid ? EXIT.ok : EXIT.invalidFile;
}

async function look(flags: ValidateFlags): Promise<Validated> {
  try {
    const input = await readInput(flags);
    const { diagnostics, plan } = compileQuietly(input, { params: await readParams(flags) });
    return { source: input.source, diagnostics, ...(plan === undefined ? {} : { jobs: plan.jobs.length }) };
  } catch (error) {
    // What can't even be compiled has its problems in the report all the same.
    if (!(error instanceof Failure) || error.diagnostics === undefined || error.source === undefined) throw error;
    return { source: error.source, diagnostics: error.diagnostics };
  }
}
