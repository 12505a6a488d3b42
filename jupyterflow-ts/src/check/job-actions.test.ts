import { diagnose } from '../testing/diagnose.js';

test.each([
  [
    '{name: x}',
    ['2:4-8 error job-without-command: the job does not say what to run (Add `command:`, `script:` or `notebook:`.)']
  ],
  [
    '{}',
    ['2:3-5 error job-without-command: the job does not say what to run (Add `command:`, `script:` or `notebook:`.)']
  ],
  [
    '{command: a, script: b}',
    [
      '2:16-22 error job-with-two-commands: the job says twice what to run: `command` and `script` (Keep one of them.) @2:4'
    ]
  ],
  [
    '{script: b, notebook: c.ipynb, command: a}',
    [
      '2:4-10 error job-with-two-commands: the job says twice what to run: `command` and `script` (Keep one of them.) @2:34'
    ]
  ],
  ['{script: b, interpreter: [python3, -u]}', []],
  [
    '{command: a, interpreter: python3}',
    ['2:16-27 error job-key-alone: `interpreter` means nothing without `script` (Remove it, or add `script:`.)']
  ],
  [
    '{command: a, parameters: {x: 1}}',
    ['2:16-26 error job-key-alone: `parameters` means nothing without `notebook` (Remove it, or add `notebook:`.)']
  ],
  ['{notebook: a.ipynb, parameters: {x: [1]}}', []],
  [
    '{notebook: a.py}',
    ['2:14-18 error notebook-path: `a.py` is not the path of a notebook (Its name ends with .ipynb.)']
  ],
  ['{notebook: "a\\0.ipynb"}', ["2:14-25 error command-nul: a notebook can't contain the character NUL"]],
  ['{script: " "}', ['2:12-15 error command-empty: the script is empty']],
  ['{script: "a\\0b"}', ["2:12-18 error command-nul: a script can't contain the character NUL"]],
  [
    '{script: a, interpreter: "python \'x"}',
    ['2:28-39 error command-quotes: a quote of the interpreter is never closed']
  ],
  ['{script: a, interpreter: " "}', ['2:28-31 error command-empty: the interpreter is empty']],
  ['{script: a, interpreter: ["a\\0"]}', ["2:29-34 error command-nul: an interpreter can't contain the character NUL"]],
  ['{script: 5}', ["2:12-13 error wrong-type: `script` must be a text, not the number 5 (Quote it: '5')"]],
  ['{notebook: [a]}', ['2:14-17 error wrong-type: `notebook` must be a text, not a list']],
  ['{command:}', ['2:4-11 error wrong-type: `command` must be a text or a list, not nothing']]
])('a job %s', (text, diagnostics) => {
  expect(diagnose(`jobs:\n- ${text}\n`)).toEqual(diagnostics);
});
