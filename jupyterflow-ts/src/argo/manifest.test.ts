import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ajv, { type ValidateFunction } from 'ajv';
import { compile } from '../compile.js';
import { toArgo } from './argo.js';
import { argoVersionOf, type ArgoVersion, type Manifest } from './manifest.js';
import type { ArgoOptions } from './options.js';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(here(path), 'utf8'));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const examples = readdirSync(here('../examples'))
  .filter(name => existsSync(here(`../examples/${name}/workflow.yaml`)))
  .map(name => [name, `../examples/${name}/workflow.yaml`] as const);
const workflows = readdirSync(here('test-data/workflows')).map(
  name => [name.replace('.yaml', ''), `test-data/workflows/${name}`] as const
);
const all = [...examples, ...workflows];

/** What some of the workflows are compiled with. */
const OPTIONS: Readonly<Record<string, ArgoOptions>> = {
  cached: { cache: { digest: sha256, digestOf: file => sha256(file) } },
  cluster: {
    namespace: 'research',
    sites: { oslo: { nodeSelector: { zone: 'oslo' }, tolerations: [{ key: 'site', operator: 'Exists' }] } },
    gpuTypes: { 'NVIDIA-A100-SXM4-40GB': { resource: 'nvidia.com/mig-1g.5gb', nodeSelector: { gpu: 'a100' } } },
    temporaryStorage: '10Gi'
  },
  penguins: {
    inherited: {
      image: 'quay.io/jupyter/scipy-notebook:2026-11-01',
      imagePullPolicy: 'IfNotPresent',
      imagePullSecrets: [{ name: 'registry' }],
      env: [
        { name: 'LANG', value: 'en_US.UTF-8' },
        { name: 'TEMPLATE', value: '{{x}} $(LANG)' },
        { name: 'DB', valueFrom: { secretKeyRef: { name: 'db', key: 'url' } } }
      ],
      envFrom: [{ configMapRef: { name: 'group' } }],
      resources: { limits: { cpu: '2' } },
      nodeSelector: { pool: 'users' },
      tolerations: [{ key: 'users', operator: 'Exists' }],
      securityContext: { fsGroup: 100 },
      containerSecurityContext: { runAsUser: 1000 },
      serviceAccountName: 'jovyan',
      runtimeClassName: 'gvisor',
      priorityClassName: 'users',
      schedulerName: 'user-scheduler',
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['nas'] }],
      dnsConfig: { searches: ['uis.no'] },
      volumes: [{ name: 'home', persistentVolumeClaim: { claimName: 'claim-ada' } }],
      volumeMounts: [{ name: 'home', mountPath: '/home/jovyan', subPath: 'ada' }]
    }
  }
};

function manifestsOf(name: string, path: string, argoVersion: ArgoVersion): readonly Manifest[] {
  const text = readFileSync(here(path), 'utf8');
  const { plan, diagnostics } = compile({ text, file: path }, { folder: name, keepParams: true });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { objects, problems } = toArgo(plan!, {
    workspace: `/home/jovyan/${name}`,
    sourceDigest: `sha256:${sha256(text)}`,
    argoVersion,
    ...OPTIONS[name]
  });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return objects;
}

test.each([
  ['3.5', '3.5'],
  ['3.6', '3.6'],
  ['3.7', '3.6'],
  ['4', '4'],
  ['4.0', '4']
])('Argo %s reads what is made for %s', (release, version) => {
  expect(argoVersionOf(release)).toBe(version);
});

test.each(['linear', 'lorem-count', 'notebook', 'penguins'])('the example %s is there', name => {
  expect(examples.map(([known]) => known)).toContain(name);
});

describe.each([
  ['3.5', '3.5'],
  ['3.6', '3.6'],
  ['3.7', '3.6'],
  ['4.0', '4'],
  // What is made for 4 can be given to 3.6 and 3.7 too, but for caches.
  ['3.6', '4'],
  ['3.7', '4']
] as const)('Argo %s, with what is made for %s', (version, target) => {
  const validate: ValidateFunction = new ajv.Ajv({ allErrors: true, strict: false }).compile(
    readJson(`test-data/argo-${version}.schema.json`) as object
  );

  const accepted = all.filter(([name]) => name !== 'cached' || target !== '4' || version === '4.0');
  test.each(accepted)('accepts the manifest of %s', (name, path) => {
    for (const manifest of manifestsOf(name, path, target)) {
      validate(manifest);
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('refuses a field that it does not know', () => {
    const [manifest] = manifestsOf('linear', '../examples/linear/workflow.yaml', target);
    expect(validate({ ...manifest, spec: { ...manifest?.spec, imagePullSecret: 'x' } })).toBe(false);
  });
});

test.each(all)('the manifests of %s stay as they were', (name, path) => {
  const golden = `test-data/golden/${name}.golden.json`;
  const ofVersions = (['3.5', '3.6', '4'] as const).map(version => manifestsOf(name, path, version));
  const [first, second, third] = ofVersions.map(objects => JSON.stringify(objects));
  // Said for each release only where they differ.
  const manifests = {
    'Argo 4': ofVersions[2],
    ...(second === third ? {} : { 'Argo 3.6': ofVersions[1] }),
    ...(first === third ? {} : { 'Argo 3.5': ofVersions[0] })
  };
  if (process.env['GOLDEN'] === 'write' && process.env['CI'] === undefined)
    writeFileSync(here(golden), `${JSON.stringify(manifests, null, 2)}\n`);
  expect(JSON.parse(JSON.stringify(manifests))).toEqual(readJson(golden));
});

test('the releases differ in how they say when a schedule runs, and in how pods go', () => {
  const path = 'test-data/workflows/schedule.yaml';
  const differences = (['3.5', '3.6', '4'] as const).map(version =>
    manifestsOf('schedule', path, version).map(({ metadata, spec }) => ({
      name: metadata['name'],
      schedule: spec['schedule'],
      schedules: spec['schedules'],
      podGC: 'podGC' in (spec['workflowSpec'] as object)
    }))
  );
  const both = [{ name: 'every-night', schedules: ['0 2 * * 1-5', '0 4 * * 6'], podGC: true }];
  expect(differences).toEqual([
    [
      { name: 'every-night', schedule: '0 2 * * 1-5', podGC: false },
      { name: 'every-night-2', schedule: '0 4 * * 6', podGC: false }
    ],
    both,
    both
  ]);
});
