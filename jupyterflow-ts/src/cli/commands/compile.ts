import { toArgo } from '../../argo/argo.js';
import { EXIT } from '../failure.js';
import { compileInput, readInput, type InputFlags } from '../input.js';
import { printValue } from '../output.js';
import { readParams, type ParamFlags } from '../params.js';
import { selectionOf, selectPlan, type SelectFlags } from '../selection.js';
import { say } from '../terminal.js';

/** Kubernetes keeps a Workflow with its status in one object of at most 1 MiB. */
const MAX_SPEC_BYTES = 600 * 1024;

export interface CompileFlags extends InputFlags, ParamFlags, SelectFlags {
  readonly output: string;
  readonly name?: string;
  readonly image?: string;
}

/** Prints the Argo Workflow of a file. */
export async function compileCommand(flags: CompileFlags): Promise<number> {
  const input = await readInput(flags);
  const compilation = compileInput(input, {
    params: await readParams(flags),
    ...(flags.name === undefined ? {} : { name: flags.name })
  });
  const { plan } = selectPlan(compilation, selectionOf(flags));
  const manifest = toArgo(plan, {
    workspace: input.workspace,
    ...(flags.image === undefined ? {} : { image: flags.image })
  });
  const bytes = Buffer.byteLength(JSON.stringify(manifest.spec));
  if (bytes > MAX_SPEC_BYTES) {
    say(
      `warning TOO_LARGE: the spec has ${Math.ceil(bytes / 1024)} KiB, and Argo keeps at most about ${MAX_SPEC_BYTES / 1024} KiB beside its status; split the workflow\n`
    );
  }
  await printValue(manifest, flags.output);
  return EXIT.ok;
}
