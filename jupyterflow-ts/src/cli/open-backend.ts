import type { Backend } from './backend.js';
import { EXIT, Failure } from './failure.js';
import type { PlatformApi } from './platform/api.js';
import { HOW_TO_SET_PLATFORM, readSettings, type BackendFlags, type PlatformFlags, type Settings } from './settings.js';

/** The place that the user's settings name. */
export async function openBackend(flags: BackendFlags): Promise<Backend> {
  const settings = await readSettings(flags);
  if (settings.backend.value === 'platform') {
    const { PlatformBackend } = await import('./platform/backend.js');
    return new PlatformBackend(await openApi(settings, 'runs go to a platform'));
  }
  if (settings.backend.value === 'kube') {
    const { openKube } = await import('./kube/connect.js');
    return openKube(settings);
  }
  const { LocalBackend } = await import('./local/backend.js');
  return new LocalBackend({
    sandbox: flags.sandbox !== false,
    ...(flags.jobs === undefined ? {} : { slots: flags.jobs }),
    ...(flags.cpu === undefined ? {} : { cpu: flags.cpu }),
    ...(flags.memory === undefined ? {} : { memory: flags.memory })
  });
}

/** The platform that the user's settings name. @throws Failure when they name none */
export async function openPlatform(flags: PlatformFlags): Promise<PlatformApi> {
  return openApi(await readSettings(flags), 'datasets are of a platform');
}

export async function openApi({ platform, token }: Settings, why: string): Promise<PlatformApi> {
  if (platform === undefined)
    throw new Failure(EXIT.usage, `${why}, and none is set`, { code: 'NO_PLATFORM', hint: HOW_TO_SET_PLATFORM });
  const { PlatformApi } = await import('./platform/api.js');
  return new PlatformApi(new URL(platform.value), token?.value);
}
