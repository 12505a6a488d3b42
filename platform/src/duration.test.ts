import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.js';

describe('ISO 8601 durations', () => {
  test.each([
    ['PT4H', 14_400_000],
    ['PT1H30M', 5_400_000],
    ['PT90M', 5_400_000],
    ['P1D', 86_400_000],
    ['P1DT1S', 86_401_000],
    ['P9999D', 863_913_600_000]
  ])('%s is %d ms', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  test.each(['', 'P', 'PT', 'P1DT', '4H', 'PT-1H', 'PT1.5H', 'P1M', 'PT0S', 'P9999DT1S', ' PT4H', 'PT4H\n'])(
    '%j is none',
    text => expect(parseDuration(text)).toBeUndefined()
  );

  test.each([
    [14_400_000, 'PT4H'],
    [28_800_000, 'PT8H'],
    [90_061_000, 'P1DT1H1M1S'],
    [172_800_000, 'P2D'],
    [999, 'PT0S']
  ])('%d ms is written %s', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

  test('whole seconds survive writing and reading', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 * 86_400 }), seconds => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      })
    );
  });
});
