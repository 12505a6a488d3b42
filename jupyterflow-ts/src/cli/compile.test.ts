import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { CommandRig } from '../testing/command.js';

let rig: CommandRig;
beforeAll(() => {
  rig = new CommandRig();
  mkdirSync(rig.home);
  rig.write('workflow.yaml', 'name: small\njobs:\n- echo a\n');
  rig.write('nightly.yaml', "name: nightly\nschedule: ['0 2 * * *', '0 4 * * *']\njobs:\n- echo a\n");
  rig.write('wait.yaml', 'jobs:\n- command: a\n  queueTimeout: 5m\n- {command: b, cache: true}\n');
});
afterAll(() => rig.dispose());

const json = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
  const { exit, stdout, stderr } = await rig.run('compile', ...args, '-o', 'json');
  expect([exit, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
};

test('one object is printed as it is', async () => {
  expect(await json('-f', 'workflow.yaml')).toMatchObject({ kind: 'Workflow', metadata: { generateName: 'small-' } });
  expect(await json('-f', 'nightly.yaml')).toMatchObject({ kind: 'CronWorkflow', metadata: { name: 'nightly' } });
});

test('several are a List, or the documents of a stream', async () => {
  const args = ['-f', 'nightly.yaml', '--argo-version', '3.5'];
  const items = ['nightly', 'nightly-2'].map(name => ({ kind: 'CronWorkflow', metadata: { name } }));
  expect(await json(...args)).toMatchObject({ apiVersion: 'v1', kind: 'List', items });
  const { stdout } = await rig.run('compile', ...args);
  expect(parseAllDocuments(stdout).map(document => document.toJS() as object)).toMatchObject(items);
});

test('what Argo has no way to say is told where it is, and nothing is printed', async () => {
  expect(await rig.run('compile', '-f', 'wait.yaml')).toEqual({
    exit: 3,
    stdout: '',
    stderr: `\
wait.yaml:3:17: error argo-queue-timeout: Argo can't limit how long \`job-1\` waits for its start, for it has a \`queueTimeout\` and no \`timeout\`
  3 |   queueTimeout: 5m
    |                 ^^
  hint: Give it a \`timeout\`, the longest time of one attempt.
`
  });
});

test('a spec over the limit is refused with both sizes, and the limit can be moved', async () => {
  const { exit, stderr } = await rig.run('compile', '-f', 'workflow.yaml', '--max-size', '1');
  expect(exit).toBe(3);
  expect(stderr).toMatch(/argo-spec-too-large: the spec of the Workflow has 2 KiB; the limit is 1 KiB/);
});

test('the configuration gives all jobs what it says, and flags win over it', async () => {
  const config = {
    namespace: 'research',
    argoVersion: 3.5,
    temporaryStorage: '1Gi',
    sites: { oslo: { nodeSelector: { zone: 'oslo' } } },
    spec: { image: 'python:3.13', env: [{ name: 'LANG', value: 'C' }], runAsUser: 1000 }
  };
  writeFileSync(join(rig.home, '.jupyterflow.yaml'), JSON.stringify(config));
  const manifest = await json('-f', 'workflow.yaml');
  expect(manifest).toMatchObject({
    metadata: { namespace: 'research' },
    spec: { securityContext: { runAsUser: 1000 }, templateDefaults: { container: { image: 'python:3.13' } } }
  });
  expect(manifest['spec']).toHaveProperty('volumeClaimTemplates');
  expect(manifest['spec']).not.toHaveProperty('podGC');
  const flags = ['--namespace', 'other', '--image', 'debian', '--argo-version', '4.0'];
  expect(await json('-f', 'workflow.yaml', ...flags)).toMatchObject({
    metadata: { namespace: 'other' },
    spec: { podGC: {}, templateDefaults: { container: { image: 'debian' } } }
  });
});
