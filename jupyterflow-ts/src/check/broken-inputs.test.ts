import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from '../compile.js';
import { formatDiagnostics } from './format.js';

const folder = fileURLToPath(new URL('../../test-data/broken', import.meta.url));
const names = readdirSync(folder).flatMap(file => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []));

/** What the command prints of a file; nothing when there is nothing to say. */
function printed(name: string): string {
  const source = { text: readFileSync(`${folder}/${name}.yaml`, 'utf8'), file: 'workflow.yaml' };
  return formatDiagnostics(compile(source).diagnostics, source);
}

// Inputs that the older programs answered with a stack trace, or ran as something else than was meant.
test.each(names)('%s is answered as it was', name => {
  const golden = `${folder}/${name}.txt`;
  if (process.env['GOLDEN'] === 'write' && process.env['CI'] === undefined) writeFileSync(golden, printed(name));
  expect(printed(name)).toBe(readFileSync(golden, 'utf8'));
});

test('every answer belongs to an input', () => {
  const answers = readdirSync(folder).filter(file => file.endsWith('.txt'));
  expect(answers.filter(file => !existsSync(`${folder}/${file.replace(/\.txt$/, '.yaml')}`))).toEqual([]);
  expect(answers).toHaveLength(names.length);
});
