import type { Backend } from './backend.js';
import { platformOf, type BackendFlags } from './settings.js';

/** The place that the user's settings name. */
export async function openBackend(flags: BackendFlags): Promise<Backend> {
  const platform = await platformOf(flags);
  if (platform !== undefined) {
    const { PlatformBackend } = await import('./platform/backend.js');
    const token = process.env['JUPYTERFLOW_TOKEN'] ?? process.env['JUPYTERHUB_API_TOKEN'];
    return new PlatformBackend(platform, token);
  }
  const { LocalBackend } = await import('./local/backend.js');
  return new LocalBackend({ sandbox: flags.sandbox !== false });
}
