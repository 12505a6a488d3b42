import fc from 'fast-check';
import { canonicalJson } from '../canonical.js';
import { isCanonical } from './is-canonical.js';

const check = (bytes: Buffer): boolean => isCanonical(bytes, bytes.toString(), JSON.parse(bytes.toString()));
/** What the check must say: whether the library writes these very bytes. */
const byLibrary = (bytes: Buffer): boolean => {
  try {
    return Buffer.from(canonicalJson(JSON.parse(bytes.toString()))).equals(bytes);
  } catch {
    // It is no JSON to the library, such as a number that is read as infinite.
    return false;
  }
};

// Names that are numbers, that JavaScript gives a meaning, and that sort otherwise by code unit than by code point.
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('9', '10', '-1', '01', '__proto__', 'toJSON', 'constructor', '', '\u{1f600}', '\ufb33', '\ud800')
);
const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
    fc.constantFrom(null, 0, -0, 1e21, 1e-7, 2 ** 53, '\u2028', '\ud800'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map(pairs => Object.fromEntries(pairs))
  )
}));

test('what the library writes is canonical', () => {
  fc.assert(
    fc.property(value, one => check(Buffer.from(canonicalJson(one)))),
    { numRuns: 2000 }
  );
});

test('of what JSON.stringify writes, that which the library writes too', () => {
  fc.assert(
    fc.property(value, one => {
      const bytes = Buffer.from(JSON.stringify(one));
      return check(bytes) === byLibrary(bytes);
    }),
    { numRuns: 2000 }
  );
});

test('of canonical bytes of which some were changed, those that the library writes', () => {
  const change = fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from(' \t"\\0e+.,:[]{}u'), 0x80, 0xc3, 0xed, 0xff));
  fc.assert(
    fc.property(value, fc.array(change, { minLength: 1, maxLength: 3 }), (one, changes) => {
      const bytes = Buffer.from(canonicalJson(one));
      changes.forEach(([at, byte]) => (bytes[at % bytes.length] = byte));
      try {
        JSON.parse(bytes.toString());
      } catch {
        return;
      }
      expect(check(bytes)).toBe(byLibrary(bytes));
    }),
    { numRuns: 5000 }
  );
});

test.each([
  ['names in order', '{"a":1,"b":{"c":[{"d":2,"e":3}]}}', true],
  ['names out of order', '{"b":1,"a":2}', false],
  ['names out of order in a list', '[{"a":[{"c":1,"b":2}]}]', false],
  ['numbers as names, in the order of text', '{"10":1,"9":2}', true],
  ['numbers as names, in the order of numbers', '{"9":1,"10":2}', false],
  ['a name that sorts by its UTF-16 code units', '{"\u{1f600}":1,"\ufb33":2}', true],
  ['the same by code points', '{"\ufb33":1,"\u{1f600}":2}', false],
  ['a name twice', '{"a":1,"a":1}', false],
  ['a space', '{"a": 1}', false],
  ['an end of line', '{"a":1}\n', false],
  ['a number in another spelling', '[1.0]', false],
  ['minus zero', '[-0]', false],
  ['an exponent that is short enough to be written out', '[1e2]', false],
  ['a number that is too exact', '[1.00000000000000000001]', false],
  ['a number that is read as infinite', '[1e999]', false],
  ['an escape that is not needed', '["\\u0061"]', false],
  ['an escape in capitals', '["\\u001F"]', false],
  ['an escape that is needed', '["\\u001f"]', true],
  ['half of a pair of surrogates as the library writes it', '["\\ud800"]', true],
  ['a field that JavaScript gives a meaning', '{"__proto__":{"b":1},"toJSON":"x"}', true]
])('%s: %s', (_what, text, canonical) => {
  expect(check(Buffer.from(text))).toBe(canonical);
  expect(byLibrary(Buffer.from(text))).toBe(canonical);
});

test('bytes that are no UTF-8 are not, though their text would be', () => {
  const bytes = Buffer.concat([Buffer.from('["'), Buffer.of(0xff), Buffer.from('"]')]);
  expect(canonicalJson(JSON.parse(bytes.toString()))).toBe(bytes.toString());
  expect(check(bytes)).toBe(false);
});

test('JSON that is nested too deeply to be walked is not', () => {
  const deep = 100_000;
  expect(check(Buffer.from('['.repeat(deep) + ']'.repeat(deep)))).toBe(false);
});
