import type { Backend } from './backend.js';
import { EXIT, Failure } from './failure.js';
import type { PlatformApi } from './platform/api.js';
import { HOW_TO_SET_PLATFORM, platformOf, tokenOf, type BackendFlags, type PlatformFlags } from './settings.js';

/** The place that the user's settings name. */
export async function openBackend(flags: BackendFlags): Promise<Backend> {
  const platform = await platformOf(flags);
  if (platform !== undefined) {
    const { PlatformBackend } = await import('./platform/backend.js');
    return new PlatformBackend(await openApi(platform));
  }
  const { LocalBackend } = await import('./local/backend.js');
  return new LocalBackend({ sandbox: flags.sandbox !== false });
}

/** The platform that the user's settings name; undefined when they name none. */
export async function findPlatform(flags: PlatformFlags): Promise<PlatformApi | undefined> {
  const platform = await platformOf(flags);
  return platform === undefined ? undefined : openApi(platform);
}

/** The platform that the user's settings name. @throws Failure when they name none */
export async function openPlatform(flags: PlatformFlags): Promise<PlatformApi> {
  const api = await findPlatform(flags);
  if (api !== undefined) return api;
  throw new Failure(EXIT.usage, 'datasets are of a platform, and none is set', {
    code: 'NO_PLATFORM',
    hint: HOW_TO_SET_PLATFORM
  });
}

async function openApi(platform: URL): Promise<PlatformApi> {
  const { PlatformApi } = await import('./platform/api.js');
  return new PlatformApi(platform, tokenOf());
}
