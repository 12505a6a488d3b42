import { diagnose } from '../testing/diagnose.js';

test.each([
  ['{cpu: 0.5, memory: 500Mi, disk: 10Gi, gpu: 2}', []],
  ['{gpu: {count: 1, type: A100}}', []],
  ['{gpu: {type: A100}}', ['1:19-23 error missing-key: `gpu` needs the key `count`']],
  ['{gpu: -1}', ['1:18-20 error invalid-value: `gpu` must be at least 0, not -1']],
  ['{gpu: 1025}', ['1:18-22 error invalid-value: `gpu` must be at most 1024, not 1025']],
  ['{requests: {cpu: 1, memory: 1Gi, ephemeral-storage: 1Gi, nvidia.com/gpu: 1}, limits: {cpu: 1}}', []],
  [
    '{requests: {cpu: 1}, limits: {cpu: 2, memory: 1Gi}}',
    [
      '1:47-48 warning resources-differ: the job asks for 1 and may use 2 of `cpu`; it is given 2 (Write one amount: `resources: {cpu, memory}`.) @1:29'
    ]
  ],
  [
    '{cpu: 1, requests: {memory: 1Gi}}',
    ['1:13-16 error resources-mixed: `cpu` and `requests` are of two spellings (Use one of them.) @1:21']
  ],
  [
    '{requests: {amd.com/gpu: 1}}',
    ['1:24-35 error unknown-key: `amd.com/gpu` is not a key of `requests` (Did you mean `nvidia.com/gpu`?)']
  ],
  [
    '{cpu: 1 core}',
    ['1:18-24 error invalid-value: `cpu` is not written as it should be (Processors: 1, 0.5 or 500m.)']
  ],
  [
    '{memory: 1 GB}',
    ['1:21-25 error invalid-value: `memory` is not written as it should be (Bytes, or with a unit: 500Mi, 2Gi.)']
  ],
  [
    '{limits: {memory: lots}}',
    ['1:30-34 error invalid-value: `memory` is not written as it should be (Bytes, or with a unit: 500Mi, 2Gi.)']
  ],
  ['1', ['1:12-13 error wrong-type: `resources` must be a map, not the number 1']]
])('resources: %s', (text, diagnostics) => {
  expect(diagnose(`resources: ${text}\njobs: [a]\n`)).toEqual(diagnostics);
});
