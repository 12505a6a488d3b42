import fc from 'fast-check';
import { durationWords, isoDuration, parseIsoDuration } from './durations.js';

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [40_999, '40 s'],
  [12 * 60_000 + 59_000, '12 min'],
  [3 * 3_600_000 + 12 * 60_000, '3 h 12 min'],
  [24 * 3_600_000, '1 d'],
  [76 * 3_600_000 + 60_000, '3 d 4 h']
])('%i ms are %s', (milliseconds, words) => {
  expect(durationWords(milliseconds)).toBe(words);
});

test.each([
  [0, 'PT0S'],
  [14_400, 'PT4H'],
  [90, 'PT1M30S'],
  [86_400, 'P1D'],
  [102_600, 'P1DT4H30M']
])('%i s are %s', (seconds, text) => {
  expect(isoDuration(seconds)).toBe(text);
});

test('a duration is read as it was written', () => {
  fc.assert(
    fc.property(fc.nat(86_400 * 9999), seconds => {
      expect(parseIsoDuration(isoDuration(seconds))).toBe(seconds * 1000);
    })
  );
  expect(parseIsoDuration('4 hours')).toBeUndefined();
});
