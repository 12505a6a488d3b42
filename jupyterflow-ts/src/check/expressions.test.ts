import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const PARAMS = 'params: {size: 010, place: data, flag: true}\n';

test('parameters are put in wherever a text stands, as the file spells them', () => {
  const text = `${PARAMS}name: run-\${{ params.place }}
jobs:
- command: echo \${{params.size}} \${{ params.flag }}
  image: "x:\${{ params.size }}"
  env: {A: "\${{ params.place }}"}
  volumes: [{dataset: "\${{ params.place }}", path: "/\${{ params.place }}"}]
`;
  const { plan } = compile({ text, file: 'w' }, { params: { place: 'uis' } });
  expect(plan).toEqual({
    name: 'run-uis',
    failFast: true,
    jobs: [
      {
        name: 'job-1',
        argv: ['echo', '010', 'true'],
        dependsOn: [],
        image: 'x:010',
        env: [{ name: 'A', value: 'uis' }],
        volumes: [{ name: 'uis', kind: 'dataset', ref: 'uis', mountPath: '/uis' }],
        retries: 0,
        resources: {}
      }
    ],
    params: { size: '010', place: 'uis', flag: 'true' }
  });
});

test('a value that leads out is checked like a text of the file', () => {
  const text = 'params: {p: a}\njobs:\n- command: a\n  workdir: ${{ params.p }}\n';
  expect(diagnose(text, { params: { p: '../x' } })).toEqual([
    '4:12-27 error workdir-dots: `..` is not allowed in the path `../x`'
  ]);
});

test.each([
  ['echo ${{ params.sise }}', '3:8-26 error param-unknown: there is no parameter `sise` (Did you mean `size`?)'],
  [
    'echo ${{ params.q }}',
    '3:8-23 error param-unknown: there is no parameter `q` (Declare it:\nparams:\n  q: a default)'
  ],
  [
    'echo ${{ secrets.A }}',
    '3:8-24 error expression-unknown: `${{ secrets.A }}` is not an expression of a workflow (Known are ${{ params.NAME }}, ${{ item }}, ${{ item.KEY }}, ${{ index }}, ${{ jobs.JOB.outputs.NAME }}, ${{ jobs.JOB.status }}, ${{ workflow.status }}, ${{ secrets.NAME.KEY }}.)'
  ],
  ['echo ${{ params.size', '3:8-23 error expression-unclosed: `${{` is not closed by `}}`']
])('%s', (command, diagnostic) => {
  expect(diagnose(`${PARAMS}jobs:\n- ${command}\n`)).toEqual([diagnostic]);
});

test.each([
  [
    'plce',
    '1:9-45 error param-undeclared: a value was given for `plce`, which is no parameter of this file (Did you mean `place`?)'
  ],
  [
    'other',
    '1:9-45 error param-undeclared: a value was given for `other`, which is no parameter of this file (Declare it under `params:`.)'
  ]
])('a value for %s, which the file does not declare', (name, diagnostic) => {
  expect(diagnose(`${PARAMS}jobs: [a]\n`, { params: { [name]: 'x' } })).toEqual([diagnostic]);
});

const LATE = '`${{ jobs.a.outputs.o }}` is known only while the run goes';
const HINT = 'Use it in the command, script, parameters, variables or `when` of the job.';

test.each([
  ["command: [x, '${{ jobs.a.outputs.o }}']", []],
  ["script: '${{ jobs.a.status }}'", []],
  ["{notebook: n.ipynb, parameters: {p: '${{ jobs.a.outputs.o }}'}}", []],
  [
    "{notebook: n.ipynb, parameters: {p: ['${{ jobs.a.outputs.o }}']}}",
    [`3:41-64 error expression-place: ${LATE} (${HINT})`]
  ],
  ["{command: x, foreach: ['${{ jobs.a.outputs.o }}', b]}", [`3:27-50 error expression-place: ${LATE} (${HINT})`]],
  ["{command: x, image: '${{ jobs.a.outputs.o }}'}", [`3:24-47 error expression-place: ${LATE} (${HINT})`]],
  [
    "{command: x, foreach: ['${{ index }}']}",
    ["3:27-39 error expression-place: `${{ index }}` can't stand here: it differs between the copies of the job"]
  ],
  [
    "{command: x, env: {A: 'x${{ secrets.a.b }}'}}",
    [
      '3:27-45 error expression-place: `${{ secrets.a.b }}` can only be the whole value of a variable (Put it under `env:`.)'
    ]
  ],
  ["{command: '${{ item }}'}", ['3:14-25 error item-unknown: `${{ item }}` is known only in a job with `foreach`']],
  [
    "{command: '${{ item }}', copies: 2}",
    ['3:14-25 error item-unknown: `${{ item }}` is known only in a job with `foreach` (Use ${{ index }}.)']
  ],
  [
    "{command: '${{ index }}', foreach: '${{ jobs.a.outputs.o }}'}",
    ['3:14-26 error expression-place: `${{ index }}` is not known when the list comes from another job']
  ],
  [
    "{command: x, workdir: '${{ item }}', foreach: '${{ jobs.a.outputs.o }}'}",
    [
      '3:26-37 error expression-place: `${{ item }}` is known only while the run goes (Use it in the command, script, parameters, variables or `when`.)'
    ]
  ]
])('where an expression may stand: %s', (job, diagnostics) => {
  expect(diagnose(`jobs:\n- {name: a, command: a, outputs: {o: o}}\n- ${job}\ndags: 1 >> 2\n`)).toEqual(diagnostics);
});
