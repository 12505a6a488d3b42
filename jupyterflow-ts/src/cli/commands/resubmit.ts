import { EXIT, Failure } from '../failure.js';
import { followStarted, type StartFlags } from '../follow-started.js';
import { openBackend } from '../open-backend.js';
import { readParams, type ParamFlags } from '../params.js';

/** Starts a new run of the file and the parameters of another one, as they were then but for those that are given. */
export async function resubmit(reference: string, flags: StartFlags & ParamFlags): Promise<number> {
  const params = await readParams(flags);
  const backend = await openBackend(flags);
  const { id, name, workspace } = await backend.find(reference);
  if (backend.resubmit === undefined) {
    const hint = `Run the file again: jupyterflow run -f ${workspace}/workflow.yaml`;
    throw new Failure(EXIT.usage, `the file of ${name} was not kept there`, { code: 'NO_SOURCE', hint });
  }
  return followStarted(backend, await backend.resubmit(id, params), flags);
}
