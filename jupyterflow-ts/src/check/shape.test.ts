import { workflowSchema } from '@jupyterflow/schema';
import { diagnose } from '../testing/diagnose.js';

const JOB_KEYS = Object.keys((workflowSchema.definitions['Job'] as { properties: object }).properties)
  .filter(key => key !== 'env_from')
  .join(', ');

test.each([
  ['dag: 1\njobs: [a]', '1:1-4 error unknown-key: `dag` is not a key of a workflow (Did you mean `dags`?)'],
  [
    'jobs: [{command: a, foo: 1}]',
    `1:21-24 error unknown-key: \`foo\` is not a key of a job (Keys of a job: ${JOB_KEYS}.)`
  ],
  ['jobs: [{command: a, volumes: [{id: x}]}]', '1:32-34 error missing-key: a volume needs the key `path`'],
  ['job: [a]', '1:1-4 error unknown-key: `job` is not a key of a workflow (Did you mean `jobs`?)'],
  [
    'dags: []',
    '1:1-2 error missing-jobs: the key `jobs` is missing (Write the commands under it:\njobs:\n- echo hello)'
  ],
  [
    'jobs: [a]\nsecurityContext: {foo: 1, fsGroup: 100}',
    '2:19-22 error unknown-key: `foo` is not a key of `securityContext` (Keys of `securityContext`: runAsUser, runAsGroup, runAsNonRoot, fsGroup, fsGroupChangePolicy, supplementalGroups, supplementalGroupsPolicy, seLinuxOptions, seLinuxChangePolicy, seccompProfile, appArmorProfile, sysctls, windowsOptions.)'
  ],
  [
    'jobs: [a]\nsecurityContext: {seccompProfile: {type: Default}}',
    '2:42-49 error invalid-value: `type` must be RuntimeDefault, Localhost or Unconfined, not `Default`'
  ],
  ['jobs: a', '1:7-8 error wrong-type: `jobs` must be a list, not a text (Write a list:\njobs:\n- a)'],
  [
    'jobs: [{command: 5}]',
    "1:18-19 error wrong-type: `command` must be a text or a list, not the number 5 (Quote it: '5')"
  ],
  ['jobs: [{command: []}]', '1:18-20 error invalid-value: `command` is empty'],
  [
    'jobs: [a]\ncmd_mode: shel',
    '2:11-15 error invalid-value: `cmd_mode` must be exec or shell, not `shel` (Did you mean `shell`?)'
  ],
  [
    'jobs: [a]\ntimeout: 3 minutes',
    '2:10-19 error invalid-value: `timeout` is not written as it should be (Seconds, or with a unit: 30s, 10m, 1h30m.)'
  ],
  ['jobs: [a]\nretries: many', '2:10-14 error wrong-type: `retries` must be a whole number or a map, not a text'],
  ['jobs: [a]\nretries: -1', '2:10-12 error invalid-value: `retries` must be at least 0, not -1'],
  [
    'jobs: [a]\nresources: {cpus: 1}',
    '2:13-17 error unknown-key: `cpus` is not a key of `resources` (Did you mean `cpu`?)'
  ],
  [
    'jobs: [a]\nresources: {memory: 1 GB}',
    '2:21-25 error invalid-value: `memory` is not written as it should be (Bytes, or with a unit: 500Mi, 2Gi.)'
  ],
  ['jobs: [a]\nversion: 2', '2:10-11 error invalid-value: `version` must be 1'],
  ['jobs: [a]\nname:', '2:1-5 error wrong-type: `name` must be a text, not nothing'],
  ['jobs: [a]\n__proto__: 1', '2:1-10 error unknown-key: `__proto__` is not a key of a workflow']
])('%s', (text, diagnostic) => {
  const lines = diagnose(text);
  expect(lines.find(line => line.startsWith(diagnostic))).toBeDefined();
});

test.each([
  [
    '- echo a\n- 1 >> 2',
    'error missing-jobs: the keys `jobs` and `dags` are missing (Put `jobs:` before the commands and `dags:` before the edges.)'
  ],
  ['- echo a', 'error missing-jobs: the key `jobs` is missing (Put `jobs:` before the commands.)'],
  ['echo a', 'error not-a-map: the file is a single value (Write at least:\njobs:\n- echo hello)']
])('a file without keys: %j', (text, diagnostic) => {
  expect(diagnose(text)).toEqual([`1:1-2 ${diagnostic}`]);
});
