import { compile } from '../compile.js';
import type { Plan } from './plan.js';

const planOf = (text: string, params: Readonly<Record<string, string>> = {}): Plan =>
  compile({ text, file: 'workflow.yaml' }, { params, keepParams: true }).plan!;

test('texts of containers refer to a parameter, which is told with what the file says of it', () => {
  const plan = planOf(
    'params: {mode: {enum: [fast, slow], default: fast, description: How.}, rate: 0.1}\n' +
      "jobs:\n- {name: a, command: 'run ${{ params.mode }} -r=${{ params.rate }}', env: {MODE: '${{ params.mode }}'}}\n",
    { rate: '0.2' }
  );
  const mode = { kind: 'param', name: 'mode', value: 'fast' } as const;
  expect(plan.arguments).toEqual([
    { name: 'mode', value: 'fast', enum: ['fast', 'slow'], description: 'How.' },
    { name: 'rate', value: '0.2' }
  ]);
  expect(plan.jobs[0]).toMatchObject({
    argv: ['run', [mode], ['-r=', { kind: 'param', name: 'rate', value: '0.2' }]],
    env: [{ name: 'MODE', value: [mode] }]
  });
});

test.each([
  ['a number of copies', "jobs: [{name: a, command: 'ls ${{ params.p }}', copies: '${{ params.p }}'}]"],
  ['a limit', "jobs: [{name: a, command: 'ls ${{ params.p }}', retries: '${{ params.p }}'}]"],
  ['a name', "name: 'x-${{ params.p }}'\njobs: ['ls ${{ params.p }}']"],
  ['a condition', "jobs: [{name: a, command: 'ls ${{ params.p }}', when: '${{ params.p }} == 1'}]"],
  ['an item', "jobs: [{name: a, command: 'ls ${{ item }} ${{ params.p }}', foreach: ['${{ params.p }}']}]"],
  ['a text that differs between copies', "jobs: [{name: a, command: 'ls ${{ index }}${{ params.p }}', copies: 2}]"],
  ['a parameter of a notebook', "jobs: [{name: a, notebook: n.ipynb, parameters: {p: '${{ params.p }}'}}]"],
  ['the key of a cached job', "jobs: [{name: a, command: 'ls ${{ params.p }}', cache: true}]"],
  ['nothing', 'jobs: [ls]']
])('a parameter that is used for %s stays a value', (_, jobs) => {
  const text = `params: {p: 2}\n${jobs}\n`;
  expect(planOf(text).arguments).toBeUndefined();
  expect(planOf(text)).toEqual(compile({ text, file: 'workflow.yaml' }).plan);
});

test('a value that Argo would read stays in its text', () => {
  const text = "params: {p: '{{x}}'}\njobs: ['ls ${{ params.p }}']\n";
  expect(planOf(text).jobs[0]?.argv).toEqual(['ls', '{{x}}']);
});

test('nobody who does not ask for them has references to parameters', () => {
  const { plan } = compile({ text: "params: {p: 1}\njobs: ['ls ${{ params.p }}']\n", file: 'workflow.yaml' });
  expect([plan?.arguments, plan?.jobs[0]?.argv]).toEqual([undefined, ['ls', '1']]);
});
