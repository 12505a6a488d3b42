import { diagnose } from '../testing/diagnose.js';

test.each([
  ['serviceAccountName: my.runner-1', []],
  [
    'serviceAccountName: My_Runner',
    ["2:21-30 error object-name: `My_Runner` can't be the name of a service account (Use small letters, digits and -.)"]
  ],
  ['imagePullSecrets: [pull, {name: other}]', []],
  [
    'imagePullSecrets: [Pull, {name: -x}, {nam: y}]',
    [
      "2:20-24 error object-name: `Pull` can't be the name of a secret (Use small letters, digits and -.)",
      "2:33-35 error object-name: `-x` can't be the name of a secret (Use small letters, digits and -.)",
      '2:39-42 error missing-key: `imagePullSecrets` needs the key `name`',
      '2:39-42 error unknown-key: `nam` is not a key of `imagePullSecrets` (Did you mean `name`?)'
    ]
  ],
  ['priority: high-class', []],
  [
    'priority: High',
    ["2:11-15 error object-name: `High` can't be the name of a priority class (Use small letters, digits and -.)"]
  ],
  ['priority: 7', []],
  [
    'priority: 1.5',
    ["2:11-14 error wrong-type: `priority` must be a whole number or a text, not the number 1.5 (Quote it: '1.5')"]
  ],
  ['site: Oslo!', ["2:7-12 error object-name: `Oslo!` can't be the name of a site (Use small letters, digits and -.)"]],
  ['envFrom: [{secretRef: {name: a}}, {configMapRef: {name: b, optional: true}, prefix: X_}]', []],
  [
    'envFrom: [{prefix: A}]',
    [
      '2:12-18 error env-from-source: this set of variables does not say where it comes from (Add `secretRef` or `configMapRef`.)'
    ]
  ],
  [
    'envFrom: [{secretRef: {name: a}, configMapRef: {name: b}}]',
    ['2:34-46 error env-from-source: this set of variables says twice where it comes from (Keep one of them.)']
  ],
  [
    'envFrom: [{secretRef: {name: A}, prefix: 1x}]',
    [
      "2:30-31 error object-name: `A` can't be the name of a secret (Use small letters, digits and -.)",
      "2:42-44 error env-name-invalid: `1x` can't begin the name of a variable (Use letters, digits and _, with no digit first.)"
    ]
  ],
  ['envFrom: [{secretRef: {}}]', ['2:23-25 error missing-key: `secretRef` needs the key `name`']],
  ['env_from: [{secretRef: {name: a}}]', []],
  ['env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]', []],
  [
    'env: [{name: A, valueFrom: {secretKeyRef: {name: S, key: "k k"}}}]',
    [
      "2:50-51 error object-name: `S` can't be the name of a secret (Use small letters, digits and -.)",
      "2:58-63 error object-name: `k k` can't be the key of a secret"
    ]
  ],
  [
    'env: [{name: A, valueFrom: {fieldRef: {fieldPath: x}}}]',
    [
      '2:29-37 error unknown-key: `fieldRef` is not a key of `valueFrom` (Keys of `valueFrom`: secretKeyRef, configMapKeyRef.)'
    ]
  ],
  [
    'env: [{name: A, valueFrom: {}}]',
    ['2:28-30 error missing-key: `valueFrom` needs one of the keys `secretKeyRef` or `configMapKeyRef`']
  ],
  [
    'env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}, configMapKeyRef: {name: c, key: k}}}]',
    ['2:29-41 error invalid-value: `valueFrom` has only one of the keys `secretKeyRef` or `configMapKeyRef`']
  ],
  [
    'env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}, fieldRef: {fieldPath: x}}}]',
    [
      '2:62-70 error unknown-key: `fieldRef` is not a key of `valueFrom` (Keys of `valueFrom`: secretKeyRef, configMapKeyRef.)'
    ]
  ],
  ['env: [{name: A, valueFrom: {configMapKeyRef: {name: c, key: k}}}]', []],
  [
    'env: [{name: A, valueFrom: {configMapKeyRef: {name: C, key: "k k"}}}]',
    [
      "2:53-54 error object-name: `C` can't be the name of a ConfigMap (Use small letters, digits and -.)",
      "2:61-66 error object-name: `k k` can't be the key of a ConfigMap"
    ]
  ]
])('%s', (text, diagnostics) => {
  expect(diagnose(`jobs: [a]\n${text}\n`)).toEqual(diagnostics);
});

test.each([
  [
    'jobs: [a]\nenvFrom: [{secretRef: {name: a}}]\nenv_from: [{secretRef: {name: b}}]\n',
    [
      '3:1-9 error env-from-twice: `env_from` is the old spelling of `envFrom`, which is here too (Keep `envFrom`.) @2:1'
    ]
  ]
])('both spellings: %s', (text, diagnostics) => {
  expect(diagnose(text)).toEqual(diagnostics);
});
