import { diagnose } from '../testing/diagnose.js';

test.each([
  [
    'jobs: [a]\nargo: {ttlStrategy: {}}\n',
    ['2:1-5 warning argo-not-portable: raw fields of Argo are left aside where a run is local']
  ],
  [
    'jobs: [{command: a, argo: {metadata: {}}}]\n',
    ['1:21-25 warning argo-not-portable: raw fields of Argo are left aside where a run is local']
  ],
  [
    'jobs: [a]\nargo: x\n',
    [
      '2:1-5 warning argo-not-portable: raw fields of Argo are left aside where a run is local',
      '2:7-8 error wrong-type: `argo` must be a map, not a text'
    ]
  ],
  [
    'jobs: [{command: a, copies: 2, argo: {}}]\n',
    ['1:32-36 warning argo-not-portable: raw fields of Argo are left aside where a run is local']
  ]
])('%s', (text, diagnostics) => {
  expect(diagnose(text)).toEqual(diagnostics);
});
