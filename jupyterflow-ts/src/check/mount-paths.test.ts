import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const file = (...paths: string[]): string =>
  `jobs:\n- command: a\n  volumes:\n${paths.map((path, index) => `  - {dataset: d${index}, path: ${path}}\n`).join('')}`;

test.each([
  ['/home/jovyan/uis', '/home/jovyan/uis'],
  ['/home/jovyan//uis/./a/', '/home/jovyan/uis/a'],
  ['/data', '/data'],
  ['/home/other', '/home/other']
])('data may be mounted at %s', (path, mountPath) => {
  expect(compile({ text: file(path), file: 'w' }).plan?.jobs[0]?.volumes[0]?.mountPath).toBe(mountPath);
});

test.each([
  ['uis', 'error mount-path-relative: the path `uis` is not absolute (Did you mean `/home/jovyan/uis`?)'],
  ['~/uis', 'error mount-path-relative: the path `~/uis` is not absolute (Did you mean `/home/jovyan/uis`?)'],
  [
    '/home/jovyan/../x',
    'error mount-path-dots: `..` is not allowed in the path `/home/jovyan/../x` (Did you mean `/home/x`?)'
  ],
  [
    '/',
    'error mount-path-shadows: mounting at `/` would hide `/home/jovyan` (Choose a folder below it: /home/jovyan/data)'
  ],
  [
    '/home',
    'error mount-path-shadows: mounting at `/home` would hide `/home/jovyan` (Choose a folder below it: /home/jovyan/data)'
  ],
  [
    '/home/jovyan/',
    'error mount-path-shadows: mounting at `/home/jovyan` would hide the home (Choose a folder below it: /home/jovyan/data)'
  ],
  ...[
    '/usr',
    '/usr/lib/x',
    '/etc',
    '/bin',
    '/lib64',
    '/sbin',
    '/proc/1',
    '/dev',
    '/sys',
    '/tmp/x',
    '/opt',
    '/opt/jupyterflow'
  ].map(path => [
    path,
    `error mount-path-shadows: mounting at \`${path}\` would hide a part of the system (${path.startsWith('/opt') ? '/opt/jupyterflow' : `/${path.split('/')[1] ?? ''}`}) (Choose a folder below the home: /home/jovyan/data)`
  ]),
  ['"/a\\tb"', "error mount-path-invalid: a path can't contain control characters"]
])('not at %s', (path, diagnostic) => {
  expect(diagnose(file(path)).map(line => line.replace(/^\S+ /, ''))).toEqual([diagnostic]);
});

test('not at one place twice, nor one inside of the other', () => {
  expect(diagnose(file('/data/a', '/data/a/', '/data'))).toEqual([
    '5:25-33 error mount-path-duplicate: two volumes of this job are mounted at `/data/a` (Mount each at a path of its own, side by side: /data/a-b) @4:25',
    '6:25-30 error mount-path-duplicate: `/data` and `/data/a` are mounted one inside the other (Mount each at a path of its own, side by side: /data/a-b) @4:25'
  ]);
});

test('a wrong default is told once, however many jobs have it', () => {
  expect(diagnose('volumes: [{id: a, path: x}]\njobs: [a, b, c]\n')).toHaveLength(1);
});
