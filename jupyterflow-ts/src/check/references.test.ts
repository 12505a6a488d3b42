import { diagnose } from '../testing/diagnose.js';

test.each([
  ['- {command: "echo ${{ jobs.a.outputs.score }}", needs: a}', []],
  ['- {command: "echo ${{ jobs.a.outputs.score }}", needs: many}', []],
  ['- {command: "echo ${{ jobs.a.outputs.score }}", needs: many-1}', []],
  [
    '- echo ${{ jobs.a.outputs.score }}',
    [
      '5:8-35 error reference-not-before: `job-4` does not wait for `a`, so its output `score` is not known (Add the edge: a >> job-4)'
    ]
  ],
  [
    '- {name: last, command: "echo ${{ jobs.many.outputs.x }}", needs: many-0}',
    [
      '5:31-57 error reference-not-before: `last` does not wait for `many`, so its output `x` is not known (Add the edge: many >> last)'
    ]
  ],
  ['- {name: last, command: "echo ${{ jobs.many-0.outputs.x }}", needs: many-0}', []],
  ['- {name: last, command: "echo ${{ jobs.many-0.outputs.x }}", needs: many}', []],
  [
    '- {name: last, command: x, env: {S: "${{ jobs.b.status }}"}}',
    [
      '5:38-58 error reference-not-before: `last` does not wait for `b`, so its status is not known (Add the edge: b >> last)'
    ]
  ],
  [
    '- {name: last, command: x, foreach: "${{ jobs.a.outputs.list }}"}',
    [
      '5:38-64 error reference-not-before: `last` does not wait for `a`, so its output `list` is not known (Add the edge: a >> last)'
    ]
  ],
  [
    '- {command: "echo ${{ jobs.a.outputs.scor }}", needs: a}',
    ['5:19-45 error reference-unknown-output: `a` has no output `scor` (Did you mean `score`?) @2:25']
  ],
  [
    '- {command: "echo ${{ jobs.b.outputs.score }}", needs: b}',
    [
      '5:19-46 error reference-unknown-output: `b` has no output `score` (Declare it in that job:\noutputs:\n  score: path/of/its/file) @3:10'
    ]
  ],
  [
    '- {command: "echo ${{ jobs.mnay.outputs.x }}", needs: b}',
    ['5:19-45 error reference-unknown-job: there is no job called `mnay` (Did you mean `many`?)']
  ],
  [
    '- {name: self, command: "echo ${{ jobs.self.status }}"}',
    ["5:31-54 error reference-not-before: `self` can't use its own status"]
  ],
  [
    '- {name: group, command: "echo ${{ jobs.a.outputs.score }}", copies: 3}',
    [
      '5:32-59 error reference-not-before: `group` does not wait for `a`, so its output `score` is not known (Add the edge: a >> group)'
    ]
  ],
  ['- {name: group, command: "echo ${{ jobs.a.outputs.score }}", copies: 3, needs: a}', []],
  [
    '- {name: p, command: p, needs: q}\n- {name: q, command: "q ${{ jobs.p.status }}", needs: p}',
    ['5:32-33 error cycle: the jobs wait for each other in a circle: p >> q >> p (Remove one of these edges.) @6:55']
  ]
])('%s', (text, diagnostics) => {
  expect(
    diagnose(
      `jobs:\n- {name: a, command: a, outputs: {list: l, score: s}}\n- {name: b, command: b, needs: a}\n- {name: many, command: c, copies: 2, needs: b, outputs: {x: y}}\n${text}\n`
    )
  ).toEqual(diagnostics);
});
