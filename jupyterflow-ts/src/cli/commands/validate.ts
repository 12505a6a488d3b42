import { EXIT } from '../failure.js';
import { compileQuietly, readInput, type InputFlags } from '../input.js';
import { printValue } from '../output.js';
import { readParams, type ParamFlags } from '../params.js';
import { print, sayDiagnostics } from '../terminal.js';

export interface ValidateFlags extends InputFlags, ParamFlags {
  readonly output: string;
}

/** Tells every problem of a workflow file. */
export async function validate(flags: ValidateFlags): Promise<number> {
  const input = await readInput(flags);
  const { diagnostics, plan } = compileQuietly(input, { params: await readParams(flags) });
  const valid = plan !== undefined;
  if (flags.output === 'text') {
    sayDiagnostics(diagnostics, input.source);
    if (valid) print(`${input.source.file}: ${plan.jobs.length} job${plan.jobs.length === 1 ? '' : 's'}, no errors\n`);
  } else if (flags.output === 'github') {
    const { githubAnnotations } = await import('../reports/github.js');
    print(githubAnnotations(diagnostics));
  } else if (flags.output === 'sarif') {
    const { sarifLog } = await import('../reports/sarif.js');
    print(`${JSON.stringify(sarifLog(diagnostics), null, 2)}\n`);
  } else await printValue({ valid, diagnostics }, flags.output);
  return valid ? EXIT.ok : EXIT.invalidFile;
}
