import { explain } from './explain.js';
import { inheritPod, type Pod } from './inherit.js';
import type { InheritedSpec } from './inherited.js';

/** A pod as KubeSpawner makes it for a user of Zero to JupyterHub. */
const POD: Pod = {
  spec: {
    serviceAccountName: 'jovyan',
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { pool: 'users' },
    tolerations: [{ key: 'hub.jupyter.org/dedicated', operator: 'Equal', value: 'user' }],
    affinity: { nodeAffinity: { preferred: [] } },
    securityContext: { fsGroup: 100 },
    runtimeClassName: 'gvisor',
    priorityClassName: 'users',
    schedulerName: 'user-scheduler',
    hostAliases: [{ ip: '10.0.0.1', hostnames: ['nas'] }],
    dnsConfig: { searches: ['uis.no'] },
    automountServiceAccountToken: false,
    nodeName: 'node-7',
    initContainers: [{ name: 'block-cloud-metadata', image: 'tools' }],
    volumes: [
      { name: 'home', persistentVolumeClaim: { claimName: 'claim-ada' } },
      { name: 'shm', emptyDir: { medium: 'Memory' } },
      { name: 'kube-api-access-x7k2p', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
      { name: 'cloud-token', projected: { sources: [{ serviceAccountToken: { audience: 'sts' } }] } },
      { name: 'of-the-sidecar', emptyDir: {} }
    ],
    containers: [
      { name: 'proxy', image: 'envoy' },
      {
        name: 'notebook',
        image: 'quay.io/jupyter/scipy-notebook:2026-11-01',
        imagePullPolicy: 'IfNotPresent',
        args: ['jupyterhub-singleuser'],
        ports: [{ containerPort: 8888 }],
        securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false },
        resources: { limits: { cpu: '2', memory: '4Gi' }, requests: { cpu: '1', memory: '1Gi' } },
        envFrom: [{ configMapRef: { name: 'group-settings' } }],
        env: [
          { name: 'LANG', value: 'en_US.UTF-8' },
          { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
          { name: 'JUPYTERHUB_API_TOKEN', value: 'geheim' },
          { name: 'JPY_API_TOKEN', value: 'geheim' },
          { name: 'JUPYTERHUB_USER', value: 'ada' },
          { name: 'MEM_LIMIT', value: '4294967296' },
          { name: 'KUBERNETES_SERVICE_HOST', value: '10.3.0.1' },
          { name: 'PROXY_PUBLIC_SERVICE_PORT', value: '80' },
          { name: 'HUB_PORT', value: 'tcp://10.3.1.4:8081' },
          { name: 'HUB_PORT_8081_TCP_ADDR', value: '10.3.1.4' },
          { name: 'DB_PORT', value: '5432' },
          { name: 'WHO', value: '$(JUPYTERHUB_USER) of $(LANG), $$(HOME)' },
          { name: 'AUTH_HEADER', value: 'token $(JUPYTERHUB_API_TOKEN)' },
          { name: 'CORES', valueFrom: { resourceFieldRef: { containerName: 'notebook', resource: 'limits.cpu' } } }
        ],
        volumeMounts: [
          { name: 'home', mountPath: '/home/jovyan', subPathExpr: 'homes/$(JUPYTERHUB_USER)' },
          { name: 'shm', mountPath: '/dev/shm' },
          { name: 'kube-api-access-x7k2p', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
          { name: 'cloud-token', mountPath: '/var/run/secrets/cloud' }
        ]
      }
    ]
  }
};

test('a job gets what makes the notebook what it is', () => {
  expect(inheritPod(POD).spec).toEqual({
    image: 'quay.io/jupyter/scipy-notebook:2026-11-01',
    imagePullPolicy: 'IfNotPresent',
    imagePullSecrets: [{ name: 'registry' }],
    env: [
      { name: 'LANG', value: 'en_US.UTF-8' },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
      { name: 'DB_PORT', value: '5432' },
      { name: 'WHO', value: 'ada of $(LANG), $$(HOME)' }
    ],
    envFrom: [{ configMapRef: { name: 'group-settings' } }],
    resources: { limits: { cpu: '2', memory: '4Gi' }, requests: { cpu: '1', memory: '1Gi' } },
    nodeSelector: { pool: 'users' },
    tolerations: [{ key: 'hub.jupyter.org/dedicated', operator: 'Equal', value: 'user' }],
    affinity: { nodeAffinity: { preferred: [] } },
    securityContext: { fsGroup: 100 },
    containerSecurityContext: { runAsUser: 1000, allowPrivilegeEscalation: false },
    serviceAccountName: 'jovyan',
    runtimeClassName: 'gvisor',
    priorityClassName: 'users',
    schedulerName: 'user-scheduler',
    hostAliases: [{ ip: '10.0.0.1', hostnames: ['nas'] }],
    dnsConfig: { searches: ['uis.no'] },
    volumes: [
      { name: 'home', persistentVolumeClaim: { claimName: 'claim-ada' } },
      { name: 'shm', emptyDir: { medium: 'Memory' } }
    ],
    volumeMounts: [
      { name: 'home', mountPath: '/home/jovyan', subPath: 'homes/ada' },
      { name: 'shm', mountPath: '/dev/shm' }
    ]
  } satisfies InheritedSpec);
});

test('what a job never gets is told, without its value', () => {
  const { left } = inheritPod(POD);
  expect(left.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'container proxy: a sidecar',
    'container block-cloud-metadata: an init container',
    ...[
      'JUPYTERHUB_API_TOKEN',
      'JPY_API_TOKEN',
      'JUPYTERHUB_USER',
      'MEM_LIMIT',
      'KUBERNETES_SERVICE_HOST',
      'PROXY_PUBLIC_SERVICE_PORT',
      'HUB_PORT',
      'HUB_PORT_8081_TCP_ADDR'
    ].map(name => `variable ${name}: of the Hub, the notebook server or the cluster`),
    'variable AUTH_HEADER: it holds JUPYTERHUB_API_TOKEN',
    'variable CORES: about the container of the notebook',
    'mount /var/run/secrets/kubernetes.io/serviceaccount: a token of the notebook',
    'mount /var/run/secrets/cloud: a token of the notebook'
  ]);
  expect(JSON.stringify([left, inheritPod(POD).spec])).not.toContain('geheim');
});

describe('the configuration', () => {
  test('replaces what it names', () => {
    const config = { image: 'python:3.13', resources: { limits: { cpu: '1' } }, nodeSelector: { pool: 'jobs' } };
    expect(inheritPod(POD, config).spec).toMatchObject(config);
    expect(inheritPod(POD, config).spec.resources).toEqual({ limits: { cpu: '1' } });
    expect(inheritPod(POD, config).spec.nodeSelector).toEqual({ pool: 'jobs' });
  });

  test('replaces variables, volumes and mounts by their names, and wins', () => {
    const config = {
      env: [
        { name: 'LANG', value: 'nb_NO.UTF-8' },
        { name: 'EXTRA', value: '1' }
      ],
      volumes: [{ name: 'shm', emptyDir: { sizeLimit: '1Gi' } }],
      volumeMounts: [{ name: 'shm', mountPath: '/shm' }]
    };
    const { spec } = inheritPod(POD, config);
    expect(spec.env?.map(({ name, value }) => `${name}=${value ?? ''}`)).toEqual([
      'DB_PASSWORD=',
      'DB_PORT=5432',
      'WHO=ada of $(LANG), $$(HOME)',
      'LANG=nb_NO.UTF-8',
      'EXTRA=1'
    ]);
    expect(spec.volumes?.map(({ name }) => name)).toEqual(['home', 'shm']);
    expect(spec.volumes?.[1]).toEqual({ name: 'shm', emptyDir: { sizeLimit: '1Gi' } });
    expect(spec.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(['/home/jovyan', '/shm']);
  });

  test('that names a user leaves the group of files as it is', () => {
    const { spec } = inheritPod(POD, { securityContext: { runAsUser: 5 } });
    expect(spec.securityContext).toEqual({ fsGroup: 100, runAsUser: 5 });
    // That of a container would win.
    expect(spec.containerSecurityContext).toEqual({ allowPrivilegeEscalation: false });
  });

  test('may bring a token of its own', () => {
    const env = [{ name: 'JUPYTERHUB_API_TOKEN', value: 'wanted' }];
    expect(inheritPod(POD, { env }).spec.env).toContainEqual(env[0]);
  });

  test('is all there is without a pod', () => {
    expect(inheritPod(undefined, { image: 'a' })).toEqual({
      spec: { image: 'a' },
      origins: new Map([['image', 'config']]),
      left: []
    });
  });
});

test('what the process of the notebook knows is used where the pod says nothing', () => {
  const notebook = {
    uid: 1001,
    gid: 100,
    env: { NB_USER: 'ada', PATH: '/opt/conda/bin:$X', HOME: '/home/ada', SECRET: 'x' }
  };
  const { spec } = inheritPod(
    { spec: { containers: [{ env: [{ name: 'HOME', value: '/home/jovyan' }] }] } },
    {},
    notebook
  );
  expect(spec).toEqual({
    securityContext: { runAsUser: 1001, runAsGroup: 100 },
    env: [
      { name: 'NB_USER', value: 'ada' },
      { name: 'PATH', value: '/opt/conda/bin:$$X' },
      { name: 'HOME', value: '/home/jovyan' }
    ]
  });
});

test('every value is explained with its origin, and no secret is shown', () => {
  const pod: Pod = {
    spec: {
      containers: [
        {
          image: 'python',
          env: [
            { name: 'LANG', value: 'C' },
            { name: 'API_TOKEN', value: 'geheim' },
            { name: 'AWS_SECRET_ACCESS_KEY', value: 'geheim' },
            { name: 'DATABASE_URL', value: 'postgres://ada:geheim@db/x' },
            { name: 'DB', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }
          ],
          volumeMounts: [{ name: 'share', mountPath: '/share' }]
        }
      ],
      volumes: [{ name: 'share', csi: { driver: 'smb', volumeAttributes: { password: 'geheim', source: '//nas/x' } } }]
    }
  };
  const shown = explain(inheritPod(pod, { image: 'python:3.13', env: [{ name: 'MODE', value: 'fast' }] }));
  expect(shown.map(({ what, value, from }) => `${what} = ${value} (${from})`)).toEqual([
    'image = python:3.13 (config)',
    'env.LANG = C (pod)',
    'env.API_TOKEN = **** (pod)',
    'env.AWS_SECRET_ACCESS_KEY = **** (pod)',
    'env.DATABASE_URL = postgres://ada:****@db/x (pod)',
    'env.DB = ${{ secrets.db.password }} (pod)',
    'env.MODE = fast (config)',
    'volumes.share = {"csi":{"driver":"smb","volumeAttributes":{"password":"****","source":"//nas/x"}}} (pod)',
    'volumeMounts.share = {"mountPath":"/share"} (pod)'
  ]);
});

test.each([{}, { spec: {} }, { spec: { containers: [] } }])('a pod of which little is known: %j', pod => {
  expect(inheritPod(pod).spec).toEqual({});
});
