import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const file = (volume: string): string => `jobs:\n- command: a\n  volumes:\n  - {${volume}, path: /data}\n`;

test.each([
  ['id: ds_abcdefgh', 'dataset', 'ds_abcdefgh', 'ds-abcdefgh'],
  ['id: ls_abcdefgh', 'lease', 'ls_abcdefgh', 'ls-abcdefgh'],
  ['id: 6de22e830ce4661c, name: Uis', 'dataset', '6de22e830ce4661c', 'uis'],
  ['dataset: uis/lorem', 'dataset', 'uis/lorem', 'uis-lorem'],
  ['lease: abc', 'lease', 'abc', 'abc']
])('%s mounts the %s %s as %s', (volume, kind, ref, name) => {
  expect(compile({ text: file(volume), file: 'w' }).plan?.jobs[0]?.volumes).toEqual([
    { name, kind, ref, mountPath: '/data' }
  ]);
});

test.each([
  [
    'name: a',
    '4:5-27 error volume-source: the volume does not say what it mounts (Add `dataset: <id>` or `lease: <id>`.)'
  ],
  [
    'id: a, lease: b',
    '4:13-18 error volume-source: the volume says twice what it mounts: `id` and `lease` (Keep one of them.)'
  ],
  ['id: ../a', "4:10-14 error volume-reference: `../a` can't be the id of a dataset or a lease"],
  ['id: a/../b', "4:10-16 error volume-reference: `a/../b` can't be the id of a dataset or a lease"],
  [
    'id: a, subPath: ../b',
    '4:22-26 error volume-sub-path: `subPath` must be a folder inside of the dataset, not `../b` (Write it relative and without `..`.)'
  ],
  [
    'id: a, subPath: /b',
    '4:22-24 error volume-sub-path: `subPath` must be a folder inside of the dataset, not `/b` (Write it relative and without `..`.)'
  ],
  ['id: a, readOnly: false', '4:23-28 error invalid-value: `readOnly` must be true']
])('%s', (volume, diagnostic) => {
  expect(diagnose(file(volume))).toEqual([diagnostic]);
});

test('one dataset in two jobs is one volume; two datasets of one name are two', () => {
  const text = `jobs:
- {command: a, volumes: [{dataset: x, name: data, path: /x}, {dataset: y, name: data, path: /y}]}
- {command: b, volumes: [{dataset: x, name: other, path: /z}]}
`;
  const { plan } = compile({ text, file: 'w' });
  expect(plan?.jobs.map(job => job.volumes.map(({ name, ref }) => `${name} ${ref}`))).toEqual([
    ['data x', 'data-2 y'],
    ['data x']
  ]);
});
