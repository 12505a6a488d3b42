import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const nameOf = (text: string, options = {}): string | undefined => compile({ text, file: 'w' }, options).plan?.name;

test('option, file, folder, in this order, name the run', () => {
  expect(nameOf('name: file\njobs: [a]', { name: 'option', folder: 'folder' })).toBe('option');
  expect(nameOf('name: file\njobs: [a]', { folder: 'folder' })).toBe('file');
  expect(nameOf('jobs: [a]', { folder: 'My Folder' })).toBe('my-folder');
  expect(nameOf('jobs: [a]')).toBe('workflow');
});

test.each([
  ['My_Flow', ['1:7-14 info name-made-safe: runs will be called `my-flow-...`']],
  ['yes', []],
  ['010', ["1:7-10 error wrong-type: `name` must be a text, not the number 010 (Quote it: '010')"]],
  ['x'.repeat(60), [`1:7-67 info name-made-safe: runs will be called \`${'x'.repeat(43)}-37d12e35-...\``]]
])('name: %s', (name, diagnostics) => {
  expect(diagnose(`name: ${name}\njobs: [a]\n`)).toEqual(diagnostics);
});
