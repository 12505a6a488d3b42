import { diagnose } from '../testing/diagnose.js';

test.each([
  ['true', []],
  ['false', []],
  ['{key: [train.py, data, "data/*.csv", params, params.rate]}', []],
  ['{key: []}', []],
  ['{key: [params.rat]}', ['4:17-27 error param-unknown: there is no parameter `rat` (Did you mean `rate`?)']],
  [
    '{key: [/data]}',
    ['4:17-22 error cache-path: `/data` is not below the working folder (Write it relative to the working folder.)']
  ],
  ['{key: [../data]}', ['4:17-24 error cache-path: `..` is not allowed in the path `../data`']],
  ['{key: ["a\\0"]}', ["4:17-22 error cache-path: a path can't contain control characters"]],
  ['{key: train.py}', ['4:16-24 error wrong-type: `key` must be a list, not a text (Write a list: [train.py])']],
  [
    '{keys: [a]}',
    [
      '4:11-15 error missing-key: `cache` needs the key `key`',
      '4:11-15 error unknown-key: `keys` is not a key of `cache` (Did you mean `key`?)'
    ]
  ],
  ['yes', ['4:10-13 error wrong-type: `cache` must be true or false or a map, not a text']]
])('cache: %s', (text, diagnostics) => {
  expect(diagnose(`params: {rate: 1}\njobs:\n- command: a\n  cache: ${text}\n`)).toEqual(diagnostics);
});
