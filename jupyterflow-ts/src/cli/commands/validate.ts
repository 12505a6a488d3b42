import { EXIT } from '../failure.js';
import { compileQuietly, readInput, type InputFlags } from '../input.js';
import { printValue } from '../output.js';
import { print, sayDiagnostics } from '../terminal.js';

export interface ValidateFlags extends InputFlags {
  readonly output: string;
  readonly param?: Readonly<Record<string, string>>;
}

/** Tells every problem of a workflow file. */
export async function validate(flags: ValidateFlags): Promise<number> {
  const input = await readInput(flags);
  const { diagnostics, plan } = compileQuietly(input, flags.param === undefined ? {} : { params: flags.param });
  const valid = plan !== undefined;
  if (flags.output !== 'text') {
    await printValue({ valid, diagnostics }, flags.output);
  } else {
    sayDiagnostics(diagnostics, input.source);
    if (valid) print(`${input.source.file}: ${plan.jobs.length} job${plan.jobs.length === 1 ? '' : 's'}, no errors\n`);
  }
  return valid ? EXIT.ok : EXIT.invalidFile;
}
