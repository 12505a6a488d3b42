import { resolveSettings, type BackendFlags, type BackendName } from './settings.js';
import type { JupyterflowConfig } from '../config/config.js';

const settings = (flags: BackendFlags, env: NodeJS.ProcessEnv, config: Omit<JupyterflowConfig, 'spec'>) =>
  resolveSettings(flags, env, { path: '~/.jupyterflow.yaml', exists: true, config: { ...config, spec: {} } });

const [A, B, C] = ['http://a/', 'http://b/', 'http://c/'] as const;

test.each<[BackendFlags, NodeJS.ProcessEnv, Omit<JupyterflowConfig, 'spec'>, BackendName, string | undefined]>([
  [{}, {}, {}, 'local', undefined],
  [{}, {}, { platform: C }, 'platform', C],
  [{}, { JUPYTERFLOW_PLATFORM: B }, { platform: C }, 'platform', B],
  [{ platform: A }, { JUPYTERFLOW_PLATFORM: B }, { platform: C }, 'platform', A],
  [{}, { JUPYTERFLOW_PLATFORM: '' }, { platform: C }, 'platform', C],
  [{}, {}, { backend: 'local', platform: C }, 'local', C],
  [{}, { JUPYTERFLOW_PLATFORM: B }, { backend: 'local' }, 'platform', B],
  [{}, { JUPYTERFLOW_BACKEND: 'kube', JUPYTERFLOW_PLATFORM: B }, {}, 'kube', B],
  [{ local: true }, { JUPYTERFLOW_BACKEND: 'kube' }, { backend: 'platform', platform: C }, 'local', C],
  [{ kube: true }, { JUPYTERFLOW_PLATFORM: B }, {}, 'kube', B],
  [{}, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, {}, 'local', undefined]
])('%j, %j and %j lead to %s', (flags, env, config, backend, platform) => {
  const found = settings(flags, env, config);
  expect([found.backend.value, found.platform?.value]).toEqual([backend, platform]);
});

test('each value says where it comes from', () => {
  expect(
    settings({ namespace: 'f' }, { JUPYTERHUB_API_TOKEN: 't', JUPYTERFLOW_CONTEXT: 'e' }, { platform: C, context: 'c' })
  ).toMatchObject({
    backend: { value: 'platform', from: 'config', where: 'platform' },
    platform: { value: C, from: 'config', where: 'platform' },
    token: { value: 't', from: 'environment', where: 'JUPYTERHUB_API_TOKEN' },
    context: { value: 'e', from: 'environment', where: 'JUPYTERFLOW_CONTEXT' },
    namespace: { value: 'f', from: 'flag', where: '--namespace' }
  });
});

test.each<[BackendFlags, NodeJS.ProcessEnv, string]>([
  [{ platform: 'ftp://a' }, {}, '--platform is not the URL of a platform: ftp://a'],
  [{}, { JUPYTERFLOW_PLATFORM: 'x' }, 'JUPYTERFLOW_PLATFORM is not the URL of a platform: x'],
  [{}, { JUPYTERFLOW_BACKEND: 'cloud' }, 'JUPYTERFLOW_BACKEND must be platform, kube or local, not cloud']
])('%j and %j can not be', (flags, env, message) => {
  expect(() => settings(flags, env, {})).toThrow(message);
});
