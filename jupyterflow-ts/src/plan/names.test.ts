import fc from 'fast-check';
import { dnsLabel, fnv1a } from './names.js';

test.each([
  ['my-flow', 'my-flow'],
  ['My_Flow 2', 'my-flow-2'],
  ['--a--', 'a'],
  ['Größe', 'gro-e'],
  ['été', 'ete'],
  ['数据', 'workflow'],
  ['', 'workflow'],
  ['abcdefghijklmnopqrstuvwxyz', 'abcdefghijk-b0bc0c82']
])('%j becomes %s', (text, label) => {
  expect(dnsLabel(text, 20)).toBe(label);
});

test('any text becomes a DNS label that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.integer({ min: 12, max: 63 }), (text, max) => {
      const label = dnsLabel(text, max);
      expect(label).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      expect(label.length).toBeLessThanOrEqual(max);
    })
  );
});

// The vectors of draft-eastlake-fnv, appendix C, for FNV-1a 32.
test.each([
  ['', '811c9dc5'],
  ['a', 'e40c292c'],
  ['foobar', 'bf9cf968']
])('the hash of %j is %s', (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});
