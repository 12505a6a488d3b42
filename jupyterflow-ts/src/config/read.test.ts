import { formatDiagnostics } from '../check/format.js';
import { readConfig } from './read.js';

const FILE = '.jupyterflow.yaml';
const problemsOf = (text: string): string =>
  formatDiagnostics(readConfig(text, FILE).diagnostics, { text, file: FILE });

test.each(['', '# nothing yet\n', '\uFEFF'])('an empty file says nothing', text => {
  expect(readConfig(text, FILE)).toEqual({ config: { spec: {} }, diagnostics: [] });
});

test('the file that the first JupyterFlow generates, with all of it in use', () => {
  const text = `
spec:
  image: jupyter/datascience-notebook:latest
  imagePullPolicy: Always
  imagePullSecrets:
  -  name: "default"
  env:
  - name: "CUSTOM_KEY"
    value: "CUSTOM_VAL"
  env_from:
  - secretRef: {name: shared}
  resources:
    requests:
      cpu: 500m
      memory: 500Mi
    limits:
      cpu: 500m
      memory: 500Mi
  nodeSelector: {}
  runAsUser: 1000
  runAsGroup: 100
  serviceAccountName: default
  volumes:
  - name: nas001
    persistentVolumeClaim:
      claimName: nas001
  volumeMounts:
  - name: nas001
    mountPath: /nas001
`;
  const amounts = { cpu: '500m', memory: '500Mi' };
  expect(readConfig(text, FILE)).toEqual({
    diagnostics: [],
    config: {
      spec: {
        image: 'jupyter/datascience-notebook:latest',
        imagePullPolicy: 'Always',
        imagePullSecrets: [{ name: 'default' }],
        env: [{ name: 'CUSTOM_KEY', value: 'CUSTOM_VAL' }],
        envFrom: [{ secretRef: { name: 'shared' } }],
        resources: { requests: amounts, limits: amounts },
        nodeSelector: {},
        securityContext: { runAsUser: 1000, runAsGroup: 100 },
        serviceAccountName: 'default',
        volumes: [{ name: 'nas001', persistentVolumeClaim: { claimName: 'nas001' } }],
        volumeMounts: [{ name: 'nas001', mountPath: '/nas001' }]
      }
    }
  });
});

test('all other keys; values of variables and labels are texts', () => {
  const text = `$schema: https://jupyterflow.io/schema/config.schema.json
backend: kube
platform: https://hub.uis.no/services/platform
context: uis
namespace: research
argoVersion: 3.6
argoUrl: https://argo.uis.no
temporaryStorage: 10Gi
sites:
  stavanger: {nodeSelector: {site: 7}, tolerations: [{key: gpu, operator: Exists}], affinity: {podAffinity: {}}}
gpuTypes:
  a100: {resource: nvidia.com/mig-1g.5gb, nodeSelector: {a100: true}}
spec:
  env: [{name: DEBUG, value: true}, {name: N, value: 10}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
`;
  expect(readConfig(text, FILE)).toEqual({
    diagnostics: [],
    config: {
      backend: 'kube',
      platform: 'https://hub.uis.no/services/platform',
      context: 'uis',
      namespace: 'research',
      argoVersion: '3.6',
      argoUrl: 'https://argo.uis.no',
      temporaryStorage: '10Gi',
      sites: {
        stavanger: {
          nodeSelector: { site: '7' },
          tolerations: [{ key: 'gpu', operator: 'Exists' }],
          affinity: { podAffinity: {} }
        }
      },
      gpuTypes: { a100: { resource: 'nvidia.com/mig-1g.5gb', nodeSelector: { a100: 'true' } } },
      spec: {
        env: [
          { name: 'DEBUG', value: 'true' },
          { name: 'N', value: '10' },
          { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }
        ]
      }
    }
  });
});

test('all problems are told at once, each where it is, with the mend', () => {
  const text = `platfrom: https://hub.uis.no
argoVersion: 3
backend: cloud
sites:
  stavanger:
    nodeselector: {a: b}
spec:
  imagePullPolicy: Sometimes
  runAsUser: me
  volumeMounts:
  - {name: home, mountPath: home}
  - {mountPath: /data}
  colour: red
sites2: {}
`;
  expect(problemsOf(text)).toBe(`\
.jupyterflow.yaml:1:1: error config-unknown-key: \`platfrom\` is not a key of the configuration
  1 | platfrom: https://hub.uis.no
    | ^^^^^^^^
  hint: Did you mean \`platform\`?

.jupyterflow.yaml:2:14: error config-value: \`argoVersion\` must be one of 3.5, 3.6, 3.7, 4, 4.0
  2 | argoVersion: 3
    |              ^

.jupyterflow.yaml:3:10: error config-value: \`backend\` must be one of platform, kube, local
  3 | backend: cloud
    |          ^^^^^

.jupyterflow.yaml:6:5: error config-unknown-key: \`nodeselector\` is not a key of \`sites.stavanger\`
  6 |     nodeselector: {a: b}
    |     ^^^^^^^^^^^^
  hint: Did you mean \`nodeSelector\`?

.jupyterflow.yaml:8:20: error config-value: \`spec.imagePullPolicy\` must be one of Always, IfNotPresent, Never
  8 |   imagePullPolicy: Sometimes
    |                    ^^^^^^^^^

.jupyterflow.yaml:9:14: error config-value: \`spec.runAsUser\` must be a whole number
  9 |   runAsUser: me
    |              ^^

.jupyterflow.yaml:11:29: error config-value: \`spec.volumeMounts[0].mountPath\` must be an absolute folder
 11 |   - {name: home, mountPath: home}
    |                             ^^^^
  hint: Begin it with /.

.jupyterflow.yaml:12:6: error config-missing-key: \`spec.volumeMounts[1]\` needs the key \`name\`
 12 |   - {mountPath: /data}
    |      ^^^^^^^^^

.jupyterflow.yaml:13:3: error config-unknown-key: \`colour\` is not a key of \`spec\`
 13 |   colour: red
    |   ^^^^^^
  hint: Keys of \`spec\`: image, imagePullPolicy, imagePullSecrets, env, envFrom, env_from, resources, nodeSelector, tolerations, affinity, runAsUser, runAsGroup, securityContext, serviceAccountName, runtimeClassName, priorityClassName, schedulerName, hostAliases, dnsPolicy, dnsConfig, volumes, volumeMounts.

.jupyterflow.yaml:14:1: error config-unknown-key: \`sites2\` is not a key of the configuration
 14 | sites2: {}
    | ^^^^^^
  hint: Did you mean \`sites\`?
`);
});

test.each([
  ['a list', '- a\n', 'the configuration must be a map'],
  ['a text', 'hello\n', 'the configuration must be a map'],
  ['broken YAML', 'a: [\n', undefined],
  ['a key twice', 'platform: a\nplatform: b\n', undefined]
])('%s is no configuration', (_, text, message) => {
  const { config, diagnostics } = readConfig(text, FILE);
  expect(config).toBeUndefined();
  expect(diagnostics[0]?.severity).toBe('error');
  if (message !== undefined) expect(diagnostics[0]?.message).toBe(message);
});

test('a key called __proto__ is a key that is not known', () => {
  const { diagnostics } = readConfig('spec: {__proto__: {image: x}}\n', FILE);
  expect(diagnostics.map(({ message }) => message)).toEqual(['`__proto__` is not a key of `spec`']);
});
