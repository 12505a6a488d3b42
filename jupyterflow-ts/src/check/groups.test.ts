import fc from 'fast-check';
import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const waits = (text: string): readonly string[] | undefined =>
  compile({ text, file: 'w' }).plan?.jobs.map(({ name, dependsOn }) => `${name}: ${dependsOn.join(' ')}`.trim());

const FILE = `jobs:
- prepare
- {name: train, command: 'train \${{ index }}', copies: 2}
- report
`;

test.each([
  //  prepare -> train-0 -+-> report
  //         \-> train-1 -/
  ['1 >> 2 >> 3', ['job-1:', 'train-0: job-1', 'train-1: job-1', 'job-3: train']],
  ['job-1 >> train >> job-3', ['job-1:', 'train-0: job-1', 'train-1: job-1', 'job-3: train']],
  //  prepare -> train-1     train-0 -> report
  ["['1 >> train-1', 'train-0 >> 3']", ['job-1:', 'train-0:', 'train-1: job-1', 'job-3: train-0']],
  //  train-0 -> train-1 -> report
  ['train-0 >> train-1 >> 3', ['job-1:', 'train-0:', 'train-1: train-0', 'job-3: train-1']]
])('dags: %s', (dags, jobs) => {
  expect(waits(`${FILE}dags: ${dags}\n`)).toEqual(jobs);
});

test('each copy may need something else', () => {
  const text = `jobs:
- {name: a, command: a, copies: 2}
- {name: b, command: b, copies: 2, needs: 'a-\${{ index }}'}
`;
  expect(waits(text)).toEqual(['a-0:', 'a-1:', 'b-0: a-0', 'b-1: a-1']);
});

test.each([
  //  train-0 -> train -> train-0
  [
    'train >> train-0',
    '5:7-23 error cycle: the jobs wait for each other in a circle: train-0 >> train >> train-0 (Remove one of these edges.)'
  ],
  //  job-1 -> train -> job-1
  [
    '1 >> train >> 1',
    '5:12-22 error cycle: the jobs wait for each other in a circle: job-1 >> train >> job-1 (Remove one of these edges.) @5:7'
  ],
  //  job-1 -> train -> train-1 -> job-1
  [
    '[1 >> train, train-1 >> 1]',
    '5:20-32 error cycle: the jobs wait for each other in a circle: job-1 >> train >> train-1 >> job-1 (Remove one of these edges.) @5:8'
  ],
  ['train >> train', '5:7-21 error edge-self: job `train` would wait for itself (Remove this edge.)'],
  ['train >> trian', '5:16-21 error edge-unknown-job: there is no job called `trian` (Did you mean `train`?)']
])('dags: %s', (dags, diagnostic) => {
  expect(diagnose(`${FILE}dags: ${dags}\n`)).toEqual([diagnostic]);
});

test.each([
  [
    '{name: train-1, command: a}',
    '3:10-17 error job-name-duplicate: two jobs are called `train-1` (Rename one of them: train-1-b) @2:10'
  ],
  [
    '{name: train, command: a}',
    '3:10-15 error job-name-duplicate: two jobs are called `train` (Rename one of them: train-b) @2:10'
  ],
  [
    '{name: train, command: a, copies: 2}',
    '3:10-15 error job-name-duplicate: two jobs are called `train-0` (Rename one of them: train-0-b) @2:10'
  ]
])('a copy has its name alone: %s', (job, diagnostic) => {
  expect(diagnose(`jobs:\n- {name: train, command: a, copies: 2}\n- ${job}\n`)).toContain(diagnostic);
});

test('a list that is not known yet takes the names of all its copies', () => {
  const text = `jobs:
- {name: a, command: a, outputs: {list: l}}
- {name: b, command: b, foreach: '\${{ jobs.a.outputs.list }}', needs: a}
- {name: b-7, command: b}
`;
  expect(diagnose(text)).toEqual([
    '4:10-13 error job-name-duplicate: a copy of `b` can be called `b-7` too (Rename it: b-b) @3:10'
  ]);
});

test('copies see their own item and number, everywhere in the job', () => {
  const text = `jobs:
- foreach: [{v: uis, t: 5m}, {v: uib, t: 1h}]
  command: [run, '\${{ item.v }}', '\${{ index }}']
  image: tool:\${{ item.v }}
  workdir: out/\${{ index }}
  timeout: \${{ item.t }}
  volumes: [{dataset: '\${{ item.v }}/lorem', path: '/data/\${{ item.v }}'}]
`;
  expect(
    compile({ text, file: 'w' }).plan?.jobs.map(({ name, argv, image, workdir, timeout, volumes }) => [
      name,
      argv,
      image,
      workdir,
      timeout,
      volumes.map(({ ref, mountPath }) => `${ref} ${mountPath}`)
    ])
  ).toEqual([
    ['job-1-0', ['run', 'uis', '0'], 'tool:uis', 'out/0', 300, ['uis/lorem /data/uis']],
    ['job-1-1', ['run', 'uib', '1'], 'tool:uib', 'out/1', 3600, ['uib/lorem /data/uib']]
  ]);
});

test('what an item brings is checked like a text of the file', () => {
  const text = `jobs:
- command: a
  foreach: [/data, /usr]
  volumes: [{dataset: uis/lorem, path: '\${{ item }}'}]
`;
  expect(diagnose(text)).toEqual([
    '4:40-53 error mount-path-shadows: mounting at `/usr` would hide a part of the system (/usr) (Choose a folder below the home: /home/jovyan/data)'
  ]);
});

test('a file without copies in its edges is the same as one with them written out', () => {
  const graph = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 6 });
  fc.assert(
    fc.property(graph, fc.integer({ min: 1, max: 3 }), (edges, copies) => {
      const dags = edges.map(([a, b]) => `- g${a} >> g${b}\n`).join('');
      const folded = [0, 1, 2, 3].map(g => `- {name: g${g}, command: a, copies: ${copies}}\n`).join('');
      const names = (g: number): string => Array.from({ length: copies }, (_, i) => `g${g}-${i}`).join(', ');
      const written = [0, 1, 2, 3]
        .flatMap(g => Array.from({ length: copies }, (_, i) => `- {name: g${g}-${i}, command: a}\n`))
        .join('');
      const spelled = edges.map(([a, b]) => `- '[${names(a)}] >> [${names(b)}]'\n`).join('');
      const one = compile({ text: `jobs:\n${folded}dags:\n${dags}`, file: 'w' }).plan;
      const other = compile({ text: `jobs:\n${written}dags:\n${spelled}`, file: 'w' }).plan;
      expect(one === undefined).toBe(other === undefined);
      const expanded = one?.jobs.map(({ name, dependsOn }) => [
        name,
        dependsOn.flatMap(group => Array.from({ length: copies }, (_, i) => `${group}-${i}`))
      ]);
      expect(expanded).toEqual(other?.jobs.map(({ name, dependsOn }) => [name, dependsOn]));
    })
  );
});
