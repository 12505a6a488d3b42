import { compile } from '../compile.js';

const TEXT = `\
$schema: https://jupyterflow.io/schema/workflow.schema.json
version: 1
name: all
params:
  size: 3
  rate: {type: number, default: 0.5, description: Learning rate.}
  mode: {enum: [fast, slow], default: fast}
parallelism: 4
failFast: false
deadline: 2h
schedule: {cron: ['0 6 * * mon', '@daily'], timezone: Europe/Oslo, concurrency: Forbid, startingDeadline: 5m, suspend: true}
labels: {team: physics}
annotations: {note: 'anything: goes'}
argo: {ttlStrategy: {secondsAfterCompletion: 60}}
image: python:3.12
imagePullSecrets: [pull, {name: other}]
env: {A: 1, TOKEN: '\${{ secrets.api.token }}'}
env_from: [{secretRef: {name: common}}]
nodeSelector: {disk: ssd}
tolerations: [{key: gpu, operator: Exists}]
affinity: {nodeAffinity: {}}
serviceAccountName: runner
securityContext: {fsGroup: 100}
runAsUser: 1000
priority: 5
site: oslo
walltime: 1h
jobs:
- command: python prepare.py --size \${{ params.size }}
  name: prepare
  outputs: {list: out/list.json, score: /tmp/score}
- name: train
  foreach: [{lr: 0.1, on: a}, {lr: 0.2, on: b}]
  command: train --lr \${{ item.lr }} --score \${{ jobs.prepare.outputs.score }} -n \${{ index }}
  needs: prepare
  env: {ON: '\${{ item.on }}', ITEM: '\${{ item }}'}
  image: train:\${{ item.on }}
  workdir: runs/\${{ index }}
  outputs: {model: 'model-\${{ item.on }}.bin'}
  resources: {cpu: 2, memory: 4Gi, gpu: {count: 1, type: A100}, disk: 10Gi}
  retries: {limit: 3, backoff: 10s, factor: 2, max: 5m, on: always}
  timeout: 10m
  queueTimeout: 1d
  cache: {key: [train.py, data/*.csv, params.rate]}
- name: check
  copies: 2
  script: |
    print(\${{ index }})
  interpreter: python3 -u
  needs: train
  when: \${{ params.mode }} == fast && (\${{ jobs.prepare.outputs.score }} > 0.9 || !(\${{ jobs.train.status }} != 'Succeeded'))
  runAsGroup: 5
  resources: {requests: {cpu: 1, nvidia.com/gpu: 1}, limits: {cpu: 1, memory: 1Gi}}
  envFrom: [{configMapRef: {name: cm, optional: true}, prefix: P_}]
- notebook: report.ipynb
  parameters: {rate: '\${{ params.rate }}', names: [a, b], best: '\${{ jobs.train.outputs.model }}'}
  needs: [3, train-1]
- name: each
  foreach: \${{ jobs.prepare.outputs.list }}
  command: [echo, 'x \${{ item.name }}']
  needs: prepare
  argo: {metadata: {}}
onExit: notify \${{ workflow.status }}
`;

const { plan, diagnostics } = compile({ text: TEXT, file: 'w' });

/** What every job has that says nothing else. */
const defaults = {
  env: [
    { name: 'A', value: '1' },
    { name: 'TOKEN', value: { secret: 'api', key: 'token' } }
  ],
  volumes: [],
  retries: 0,
  resources: {},
  envFrom: [{ kind: 'secret', name: 'common' }],
  image: 'python:3.12',
  walltime: 3600,
  priority: 5,
  site: 'oslo'
};

test('a file with every key is right; only raw fields of Argo are warned of', () => {
  expect(diagnostics.map(({ id }) => id)).toEqual(['argo-not-portable', 'argo-not-portable']);
});

test('what the file says of the whole run', () => {
  expect({ ...plan, jobs: [], onExit: undefined }).toEqual({
    name: 'all',
    failFast: false,
    parallelism: 4,
    deadline: 7200,
    schedule: {
      crons: ['0 6 * * MON', '0 0 * * *'],
      timezone: 'Europe/Oslo',
      concurrency: 'Forbid',
      startingDeadline: 300,
      suspend: true
    },
    params: { size: '3', rate: '0.5', mode: 'fast' },
    labels: { team: 'physics' },
    annotations: { note: 'anything: goes' },
    cluster: {
      imagePullSecrets: [{ name: 'pull' }, { name: 'other' }],
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'gpu', operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      serviceAccountName: 'runner',
      securityContext: { fsGroup: 100, runAsUser: 1000 }
    },
    argo: { ttlStrategy: { secondsAfterCompletion: 60 } },
    jobs: []
  });
});

test('the jobs and copies, in the order of the file', () => {
  expect(plan?.jobs.map(({ name, group, dependsOn }) => [name, group, dependsOn])).toEqual([
    ['prepare', undefined, []],
    ['train-0', 'train', ['prepare']],
    ['train-1', 'train', ['prepare']],
    ['check-0', 'check', ['prepare', 'train']],
    ['check-1', 'check', ['prepare', 'train']],
    ['job-4', undefined, ['train', 'train-1', 'check']],
    ['each', undefined, ['prepare']]
  ]);
});

test.each<[string, object]>([
  [
    'prepare',
    {
      name: 'prepare',
      argv: ['python', 'prepare.py', '--size', '3'],
      dependsOn: [],
      outputs: { list: 'out/list.json', score: '/tmp/score' }
    }
  ],
  [
    'train-0',
    {
      name: 'train-0',
      group: 'train',
      argv: ['train', '--lr', '0.1', '--score', [{ kind: 'output', job: 'prepare', output: 'score' }], '-n', '0'],
      dependsOn: ['prepare'],
      env: [
        { name: 'A', value: '1' },
        { name: 'TOKEN', value: { secret: 'api', key: 'token' } },
        { name: 'ON', value: 'a' },
        { name: 'ITEM', value: '{"lr":0.1,"on":"a"}' }
      ],
      retries: 3,
      retry: { backoff: 10, factor: 2, max: 300, on: 'always' },
      resources: { cpu: '2', memory: '4Gi', disk: '10Gi', gpu: { count: 1, type: 'A100' } },
      workdir: 'runs/0',
      image: 'train:a',
      timeout: 600,
      queueTimeout: 86400,
      outputs: { model: 'model-a.bin' },
      cache: { files: ['train.py', 'data/*.csv'], params: ['rate'] }
    }
  ],
  [
    'train-1',
    {
      name: 'train-1',
      group: 'train',
      argv: ['train', '--lr', '0.2', '--score', [{ kind: 'output', job: 'prepare', output: 'score' }], '-n', '1'],
      dependsOn: ['prepare'],
      env: [
        { name: 'A', value: '1' },
        { name: 'TOKEN', value: { secret: 'api', key: 'token' } },
        { name: 'ON', value: 'b' },
        { name: 'ITEM', value: '{"lr":0.2,"on":"b"}' }
      ],
      retries: 3,
      retry: { backoff: 10, factor: 2, max: 300, on: 'always' },
      resources: { cpu: '2', memory: '4Gi', disk: '10Gi', gpu: { count: 1, type: 'A100' } },
      workdir: 'runs/1',
      image: 'train:b',
      timeout: 600,
      queueTimeout: 86400,
      outputs: { model: 'model-b.bin' },
      cache: { files: ['train.py', 'data/*.csv'], params: ['rate'] }
    }
  ],
  [
    'check-0',
    {
      name: 'check-0',
      group: 'check',
      argv: ['python3', '-u'],
      script: 'print(0)\n',
      dependsOn: ['prepare', 'train'],
      resources: { cpu: '1', memory: '1Gi', gpu: { count: 1 } },
      when: {
        kind: 'all',
        of: [
          { kind: '==', left: 'fast', right: 'fast' },
          {
            kind: 'any',
            of: [
              { kind: '>', left: { kind: 'output', job: 'prepare', output: 'score' }, right: 0.9 },
              { kind: 'not', of: { kind: '!=', left: { kind: 'status', job: 'train' }, right: 'Succeeded' } }
            ]
          }
        ]
      },
      envFrom: [{ kind: 'configMap', name: 'cm', prefix: 'P_', optional: true }],
      cluster: { securityContext: { fsGroup: 100, runAsUser: 1000, runAsGroup: 5 } }
    }
  ],
  [
    'check-1',
    {
      name: 'check-1',
      group: 'check',
      argv: ['python3', '-u'],
      script: 'print(1)\n',
      dependsOn: ['prepare', 'train'],
      resources: { cpu: '1', memory: '1Gi', gpu: { count: 1 } },
      when: {
        kind: 'all',
        of: [
          { kind: '==', left: 'fast', right: 'fast' },
          {
            kind: 'any',
            of: [
              { kind: '>', left: { kind: 'output', job: 'prepare', output: 'score' }, right: 0.9 },
              { kind: 'not', of: { kind: '!=', left: { kind: 'status', job: 'train' }, right: 'Succeeded' } }
            ]
          }
        ]
      },
      envFrom: [{ kind: 'configMap', name: 'cm', prefix: 'P_', optional: true }],
      cluster: { securityContext: { fsGroup: 100, runAsUser: 1000, runAsGroup: 5 } }
    }
  ],
  [
    'job-4',
    {
      name: 'job-4',
      argv: [
        '/bin/sh',
        '-c',
        'notebook=$1; shift; command -v papermill >/dev/null || { echo "jupyterflow: a notebook is run by papermill, which is not installed where this job runs: pip install papermill ipykernel" >&2; exit 127; }; exec papermill --log-output --no-progress-bar "$@" -- "$notebook" "${notebook%.ipynb}-$JUPYTERFLOW_RUN-$JUPYTERFLOW_JOB.ipynb"',
        'papermill',
        'report.ipynb',
        '-y',
        '{"rate": 0.5, "names": ["a", "b"]}',
        '-p',
        'best',
        [{ kind: 'output', job: 'train', output: 'model' }]
      ],
      dependsOn: ['train', 'train-1', 'check']
    }
  ],
  [
    'each',
    {
      name: 'each',
      argv: ['echo', ['x ', { kind: 'item', key: 'name' }]],
      dependsOn: ['prepare'],
      foreach: { kind: 'output', job: 'prepare', output: 'list' },
      argo: { metadata: {} }
    }
  ],
  ['on-exit', { name: 'on-exit', argv: ['notify', [{ kind: 'run-status' }]], dependsOn: [] }]
])('%s', (name, fields) => {
  expect([...plan!.jobs, plan!.onExit!].find(job => job.name === name)).toEqual({ ...defaults, ...fields });
});
