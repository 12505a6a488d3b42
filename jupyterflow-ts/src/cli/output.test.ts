import { pickPath } from './output.js';

const value = { name: 'a', jobs: [{ name: 'x', 'a.b': 1 }, { name: 'y' }], links: {} };

test.each([
  ['{.name}', ['a']],
  ['.name', ['a']],
  ['name', ['a']],
  ['{.jobs[1].name}', ['y']],
  ['{.jobs[*].name}', ['x', 'y']],
  ["{.jobs[0]['a.b']}", [1]],
  ['{.jobs[9].name}', []],
  ['{.gone.name}', []],
  ['{.constructor}', []],
  ['{.}', [value]]
])('%s', (expression, found) => {
  expect(pickPath(value, expression)).toEqual(found);
});

test('what is no path is refused', () => {
  expect(() => pickPath(value, '{range .jobs}')).toThrow("can't read the jsonpath {range .jobs}");
});
