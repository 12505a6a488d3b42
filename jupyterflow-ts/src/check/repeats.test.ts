import { diagnose } from '../testing/diagnose.js';

test.each([
  ['foreach: [1, {a: 2}, [3]]', []],
  ['copies: 3', []],
  ['foreach: []', ['3:28-30 error foreach-empty: the list of `foreach` is empty (Write items, or remove `foreach`.)']],
  [
    'foreach: a',
    [
      '3:28-29 error foreach-not-list: `foreach` is no list (Write a list, ${{ jobs.NAME.outputs.NAME }}, or ${{ params.NAME }} with a JSON list.)'
    ]
  ],
  ["foreach: '${{ params.list }}'", []],
  [
    "foreach: '${{ params.text }}'",
    [
      '3:28-48 error foreach-not-list: `foreach` is no list (Write a list, ${{ jobs.NAME.outputs.NAME }}, or ${{ params.NAME }} with a JSON list.)'
    ]
  ],
  [
    "foreach: 'x${{ params.list }}'",
    [
      '3:28-49 error foreach-not-list: `foreach` is no list (Write a list, ${{ jobs.NAME.outputs.NAME }}, or ${{ params.NAME }} with a JSON list.)'
    ]
  ],
  ['foreach: {a: 1}', ['3:29-30 error wrong-type: `foreach` must be a list or a text, not a map']],
  ['foreach:', ['3:19-26 error wrong-type: `foreach` must be a list or a text, not nothing']],
  [
    'copies: 0',
    [
      '3:27-28 error invalid-value: `copies` must be at least 1, not 0 (A whole number from 1 on. Without copies leave the key out.)'
    ]
  ],
  ['copies: two', ['3:27-30 error wrong-type: `copies` must be a whole number, not a text']],
  [
    'copies: 20001',
    [
      '3:27-32 error too-large: 20001 jobs; the limit is 20000 (A job can go over many items itself; or make several files of at most 20000 jobs.)'
    ]
  ],
  ['copies: 1.5', ['3:27-30 error wrong-type: `copies` must be a whole number, not the number 1.5']],
  [
    'foreach: [1], copies: 2',
    [
      '3:33-39 error foreach-and-copies: `foreach` and `copies` both say how often the job runs (Keep one of them.) @3:19'
    ]
  ]
])('a job with %s', (text, diagnostics) => {
  expect(diagnose(`params: {list: '[1, 2]', text: abc}\njobs:\n- {command: echo, ${text}}\n`)).toEqual(diagnostics);
});
