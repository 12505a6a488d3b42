import { diagnose } from '../testing/diagnose.js';

test.each([
  ["labels: {team: physics, example.org/a_b.c: '', n: 5, b: true}", []],
  [
    'labels: {my team: a}',
    [
      "2:10-17 error label-key: `my team` can't be the key of a label (Letters, digits, -, _ and ., at most 63; before it may stand a domain and /.)"
    ]
  ],
  [
    'labels: {example.org/: a}',
    [
      "2:10-22 error label-key: `example.org/` can't be the key of a label (Letters, digits, -, _ and ., at most 63; before it may stand a domain and /.)"
    ]
  ],
  [
    'labels: {Example.org/a: b}',
    [
      "2:10-23 error label-key: `Example.org/a` can't be the key of a label (Letters, digits, -, _ and ., at most 63; before it may stand a domain and /.)"
    ]
  ],
  [
    'labels: {a: b c}',
    [
      "2:13-16 error label-value: `b c` can't be the value of the label `a` (Letters, digits, -, _ and ., at most 63. Longer texts can be annotations.)"
    ]
  ],
  [
    'labels: {a: -b}',
    [
      "2:13-15 error label-value: `-b` can't be the value of the label `a` (Letters, digits, -, _ and ., at most 63. Longer texts can be annotations.)"
    ]
  ],
  [
    'labels: {jupyterflow.io/run: x}',
    ['2:10-28 error label-reserved: `jupyterflow.io/run` is set by JupyterFlow itself (Choose another prefix.)']
  ],
  [
    "annotations: {note: 'any text: at all', jupyterflow.io/x: y}",
    ['2:41-57 error label-reserved: `jupyterflow.io/x` is set by JupyterFlow itself (Choose another prefix.)']
  ],
  ['labels: {a: [b]}', ['2:13-16 error wrong-type: `a` must be a text, a number or true or false, not a list']],
  ['labels: [a]', ['2:9-12 error wrong-type: `labels` must be a map, not a list']],
  ['nodeSelector: {disk: ssd, jupyterflow.io/site: oslo}', []],
  [
    'nodeSelector: {a b: c}',
    [
      "2:16-19 error label-key: `a b` can't be the key of a label (Letters, digits, -, _ and ., at most 63; before it may stand a domain and /.)"
    ]
  ],
  [
    'labels: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: x}',
    [
      "2:10-74 error label-key: `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa` can't be the key of a label (Letters, digits, -, _ and ., at most 63; before it may stand a domain and /.)"
    ]
  ],
  [
    'labels: {a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}',
    [
      "2:13-77 error label-value: `bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb` can't be the value of the label `a` (Letters, digits, -, _ and ., at most 63. Longer texts can be annotations.)"
    ]
  ]
])('%s', (text, diagnostics) => {
  expect(diagnose(`jobs: [a]\n${text}\n`)).toEqual(diagnostics);
});
