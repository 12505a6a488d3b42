import fc from 'fast-check';
import { Failure } from './failure.js';
import { renderJsonPath } from './jsonpath.js';

const value = {
  name: 'a',
  jobs: [
    { name: 'x', 'a.b': 1, phase: 'Failed', exitCode: 3 },
    { name: 'y', phase: 'Succeeded', exitCode: 0, on: true },
    { name: 'z', phase: 'Failed', exitCode: 137, inner: { name: 'deep' } }
  ],
  links: {}
};

test.each([
  ['{.name}', 'a'],
  ['.name', 'a'],
  ['name', 'a'],
  ['{$.name}', 'a'],
  ['{.jobs[1].name}', 'y'],
  ['{.jobs[-1].name}', 'z'],
  ['{.jobs[0:2].name}', 'x y'],
  ['{.jobs[::2].name}', 'x z'],
  ['{.jobs[-2:].name}', 'y z'],
  ['{.jobs[0,2].name}', 'x z'],
  ['{.jobs[*].name}', 'x y z'],
  ["{.jobs[0]['name','phase']}", 'x Failed'],
  ["{.jobs[0]['a.b']}", '1'],
  ['{.jobs[0].a\\.b}', '1'],
  ['{.jobs[0].*}', 'x 1 Failed 3'],
  ['{..name}', 'a x y z deep'],
  ['{.jobs[?(@.phase=="Failed")].name}', 'x z'],
  ["{.jobs[?(@.phase!='Failed')].name}", 'y'],
  ['{.jobs[?(@.exitCode>3)].name}', 'z'],
  ['{.jobs[?(@.exitCode<=3)].name}', 'x y'],
  ['{.jobs[?(@.on==true)].name}', 'y'],
  ['{.jobs[?(@.inner)].name}', 'z'],
  ['{.jobs[?(@.exitCode<"3")].name}', ''],
  ['{range .jobs[*]}{.name}={.exitCode}{"\\n"}{end}', 'x=3\ny=0\nz=137\n'],
  ['{range .jobs[*]}{.name} of {$.name}; {end}', 'x of a; y of a; z of a; '],
  ['run {.name}: {.links}', 'run a: {}'],
  ['{.jobs[9].name}', ''],
  ['{.gone.name}', ''],
  ['{.constructor}', ''],
  ['{.jobs.length}', ''],
  ['{.}', JSON.stringify(value)]
])('%s', (template, text) => {
  expect(renderJsonPath(value, template)).toBe(text);
});

test.each([
  ['{range .jobs}', '{range} without {end}'],
  ['{end}', '{end} without {range}'],
  ['{.name', 'at {.name'],
  ['{.jobs[x]}', 'at [x]'],
  ['{.jobs[?(phase)]}', 'at phase'],
  ['{.a b}', 'at  b'],
  ['{"x}', 'at {"x}']
])('what is no path is refused: %s', (template, where) => {
  expect(() => renderJsonPath(value, template)).toThrow(`can't read the jsonpath ${template}: ${where}`);
});

test('any text is read or refused, never more', () => {
  const part = fc.constantFrom(
    '{',
    '}',
    '.',
    '[',
    ']',
    '(',
    ')',
    '?',
    '@',
    '$',
    '*',
    '"',
    "'",
    '\\',
    'a',
    '1',
    ':',
    ',',
    '=',
    ' ',
    'range ',
    'end'
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), parts => {
      try {
        expect(typeof renderJsonPath(value, parts.join(''))).toBe('string');
      } catch (error) {
        expect(error).toBeInstanceOf(Failure);
      }
    })
  );
});
