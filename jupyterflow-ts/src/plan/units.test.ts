import { parseDuration } from './units.js';

test.each([
  ['90', 90],
  ['30s', 30],
  ['10m', 600],
  ['1h30m', 5400],
  ['1.5h', 5400],
  ['2d', 172_800],
  ['500ms', 0.5]
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});
