import { spanOfPath } from './locate.js';
import { readYaml } from './read.js';

const TEXT = `name: demo
jobs:
- echo a
- command: echo b
  image: 'x'
  resources: {cpu: 1}
  env:
    A: b
`;

test.each([
  [['name'], 'demo'],
  [['jobs'], 'jobs'],
  [['jobs', 0], 'echo a'],
  [['jobs', 1], 'command'],
  [['jobs', 1, 'image'], "'x'"],
  [['jobs', 1, 'resources'], 'resources'],
  [['jobs', 1, 'resources', 'cpu'], '1'],
  [['jobs', 1, 'env', 'A'], 'b'],
  [['jobs', 1, 'env', 'B'], 'env'],
  [['jobs', 0, 'image'], 'echo a'],
  [['jobs', 9], 'jobs'],
  [['jobs', 'x'], 'jobs'],
  [['constructor', '__proto__'], 'name'],
  [[], 'name']
])('%j is pointed at by %j', (path, text) => {
  const { start, end } = spanOfPath(readYaml(TEXT).root!, path);
  expect(TEXT.slice(start, end)).toBe(text);
});
