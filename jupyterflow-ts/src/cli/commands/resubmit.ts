import { EXIT, Failure } from '../failure.js';
import { followStarted, type StartFlags } from '../follow-started.js';
import { openBackend } from '../open-backend.js';

/** Starts a new run of the file and the parameters of another one, as they were then. */
export async function resubmit(reference: string, flags: StartFlags): Promise<number> {
  const backend = await openBackend(flags);
  const { id, name, workspace } = await backend.find(reference);
  if (backend.resubmit === undefined) {
    const hint = `Run the file again: jupyterflow run -f ${workspace}/workflow.yaml`;
    throw new Failure(EXIT.usage, `the file of ${name} was not kept there`, { code: 'NO_SOURCE', hint });
  }
  return followStarted(backend, await backend.resubmit(id), flags);
}
