import { HttpKubernetesClient } from '../../engines/argo/api/client.js';
import { FakeKubernetes, type Answer } from '../../testing/kubernetes/server.js';
import { checkCluster } from './cluster.js';

let cluster: FakeKubernetes;
beforeEach(async () => (cluster = await FakeKubernetes.start()));
afterEach(() => cluster.close());

/** Each check in one line: `ok  name: detail`. */
async function checks(): Promise<readonly string[]> {
  const found = await checkCluster(() => new HttpKubernetesClient(cluster.url, 'science', () => Promise.resolve({})));
  return found.map(({ status, name, detail }) => `${status}  ${name}: ${detail.replace(cluster.url, 'https://k')}`);
}

const definition = (...fields: readonly string[]): Answer => {
  const spec = { properties: Object.fromEntries(fields.map(field => [field, {}])) };
  return [200, { spec: { versions: [{ schema: { openAPIV3Schema: { properties: { spec } } } }] } }];
};

test('a cluster on which everything is allowed', async () => {
  cluster.definition = definition('schedules', 'schedule');
  expect(await checks()).toEqual([
    'ok  cluster: Kubernetes v1.34.4 at https://k, namespace science',
    'ok  Argo Workflows: argoproj.io/v1alpha1, release 3.6 or 3.7',
    'ok  rights: all that the command does in science',
    'ok  rights of jobs: default may create and patch workflowtaskresults'
  ]);
});

test.each<[string, Answer | undefined, string]>([
  ['4', definition('schedules'), 'release 4'],
  ['3.5', definition('schedule'), 'release 3.5 or before: set `argoVersion: "3.5"` in ~/.jupyterflow.yaml'],
  ['not to be seen', undefined, 'its release can not be seen without the right to read CustomResourceDefinitions'],
  [
    'minimal',
    [200, { spec: { versions: [{}] } }],
    'without the schema of its fields: mistakes in them are found by Argo only'
  ]
])('the release of Argo: %s', async (_, answer, words) => {
  cluster.definition = answer;
  expect((await checks())[1]).toBe(`ok  Argo Workflows: argoproj.io/v1alpha1, ${words}`);
});

test.each<[string, readonly string[], readonly string[]]>([
  [
    'rights that some commands need',
    ['watch workflows', 'get pods/log'],
    ['warn  rights: missing: watch workflows, get pods/log']
  ],
  ['the right to start a run', ['create workflows'], ['fail  rights: missing: create workflows']],
  [
    'the rights of jobs',
    ['jobs: patch workflowtaskresults'],
    ['fail  rights of jobs: default may not create and patch workflowtaskresults']
  ],
  [
    'the right to ask about others',
    ['create subjectaccessreviews'],
    [
      'warn  rights of jobs: whether default may create and patch workflowtaskresults can not be known without the right to ask about others'
    ]
  ]
])('missing are %s', async (_, denied, lines) => {
  for (const right of denied) cluster.denied.add(right);
  expect((await checks()).filter(line => !line.startsWith('ok'))).toEqual(lines);
});

test('what is missing comes with what to apply', async () => {
  cluster.denied.add('create workflows');
  cluster.denied.add('jobs: create workflowtaskresults');
  const found = await checkCluster(
    () => new HttpKubernetesClient(cluster.url, 'science', () => Promise.resolve({})),
    'jobs'
  );
  expect(found[2]?.mend).toContain('- {apiGroups: ["argoproj.io"], resources: [workflows], verbs: [create]}');
  expect(found[3]?.mend).toContain('verbs: [create, patch]');
  expect(found[3]?.mend).toContain('- {kind: ServiceAccount, name: jobs, namespace: science}');
});

test('a cluster without Argo, and one that is away, end the checks', async () => {
  cluster.installed = false;
  expect(await checks()).toEqual([
    'ok  cluster: Kubernetes v1.34.4 at https://k, namespace science',
    'fail  Argo Workflows: the cluster has no Argo Workflows'
  ]);
  cluster.intercept = () => [401, {}];
  expect(await checks()).toEqual(['fail  cluster: the cluster does not accept these credentials']);
});
