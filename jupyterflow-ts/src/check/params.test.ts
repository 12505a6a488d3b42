import { diagnose } from '../testing/diagnose.js';

test.each([
  ['{a: 1, b: x, c: true}', []],
  ['{a: {type: integer, default: 3}}', []],
  ['{a: {type: integer, default: 3.5}}', ['1:38-41 error param-type: `a` must be a whole number, not `3.5`']],
  ['{a: {type: number, default: 1e-3}}', []],
  ['{a: {type: number, default: .inf}}', ['1:37-41 error param-type: `a` must be a number, not `.inf`']],
  ['{a: {type: boolean, default: yes}}', ['1:38-41 error param-type: `a` must be true or false, not `yes`']],
  ['{a: {type: boolean, default: true, description: x}}', []],
  [
    '{a: {type: int}}',
    [
      '1:10-11 error param-missing: the parameter `a` has no value (Give one: -p a=VALUE, or declare a `default`.)',
      '1:20-23 error invalid-value: `type` must be string, number, integer or boolean, not `int` (Did you mean `integer`?)'
    ]
  ],
  [
    '{a: {}}',
    ['1:10-11 error param-missing: the parameter `a` has no value (Give one: -p a=VALUE, or declare a `default`.)']
  ],
  ['{a: {required: false}}', []],
  ['{a: {required: true, default: x}}', []],
  [
    '{a: {enum: [fast, slow], default: fsat}}',
    ['1:43-47 error param-not-allowed: `a` must be one of fast, slow, not `fsat` (Did you mean `fast`?)']
  ],
  ['{a: {enum: [1, 2], default: 2}}', []],
  [
    '{a: {enum: []}}',
    [
      '1:10-11 error param-missing: the parameter `a` has no value (Give one: -p a=VALUE, or declare a `default`.)',
      '1:20-22 error invalid-value: `enum` is empty'
    ]
  ],
  [
    '{a b: 1}',
    [
      "1:10-13 error param-name-invalid: `a b` can't be the name of a parameter (Use letters, digits, - and _, with no digit first.)"
    ]
  ],
  ['{a: [1]}', ['1:13-16 error wrong-type: `a` must be a text, a number, true or false or a map, not a list']],
  [
    "{a: '${{ params.b }}', b: 1}",
    ["1:14-29 error expression-place: `${{ params.b }}` can't be part of a parameter itself"]
  ],
  [
    '{a: {typ: integer, default: 1}}',
    ['1:14-17 error unknown-key: `typ` is not a key of a parameter (Did you mean `type`?)']
  ],
  ['[a]', ['1:9-12 error wrong-type: `params` must be a map, not a list']]
])('params: %s', (text, diagnostics) => {
  expect(diagnose(`params: ${text}\njobs: [a]\n`)).toEqual(diagnostics);
});

test.each([
  ['{size: 3}', []],
  ['{size: {}}', []],
  ['{size: {type: integer, default: 3}}', ['1:10-14 error param-type: `size` must be a whole number, not `many`']],
  ['{size: {type: boolean}}', ['1:10-14 error param-type: `size` must be true or false, not `many`']],
  ['{size: {enum: [few, many]}}', []],
  [
    '{size: {enum: [few, any]}}',
    ['1:10-14 error param-not-allowed: `size` must be one of few, any, not `many` (Did you mean `any`?)']
  ],
  [
    '{sise: 3}',
    [
      '1:9-18 error param-undeclared: a value was given for `size`, which is no parameter of this file (Did you mean `sise`?)'
    ]
  ]
])('a value is given for size: params: %s', (text, diagnostics) => {
  expect(diagnose(`params: ${text}\njobs: [a]\n`, { params: { size: 'many' } })).toEqual(diagnostics);
});
