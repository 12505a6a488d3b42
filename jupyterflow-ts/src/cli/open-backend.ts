import type { Backend } from './backend.js';
import { platformOf, tokenOf, type BackendFlags } from './settings.js';

/** The place that the user's settings name. */
export async function openBackend(flags: BackendFlags): Promise<Backend> {
  const platform = await platformOf(flags);
  if (platform !== undefined) {
    const [{ PlatformBackend }, { PlatformApi }] = await Promise.all([
      import('./platform/backend.js'),
      import('./platform/api.js')
    ]);
    return new PlatformBackend(new PlatformApi(platform, tokenOf()));
  }
  const { LocalBackend } = await import('./local/backend.js');
  return new LocalBackend({ sandbox: flags.sandbox !== false });
}
