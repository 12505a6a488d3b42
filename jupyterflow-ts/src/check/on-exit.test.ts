import { diagnose } from '../testing/diagnose.js';

test.each([
  ['echo done', []],
  ['{command: echo done, name: last, image: x}', []],
  ['', ['2:1-7 error command-empty: `onExit` is empty (Write a command, or remove the key.)']],
  ['5', ["2:9-10 error wrong-type: `onExit` must be a text or a map, not the number 5 (Quote it: '5')"]],
  ['[a]', ['2:9-12 error wrong-type: `onExit` must be a text or a map, not a list']],
  [
    '{command: a, needs: 1, foreach: [1], copies: 2, outputs: {a: b}, cache: true}',
    [
      "2:22-27 error on-exit-key: `needs` can't be set of `onExit`: it runs after all jobs (Remove it.)",
      "2:32-39 error on-exit-key: `foreach` can't be set of `onExit`: it runs once (Remove it.)",
      "2:46-52 error on-exit-key: `copies` can't be set of `onExit`: it runs once (Remove it.)",
      "2:57-64 error on-exit-key: `outputs` can't be set of `onExit`: no job runs after it (Remove it.)",
      "2:74-79 error on-exit-key: `cache` can't be set of `onExit`: it always runs (Remove it.)"
    ]
  ],
  [
    '{name: job-1, command: a}',
    ['2:16-21 error job-name-duplicate: two jobs are called `job-1` (Rename one of them: job-1-b) @1:8']
  ],
  [
    '{name: dag, command: a}',
    ['2:16-19 error job-name-reserved: `dag` is the name of the graph itself (Choose another name.)']
  ],
  ["{command: a, when: '${{ workflow.status }} == Failed'}", []],
  ['echo ${{ workflow.status }}', []],
  [
    'echo ${{ jobs.job-1.status }}',
    ['2:14-38 error expression-place: `${{ jobs.job-1.status }}` is not known in `onExit`, which waits for no job']
  ],
  [
    "{command: a, image: 'x:${{ workflow.status }}'}",
    ['2:32-54 error expression-place: `${{ workflow.status }}` is known only in the texts of `onExit`']
  ],
  [
    '{image: x}',
    ['2:10-15 error job-without-command: the job does not say what to run (Add `command:`, `script:` or `notebook:`.)']
  ],
  ["echo 'a", ['2:14-15 error command-quotes: this quote is never closed (Close it, or put a \\ before it.)']]
])('onExit: %s', (text, diagnostics) => {
  expect(diagnose(`jobs: [a]\nonExit: ${text}\n`)).toEqual(diagnostics);
});
