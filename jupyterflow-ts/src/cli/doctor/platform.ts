import type { Me } from '@jupyterflow/schema';
import { Failure } from '../failure.js';
import { openApi } from '../open-backend.js';
import type { Settings } from '../settings.js';
import type { Check } from './check.js';

/** Does the platform answer, and does it know the caller? */
export async function checkPlatform(settings: Settings): Promise<Check> {
  const name = 'platform';
  if (settings.platform === undefined) {
    const mend = 'For datasets of organizations set JUPYTERFLOW_PLATFORM, or `platform:` in ~/.jupyterflow.yaml';
    return { name, status: 'warn', detail: 'none is set: there are no datasets to lease', mend };
  }
  try {
    const api = await openApi(settings, 'datasets are of a platform');
    const me = await api.json<Me>('/me');
    const where = api.url;
    if (me.organization === null) {
      const mend = 'Ask an administrator of the Hub to put you into the group of your organization';
      return { name, status: 'fail', detail: `${where} knows ${me.user}, but of no organization`, mend };
    }
    const roles = me.roles.length === 0 ? '' : `, ${me.roles.join(' and ')}`;
    return { name, status: 'ok', detail: `${where}, as ${me.user} of ${me.organization.name}${roles}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { message, hint } = error;
    return { name, status: 'fail', detail: message, ...(hint === undefined ? {} : { mend: hint }) };
  }
}
