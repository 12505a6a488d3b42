import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string): string => readFileSync(join(__dirname, '..', file), 'utf8');

test('the npm package, the wheel and the Python package have one version', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(/^version = "(.+)"$/m.exec(read('pyproject.toml'))?.[1]).toBe(version);
  expect(/^__version__ = "(.+)"$/m.exec(read('jupyterflow_dataexplorer/__init__.py'))?.[1]).toBe(version);
});
