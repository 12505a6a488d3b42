import { Failure } from '../failure.js';
import { readSettings, type BackendFlags, type Settings } from '../settings.js';
import type { Check } from './check.js';

/** Can the configuration be read, and where do runs go? */
export async function checkConfiguration(
  flags: BackendFlags
): Promise<{ readonly check: Check; readonly settings?: Settings }> {
  const name = 'configuration';
  try {
    const settings = await readSettings(flags);
    const { file, backend } = settings;
    const why = backend.where === undefined ? '' : ` (${backend.where})`;
    const detail = `${file.exists ? file.path : 'no file'}; runs go to ${WORDS[backend.value]}${why}`;
    return { check: { name, status: 'ok', detail }, settings };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message, hint } = error;
    return { check: { name, status: 'fail', detail: message, ...(hint === undefined ? {} : { mend: hint }) } };
  }
}

const WORDS = { platform: 'the platform', kube: 'Argo Workflows of a cluster', local: 'this machine' } as const;
