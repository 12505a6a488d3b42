import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

test.each([
  ['a/./b/', 'a/b'],
  ['.', '.'],
  ['/home/jovyan/x/', '/home/jovyan/x']
])('%s is the folder %s', (workdir, folder) => {
  expect(compile({ text: `workdir: ${workdir}\njobs: [a]`, file: 'w' }).plan?.jobs[0]?.workdir).toBe(folder);
});

test.each([
  ['../x', '1:10-14 error workdir-dots: `..` is not allowed in the path `../x`'],
  ['/home/jovyan/../x', '1:10-27 error workdir-dots: `..` is not allowed in the path `/home/jovyan/../x`'],
  ['~/x', '1:10-13 error workdir-tilde: `~` is not expanded here (Write /home/jovyan/x)']
])('workdir: %s', (workdir, diagnostic) => {
  expect(diagnose(`workdir: ${workdir}\njobs: [a]\n`)).toEqual([diagnostic]);
});
