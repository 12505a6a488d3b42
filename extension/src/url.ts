/** What is known about where this JupyterLab runs. */
export interface Place {
  /** The setting; '' when it is not set. */
  readonly setting: string;
  /** Path of the Hub, e.g. /hub/; '' without a Hub. */
  readonly hubPrefix: string;
  /** Origin of the Hub when it is another one than this page's; else ''. */
  readonly hubHost: string;
  /** Address of the notebook server. */
  readonly serverUrl: string;
}

/**
 * Base address of the platform, with a slash at the end: the setting when there is one, else the service named
 * `platform` of the Hub, which is beside the Hub's own path.
 *
 * @throws Error when the setting is no http(s) address.
 */
export function platformUrl({ setting, hubPrefix, hubHost, serverUrl }: Place): string {
  const beside = hubPrefix.replace(/hub\/?$/, '') || '/';
  const chosen = setting || `${hubHost}${beside}services/platform/`;
  const url = new URL(chosen, new URL(serverUrl, globalThis.location.href));
  if (!/^https?:$/.test(url.protocol)) {
    throw new Error(`The setting platformUrl must be an http or https address, not ${chosen}`);
  }
  url.search = url.hash = '';
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return url.href;
}
