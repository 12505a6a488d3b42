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
