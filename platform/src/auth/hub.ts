import { HubUnavailable, type HubUser, type Identify } from './identity.js';

const TIMEOUT = 5000;

/**
 * Identity from `GET <api>/user` of the JupyterHub REST API, asked with the caller's own token.
 * @param api - URL of the Hub's API, e.g. `http://127.0.0.1:8081/hub/api`
 */
export function hubIdentity(api: string): Identify {
  const url = `${api.replace(/\/+$/, '')}/user`;
  return async token => {
    const answer = await ask(url, token);
    // The Hub answers 403 to a token that it does not know.
    if (answer.status === 401 || answer.status === 403) return undefined;
    if (!answer.ok) throw new HubUnavailable(`the Hub answered ${answer.status}`);
    const user = hubUser(await answer.json().catch(() => undefined));
    if (!user) throw new HubUnavailable('the answer of the Hub is not a user');
    return user;
  };
}

async function ask(url: string, token: string): Promise<Response> {
  try {
    // A redirect would carry the token to another place.
    return await fetch(url, {
      headers: { authorization: `token ${token}`, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT)
    });
  } catch {
    throw new HubUnavailable('the Hub can not be reached');
  }
}

function hubUser(body: unknown): HubUser | undefined {
  const { name, kind, groups, scopes } = (body ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof kind !== 'string' || name === '') return undefined;
  return { name, kind, groups: strings(groups), scopes: strings(scopes) };
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];
}
