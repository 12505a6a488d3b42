import { drawGraph, type GraphFormat } from '../../graph/draw.js';
import { EXIT } from '../failure.js';
import { compileInput, readInput, type InputFlags } from '../input.js';
import { readParams, type ParamFlags } from '../params.js';
import { print } from '../terminal.js';

export interface GraphFlags extends InputFlags, ParamFlags {
  readonly output: GraphFormat;
}

/** Draws the jobs and their edges. */
export async function graph(flags: GraphFlags): Promise<number> {
  const { plan } = compileInput(await readInput(flags), { params: await readParams(flags) });
  print(drawGraph(plan, flags.output));
  return EXIT.ok;
}
