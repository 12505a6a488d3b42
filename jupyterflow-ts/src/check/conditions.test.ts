import { diagnose } from '../testing/diagnose.js';

test.each([
  ['true', []],
  ['false', []],
  ['${{ params.on }}', []],
  ['"!${{ params.on }}"', []],
  ['${{ params.mode }} == fast', []],
  ['${{ params.mode }} = fast', ['6:28-29 error condition-syntax: `=` compares nothing (Write == to compare.)']],
  ['${{ jobs.test.outputs.score }} > 0.9 && ${{ params.n }} <= 3', []],
  ["${{ jobs.test.status }} == 'Succeeded'", []],
  [
    '${{ jobs.test.status }} == succeeded',
    ['6:9-45 warning condition-status: no status is called `succeeded` (Did you mean `Succeeded`?)']
  ],
  [
    'Done != ${{ jobs.test.status }}',
    [
      '6:9-40 warning condition-status: no status is called `Done` (It is one of Succeeded, Failed, Error, Skipped, Omitted.)'
    ]
  ],
  [
    '${{ params.n }} >',
    [
      "6:25-26 error condition-syntax: nothing stands after `>` (Write it like: ${{ jobs.NAME.outputs.NAME }} > 0.9 && ${{ params.NAME }} == 'a')"
    ]
  ],
  [
    '== 3',
    [
      "6:9-11 error condition-syntax: `==` is not expected here (Write it like: ${{ jobs.NAME.outputs.NAME }} > 0.9 && ${{ params.NAME }} == 'a')"
    ]
  ],
  ['(${{ params.n }} == 3', ['6:9-10 error condition-syntax: `(` is not closed by `)`']],
  [
    '${{ params.n }} == 3)',
    [
      "6:29-30 error condition-syntax: `)` is not expected here (Write it like: ${{ jobs.NAME.outputs.NAME }} > 0.9 && ${{ params.NAME }} == 'a')"
    ]
  ],
  [
    '${{ params.mode }}',
    [
      '6:9-27 error condition-syntax: `${{ params.mode }}` is neither true nor false (Compare it with something: a == b)'
    ]
  ],
  ['a b', ['6:9-10 error condition-syntax: `a` is neither true nor false (Compare it with something: a == b)']],
  ["a == 'b", ['6:14-15 error condition-syntax: this quote is never closed']],
  [
    "'x${{ jobs.test.outputs.score }}' == a",
    ['6:43-47 error yaml-syntax: this is not expected after the value (Quote the text that has ${{ }} in it.)']
  ],
  [
    "'${{ jobs.test.outputs.score }}' == a",
    ['6:42-46 error yaml-syntax: this is not expected after the value (Quote the text that has ${{ }} in it.)']
  ],
  ['a & b', ['6:11-12 error condition-syntax: `&` is no operator (Write &&.)']],
  [
    'a == $',
    [
      "6:14-15 error condition-syntax: `$` is not expected here (Write it like: ${{ jobs.NAME.outputs.NAME }} > 0.9 && ${{ params.NAME }} == 'a')"
    ]
  ],
  ['5', ['6:9-10 error condition-syntax: `5` is neither true nor false (Compare it with something: a == b)']],
  ['[a]', ['6:9-12 error wrong-type: `when` must be a text or true or false, not a list']],
  ['', ['6:3-7 error wrong-type: `when` must be a text or true or false, not nothing']],
  [
    '${{ jobs.test.outputs.scor }} > 1',
    ['6:9-38 error reference-unknown-output: `test` has no output `scor` (Did you mean `score`?) @3:28']
  ],
  [
    '${{ jobs.tset.status }} == Failed',
    ['6:9-32 error reference-unknown-job: there is no job called `tset` (Did you mean `test`?)']
  ],
  [
    '${{ workflow.status }} == Failed',
    ['6:9-31 error expression-place: `${{ workflow.status }}` is known only in the texts of `onExit`']
  ]
])('when: %s', (text, diagnostics) => {
  expect(
    diagnose(
      `params: {mode: fast, n: 3, on: true}\njobs:\n- {name: test, command: a, outputs: {score: s}}\n- command: b\n  needs: test\n  when: ${text}\n`
    )
  ).toEqual(diagnostics);
});
