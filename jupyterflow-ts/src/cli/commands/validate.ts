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
  readonly valid: boolean;
  /** How many there are, when that is known without the values of parameters. */
  readonly jobs?: number;
}

/** Tells every problem of a workflow file. */
export async function validate(flags: ValidateFlags): Promise<number> {
  const validated = await look(flags);
  const { source, diagnostics, valid } = validated;
  if (flags.output === 'text') {
    sayDiagnostics(diagnostics, source);
    if (valid) print(summary(validated));
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
    const told = diagnostics.map(neededByRun);
    const valid = told.every(({ severity }) => severity !== 'error');
    return {
      source: input.source,
      diagnostics: told,
      valid,
      ...(plan === undefined ? {} : { jobs: plan.jobs.length })
    };
  } catch (error) {
    // What can't even be compiled has its problems in the report all the same.
    if (!(error instanceof Failure) || error.diagnostics === undefined || error.source === undefined) throw error;
    return { source: error.source, diagnostics: error.diagnostics, valid: false };
  }
}

/** A parameter without a default is right in the file: only a run needs its value. */
function neededByRun(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.id !== 'param-missing') return diagnostic;
  return { ...diagnostic, severity: 'warning', message: `${diagnostic.message}: a run needs one` };
}

function summary({ source, jobs }: Validated): string {
  const count = jobs === undefined ? '' : `${jobs} job${jobs === 1 ? '' : 's'}, `;
  return `${source.file}: ${count}no errors\n`;
}
