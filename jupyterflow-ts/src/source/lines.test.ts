import fc from 'fast-check';
import { LineTable } from './lines.js';

test('a position is the number of line breaks before it, and what is after the last of them', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', 'é') });
  fc.assert(
    fc.property(text, fc.nat(30), (whole, wish) => {
      const offset = Math.min(wish, whole.length);
      const before = whole.slice(0, offset).split('\n');
      expect(new LineTable(whole).position(offset)).toEqual({
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1
      });
    })
  );
});
