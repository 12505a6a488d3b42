import { diagnose } from '../testing/diagnose.js';

test.each([
  ['{score: out/score.txt, best_model-1: /tmp/model}', []],
  [
    '{1st: a}',
    [
      "3:13-16 error output-name: `1st` can't be the name of an output (Use letters, digits, - and _, with no digit first.)"
    ]
  ],
  [
    '{a.b: a}',
    [
      "3:13-16 error output-name: `a.b` can't be the name of an output (Use letters, digits, - and _, with no digit first.)"
    ]
  ],
  ['{a: ../b}', ['3:16-20 error output-path: `..` is not allowed in the path `../b`']],
  ['{a: ~/b}', ['3:16-19 error output-path: `~` is not expanded here (Write the whole path.)']],
  [
    '{a: /etc/passwd}',
    [
      '3:16-27 error output-path: no job can write a file at `/etc/passwd`: /etc belongs to the system (Write a path below the working folder, or below /tmp/jupyterflow, which the jobs of a run share.)'
    ]
  ],
  [
    '{a: results/}',
    [
      '3:16-24 error output-path: no job can write a file at `results/`: it is a folder (Write a path below the working folder, or below /tmp/jupyterflow, which the jobs of a run share.)'
    ]
  ],
  ['{a: "b\\tc"}', ["3:16-22 error output-path: a path can't contain control characters"]],
  ['{a: ""}', ['3:16-18 error invalid-value: `a` is empty']],
  ['{a: 5}', ["3:16-17 error wrong-type: `a` must be a text, not the number 5 (Quote it: '5')"]],
  ['[a]', ['3:12-15 error wrong-type: `outputs` must be a map, not a list']],
  [
    '{a: "{{x}}"}',
    [
      "3:16-23 error template-tag: `{{` can't be used here: Argo would read it as a template tag (If a value of this file was meant, write ${{ ... }}. Commands, scripts and variables can hold {{.)"
    ]
  ]
])('outputs: %s', (text, diagnostics) => {
  expect(diagnose(`jobs:\n- command: a\n  outputs: ${text}\n`)).toEqual(diagnostics);
});

test('leased data can only be read', () => {
  const text =
    'volumes: [{dataset: d, path: /data/d}]\njobs:\n- command: a\n  outputs: {a: /data/d/score, b: /data/e}\n';
  expect(diagnose(text)).toEqual([
    '4:16-29 error output-path: no job can write a file at `/data/d/score`: the data at /data/d can only be read (Write a path below the working folder, or below /tmp/jupyterflow, which the jobs of a run share.)'
  ]);
});
