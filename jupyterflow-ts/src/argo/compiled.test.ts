import { toArgo } from './argo.js';
import type { ArgoOptions } from './options.js';
import type { Plan, PlanJob } from '../plan/plan.js';

type Fields = Readonly<Record<string, unknown>>;

const job = (name: string, more: Partial<PlanJob> = {}): PlanJob => ({
  name,
  argv: ['run', name],
  dependsOn: [],
  env: [],
  volumes: [],
  retries: 0,
  resources: {},
  ...more
});
const copies = (group: string, count: number, of: (at: number) => Partial<PlanJob> = () => ({})): readonly PlanJob[] =>
  Array.from({ length: count }, (_, at) => job(`${group}-${at}`, { group, argv: ['run', 'same'], ...of(at) }));
const output = (name: string, out = 'x') => ({ kind: 'output', job: name, output: out }) as const;

/** A plan's spec, its tasks and its templates by name. */
function compiled(jobs: readonly PlanJob[], plan: Partial<Plan> = {}, options: ArgoOptions = {}) {
  const { workflow, problems } = toArgo({ name: 'small', failFast: true, jobs, ...plan }, options);
  const { templates } = workflow.spec as { templates: (Fields & { name: string })[] };
  const byName = new Map(templates.map(template => [template.name, template]));
  const dag = byName.get('dag')?.['dag'] as { tasks: (Fields & { name: string })[]; failFast?: boolean };
  const taskOf = (name: string): Fields => dag.tasks.find(task => task.name === name) ?? {};
  const containerOf = (name: string): Fields =>
    (byName.get(name)?.['container'] ?? byName.get(name)?.['script'] ?? {}) as Fields;
  return { workflow, spec: workflow.spec, problems, dag, byName, taskOf, containerOf };
}

describe('who waits for whom', () => {
  test('for success, in the plain form', () => {
    // a -> b
    const { taskOf } = compiled([job('a'), job('b', { dependsOn: ['a'] })]);
    expect(taskOf('b')).toEqual({ name: 'b', template: 'b', dependencies: ['a'] });
  });

  test('for any end where a status is asked for, and then all of the graph says so', () => {
    // a -> b -> c
    const when = { kind: '==', left: { kind: 'status', job: 'a' }, right: 'Failed' } as const;
    const { taskOf } = compiled([job('a'), job('b', { dependsOn: ['a'], when }), job('c', { dependsOn: ['b', 'a'] })]);
    expect(taskOf('b')).toMatchObject({
      depends: '(a.Succeeded || a.Failed || a.Errored || a.Skipped || a.Omitted)',
      when: "{{=tasks['a'].status == 'Failed'}}"
    });
    expect(taskOf('c')).toEqual({ name: 'c', template: 'c', depends: 'b && a' });
  });

  test('for all copies: by the one task that they are, or by all of them', () => {
    const folded = compiled([...copies('t', 2), job('end', { dependsOn: ['t'] })]);
    expect(folded.taskOf('end')['dependencies']).toEqual(['t']);
    const single = compiled([
      ...copies('t', 2),
      job('only', { dependsOn: ['t-1'] }),
      job('end', { dependsOn: ['t', 't-1'] })
    ]);
    expect(single.taskOf('only')['dependencies']).toEqual(['t-1']);
    expect(single.taskOf('end')['dependencies']).toEqual(['t-0', 't-1']);
  });

  test('independent branches go on after a failure when the plan says so', () => {
    expect(compiled([job('a')], { failFast: false }).dag.failFast).toBe(false);
    expect(compiled([job('a')]).dag.failFast).toBeUndefined();
  });
});

describe('copies are one template and one task', () => {
  test('with just what differs in the items', () => {
    const jobs = copies('t', 3, at => ({
      argv: ['train', '--seed', String(at), 'same'],
      env: [
        { name: 'SEED', value: `$(${at})` },
        { name: 'MODE', value: 'same' }
      ]
    }));
    const { taskOf, containerOf, byName } = compiled(jobs);
    expect([...byName.keys()]).toEqual(['dag', 't']);
    expect(taskOf('t')).toEqual({
      name: 't',
      template: 't',
      arguments: {
        parameters: [
          { name: 'copy', value: '{{item.copy}}' },
          { name: 'env-SEED', value: '{{item.env-SEED}}' },
          { name: 'word-2', value: '{{item.word-2}}' }
        ]
      },
      withItems: [
        { copy: '0', 'word-2': '0', 'env-SEED': '$$(0)' },
        { copy: '1', 'word-2': '1', 'env-SEED': '$$(1)' },
        { copy: '2', 'word-2': '2', 'env-SEED': '$$(2)' }
      ]
    });
    expect(containerOf('t')).toMatchObject({
      command: ['train', '--seed', '{{inputs.parameters.word-2}}', 'same'],
      env: [
        { name: 'JUPYTERFLOW_JOB', value: 't-{{inputs.parameters.copy}}' },
        { name: 'SEED', value: '{{inputs.parameters.env-SEED}}' },
        { name: 'MODE', value: 'same' }
      ]
    });
  });

  test.each<[string, (at: number) => Partial<PlanJob>, readonly PlanJob[]]>([
    ['one copy is waited for', () => ({}), [job('end', { dependsOn: ['t-1'] })]],
    [
      'the status of the group is asked for',
      () => ({}),
      [job('end', { dependsOn: ['t'], argv: ['say', [{ kind: 'status', job: 't' }]] })]
    ],
    ['they have different images', at => ({ image: `image-${at}` }), []],
    ['they wait for different jobs', at => ({ dependsOn: [at === 0 ? 'a' : 'b'] }), [job('a'), job('b')]],
    ['they have different numbers of words', at => ({ argv: Array.from({ length: at + 1 }, () => 'x') }), []],
    [
      'what differs is known only while the run goes',
      at => ({ dependsOn: ['a'], argv: ['run', at === 0 ? 'x' : [output('a')]] }),
      [job('a', { outputs: { x: 'x' } })]
    ],
    ['what differs is long, for it becomes part of names', at => ({ argv: ['run', `${at}${'x'.repeat(300)}`] }), []]
  ])('unless %s', (_, of, others) => {
    const { byName } = compiled([...copies('t', 2, of), ...others]);
    expect([...byName.keys()]).toEqual(expect.arrayContaining(['t-0', 't-1']));
    expect(byName.get('t-0')?.['metadata']).toEqual({ labels: { 'jupyterflow.io/group': 't' } });
  });
});

describe('texts reach the container as they are', () => {
  const told = (argv: PlanJob['argv']) =>
    compiled([job('a', { outputs: { x: 'x' } }), job('b', { dependsOn: ['a'], argv })]);

  test('a text of another job is put in between, and cannot be read as part of the words around it', () => {
    const { containerOf, taskOf } = told(['say', ['cost ${', output('a'), '{$', output('a'), '$(X)']]);
    expect(containerOf('b')['command']).toEqual([
      'say',
      'cost $$$(JUPYTERFLOW_BRACE){{inputs.parameters.a-x}}$(JUPYTERFLOW_BRACE)$${{inputs.parameters.a-x}}$$(X)'
    ]);
    expect(taskOf('b')['arguments']).toEqual({
      parameters: [
        {
          name: 'a-x',
          value: "{{=replace(replace(tasks['a'].outputs.parameters['x'], '$', '$$'), '{', '$(JUPYTERFLOW_BRACE)')}}"
        }
      ]
    });
  });

  test('two outputs whose names become one parameter name stay apart', () => {
    const { taskOf } = compiled([
      job('a', { outputs: { 'x.y': 'x', 'x/y': 'y' } }),
      job('b', { dependsOn: ['a'], argv: [[output('a', 'x.y')], [output('a', 'x/y')]] })
    ]);
    const { parameters } = taskOf('b')['arguments'] as { parameters: { name: string }[] };
    expect(parameters.map(({ name }) => name)).toEqual(['a-x-y', 'a-x-y-2']);
  });

  test.each([
    ['plain', 'echo $$ $(date)\n', 'script', undefined],
    ['with braces', 'print("{{x}}")\n', 'container', 'print("{$(JUPYTERFLOW_BRACE)x}}")\n']
  ])('a script that is %s', (_, script, kind, variable) => {
    const { byName, containerOf } = compiled([job('a', { argv: ['python', '-u'], script })]);
    expect(byName.get('a')).toHaveProperty(kind);
    if (variable === undefined) expect(containerOf('a')).toMatchObject({ command: ['python', '-u'], source: script });
    else {
      expect(containerOf('a')['command']).toEqual([
        '/bin/sh',
        '-c',
        'file=$$(mktemp) && printf %s "$JUPYTERFLOW_SCRIPT" >"$file" && exec "$@" "$file"',
        'sh',
        'python',
        '-u'
      ]);
      expect(containerOf('a')['env']).toEqual([
        { name: 'JUPYTERFLOW_BRACE', value: '{' },
        { name: 'JUPYTERFLOW_JOB', value: 'a' },
        { name: 'JUPYTERFLOW_SCRIPT', value: variable }
      ]);
    }
  });
});

describe('too long, too large', () => {
  const long = 'x'.repeat(131_072);

  test('a word that Linux does not take is a problem', () => {
    expect(compiled([job('a', { argv: ['echo', long] })]).problems).toEqual([
      {
        id: 'argo-argument-too-long',
        severity: 'error',
        message: 'word 2 of the command of `a` has 128 KiB, and Linux gives a program at most 128 KiB in one word',
        hint: 'Put the text into a file beside the workflow, or into a `script` without {{ and ${{.',
        job: 'a',
        path: ['command']
      }
    ]);
  });

  test.each<[string, Partial<PlanJob>, readonly string[]]>([
    ['a variable', { env: [{ name: 'LONG', value: long }] }, ['env']],
    ['a script with braces', { script: `{{${long}` }, ['script']]
  ])('so is %s', (_, more, path) => {
    expect(compiled([job('a', more)]).problems).toMatchObject([{ id: 'argo-argument-too-long', path }]);
  });

  test.each<[string, Partial<PlanJob>]>([
    ['a script', { script: long }],
    ['what a shell is given', { argv: ['/bin/sh', '-c', long] }]
  ])('%s becomes a file, which may be longer', (_, more) => {
    const { problems, containerOf } = compiled([job('a', more)]);
    expect(problems).toEqual([]);
    expect(containerOf('a')['source']).toBe(long);
  });

  test('a spec that does not fit into an object of the cluster is a problem with both sizes', () => {
    const jobs = Array.from({ length: 20 }, (_, at) => job(`job-${at}`));
    expect(compiled(jobs, {}, { budget: 2048 }).problems).toEqual([
      {
        id: 'argo-spec-too-large',
        severity: 'error',
        message:
          'the spec of the Workflow has 5 KiB; the limit is 2 KiB, for with its status it has to fit into one object of the cluster',
        hint: 'Use `foreach` or `copies` for jobs that are alike, put long texts into files, or split the workflow.',
        path: ['jobs']
      }
    ]);
  });
});

test('what most jobs have is said once, and the others say what they have instead', () => {
  const env = [
    { name: 'SAME', value: '{{x}}' },
    { name: 'MODE', value: 'fast' }
  ];
  const slow = [env[0]!, { name: 'MODE', value: 'slow' }, { name: 'SECRET', value: { secret: 's', key: 'k' } }];
  const { spec, containerOf } = compiled([
    job('a', { env, workdir: 'x' }),
    job('b', { env, workdir: 'x' }),
    job('c', { env: slow, retries: 1 })
  ]);
  const { container } = spec['templateDefaults'] as {
    container: { env: { name: string; value: string }[]; workingDir: string };
  };
  expect(container.workingDir).toBe('/home/jovyan/x');
  expect(container.env.slice(0, 1)).toEqual([{ name: 'JUPYTERFLOW_BRACE', value: '{' }]);
  expect(container.env.slice(-3)).toEqual([
    { name: 'JUPYTERFLOW_ATTEMPT', value: '1' },
    { name: 'SAME', value: '{$(JUPYTERFLOW_BRACE)x}}' },
    { name: 'MODE', value: 'fast' }
  ]);
  expect(containerOf('a')).toEqual({
    image: 'python:3.12-slim',
    command: ['run', 'a'],
    env: [{ name: 'JUPYTERFLOW_JOB', value: 'a' }]
  });
  expect(containerOf('c')).toEqual({
    image: 'python:3.12-slim',
    command: ['run', 'c'],
    workingDir: '/home/jovyan',
    env: [
      { name: 'JUPYTERFLOW_ATTEMPT', value: '{{=int(retries) + 1}}' },
      { name: 'JUPYTERFLOW_JOB', value: 'c' },
      { name: 'MODE', value: 'slow' },
      { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }
    ]
  });
});

describe('the folders of a run', () => {
  const mounts = (options: ArgoOptions) => {
    const { spec } = compiled([job('a')], {}, options);
    const { container } = spec['templateDefaults'] as { container: { volumeMounts: Fields[] } };
    return { mounts: container.volumeMounts.slice(-2), spec };
  };

  test('are in the home when that is an inherited volume', () => {
    const inherited = {
      volumes: [{ name: 'home', persistentVolumeClaim: { claimName: 'ada' } }],
      volumeMounts: [{ name: 'home', mountPath: '/home/jovyan', subPath: 'ada' }]
    };
    expect(mounts({ inherited }).mounts).toEqual([
      { name: 'home', mountPath: '/tmp/jupyterflow', subPathExpr: 'ada/.jupyterflow/runs/$(JUPYTERFLOW_RUN)' },
      {
        name: 'home',
        mountPath: '/tmp/jupyterflow-outputs',
        subPathExpr: 'ada/.jupyterflow/runs/$(JUPYTERFLOW_RUN)/outputs/$(JUPYTERFLOW_JOB)'
      }
    ]);
  });

  test('are on a volume of the run when one is asked for, which goes with it', () => {
    expect(mounts({ temporaryStorage: '5Gi' }).spec).toMatchObject({
      volumeClaimTemplates: [
        {
          metadata: { name: 'jupyterflow-temporary' },
          spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '5Gi' } } }
        }
      ],
      volumeClaimGC: { strategy: 'OnWorkflowCompletion' }
    });
  });
});

test('a volume of a file whose name an inherited one has is called otherwise', () => {
  const volume = { name: 'home', kind: 'dataset', ref: 'uis/x', mountPath: '/data' } as const;
  const inherited = {
    volumes: [{ name: 'home', emptyDir: {} }],
    volumeMounts: [{ name: 'home', mountPath: '/home/jovyan' }]
  };
  const { spec, containerOf } = compiled([job('a', { volumes: [volume] }), job('b')], {}, { inherited });
  expect((spec['volumes'] as Fields[]).map(({ name }) => name)).toEqual(['home', 'home-2']);
  expect(containerOf('a')['volumeMounts']).toEqual([{ name: 'home-2', mountPath: '/data', readOnly: true }]);
});

test('raw fields are merged last: maps deep, lists as a whole, null takes away', () => {
  const argo = { podGC: null, ttlStrategy: { secondsAfterFailure: 5 }, hostNetwork: false };
  const raw = { container: { command: ['other'], workingDir: '/x' }, daemon: true };
  const { spec, byName } = compiled([job('a', { argo: raw })], { argo });
  expect(spec).toMatchObject({
    ttlStrategy: { secondsAfterCompletion: 604_800, secondsAfterFailure: 5 },
    hostNetwork: false
  });
  expect(spec).not.toHaveProperty('podGC');
  expect(byName.get('a')).toMatchObject({ daemon: true, container: { image: 'python:3.12-slim', command: ['other'] } });
});

test.each([
  [[5, 5], 5, []],
  [[1, 9, undefined], 9, ['argo-priority-number']],
  [[undefined], undefined, []]
])('of the numbers %j the run gets %s', (numbers, priority, ids) => {
  const jobs = numbers.map((number, at) => job(`job-${at}`, number === undefined ? {} : { priority: number }));
  const { spec, problems } = compiled(jobs);
  expect(spec['priority']).toBe(priority);
  expect(problems.map(({ id }) => id)).toEqual(ids);
});

test('the status of a job whose copies are not known before the run is more than Argo tells', () => {
  const { problems } = compiled([
    job('list', { outputs: { x: 'x' } }),
    job('each', { dependsOn: ['list'], foreach: output('list') }),
    job('end', { dependsOn: ['each'], when: { kind: '==', left: { kind: 'status', job: 'each' }, right: 'Failed' } })
  ]);
  expect(problems).toMatchObject([{ id: 'argo-group-status', severity: 'error', job: 'end', path: ['when'] }]);
});

describe('a cached job', () => {
  const cache = {
    digest: (text: string) => `${text.length}`,
    digestOf: (file: string) => (file === 'gone' ? undefined : file)
  };
  const keyOf = (more: Partial<PlanJob>, plan: Partial<Plan> = {}): unknown => {
    const digests = new Map<string, string>();
    const digest = (text: string): string => {
      if (!digests.has(text)) digests.set(text, text);
      return text;
    };
    const a = job('a', { cache: { files: ['in'] }, ...more });
    const { byName } = compiled([job('p'), a], plan, { cache: { ...cache, digest } });
    return (byName.get('a')?.['memoize'] as { key: string } | undefined)?.key;
  };

  test.each<[string, Partial<PlanJob>]>([
    ['command', { argv: ['other'] }],
    ['script', { script: 'x' }],
    ['image', { image: 'x' }],
    ['environment', { env: [{ name: 'A', value: 'b' }] }],
    ['secrets', { env: [{ name: 'A', value: { secret: 's', key: 'k' } }] }],
    ['files', { cache: { files: ['other'] } }],
    ['working folder', { workdir: 'x' }],
    ['parents', { dependsOn: ['p'] }]
  ])('has another key when its %s changed', (_, more) => {
    expect(keyOf(more)).not.toBe(keyOf({}));
  });

  test('has another key when a parameter changed that counts', () => {
    const key = (value: string) =>
      keyOf({ cache: { files: [], params: ['lr'] } }, { params: { lr: value, other: value } });
    expect(key('1')).not.toBe(key('2'));
    expect(key('1')).toBe(keyOf({ cache: { files: [], params: ['lr'] } }, { params: { lr: '1', other: '9' } }));
  });

  test('has a key with the hash of what other jobs tell it', () => {
    const { byName } = compiled(
      [job('p', { outputs: { x: 'x' } }), job('a', { cache: { files: [] }, dependsOn: ['p'], argv: [[output('p')]] })],
      {},
      { cache }
    );
    expect(byName.get('a')?.['memoize']).toMatchObject({
      key: expect.stringMatching(
        /^\d+-\{\{=sprig\.sha256sum\(toJson\(\[inputs\.parameters\['p-x'\]\]\)\)\}\}$/
      ) as string,
      cache: { configMap: { name: 'jupyterflow-cache-small' } }
    });
  });

  test.each<[string, Partial<PlanJob>, ArgoOptions]>([
    ['no cache is set up', {}, {}],
    ['what `gone` contains is not known here', { cache: { files: ['gone'] } }, { cache }],
    [
      'its leased data could have changed',
      { volumes: [{ name: 'v', kind: 'dataset', ref: 'a/b', mountPath: '/v' }] },
      { cache }
    ]
  ])('always runs when %s', (reason, more, options) => {
    const { problems, byName } = compiled([job('a', { cache: { files: [] }, ...more })], {}, options);
    expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', `\`a\` always runs in Argo: ${reason}`]
    ]);
    expect(byName.get('a')).not.toHaveProperty('memoize');
  });

  test('a chain of ten thousand jobs has keys', () => {
    const jobs = Array.from({ length: 10_000 }, (_, at) =>
      job(`job-${at}`, at === 0 ? {} : { dependsOn: [`job-${at - 1}`] })
    );
    jobs.push(job('end', { cache: { files: [] }, dependsOn: ['job-9999'] }));
    expect(compiled(jobs, {}, { cache, budget: 1e9 }).byName.get('end')).toHaveProperty('memoize');
  });
});

describe('what comes last', () => {
  test('is told how the run ended', () => {
    const onExit = job('on-exit', { argv: ['say', [{ kind: 'run-status' }]] });
    const { spec, containerOf } = compiled([job('a')], { onExit });
    expect(spec['onExit']).toBe('on-exit');
    expect(containerOf('on-exit')['command']).toEqual(['say', '{{workflow.status}}']);
  });

  test('runs on its condition, which a step has', () => {
    const onExit = job('on-exit', { when: { kind: '!=', left: { kind: 'run-status' }, right: 'Succeeded' } });
    const { spec, byName } = compiled([job('a')], { onExit });
    expect(spec['onExit']).toBe('on-exit-when');
    expect(byName.get('on-exit-when')?.['steps']).toEqual([
      [{ name: 'on-exit', template: 'on-exit', when: "{{=workflow.status != 'Succeeded'}}" }]
    ]);
  });
});
