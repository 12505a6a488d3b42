import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

test("a job's variables win over the defaults by name, in either spelling", () => {
  const text = `env: {A: 1, B: 'yes', C: 0x10}
jobs:
- command: a
  env:
  - {name: B, value: own}
  - {name: D}
`;
  expect(compile({ text, file: 'w' }).plan?.jobs[0]?.env).toEqual([
    { name: 'A', value: '1' },
    { name: 'B', value: 'own' },
    { name: 'C', value: '0x10' },
    { name: 'D', value: '' }
  ]);
});

test.each([
  [
    '{1A: x}',
    "1:7-9 error env-name-invalid: `1A` can't be the name of a variable (Use letters, digits and _, with no digit first.)"
  ],
  [
    '{A=B: x}',
    "1:7-10 error env-name-invalid: `A=B` can't be the name of a variable (Use letters, digits and _, with no digit first.)"
  ],
  [
    '{JUPYTERFLOW_RUN: x}',
    '1:7-22 error env-name-reserved: `JUPYTERFLOW_RUN` is set by JupyterFlow itself (Choose another name.)'
  ],
  ['{A: "\\0"}', "1:10-14 error env-nul: a variable can't contain the character NUL"],
  ['[{name: A}, {name: A, value: b}]', '1:25-26 warning env-duplicate: `A` is set twice; this value is used @1:14'],
  ['[{name: A, valeu: b}]', '1:17-22 error unknown-key: `valeu` is not a key of a variable (Did you mean `value`?)'],
  ['{A: [1]}', '1:10-13 error wrong-type: `A` must be a text, a number or true or false, not a list'],
  ['text', '1:6-10 error wrong-type: `env` must be a map or a list, not a text']
])('env: %s', (env, diagnostic) => {
  expect(diagnose(`env: ${env}\njobs: [a]\n`)).toEqual([diagnostic]);
});
