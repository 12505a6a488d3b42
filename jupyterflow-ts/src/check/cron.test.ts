import fc from 'fast-check';
import { parseCron } from './cron.js';

test.each([
  ['0 6 * * 1', '0 6 * * 1'],
  ['  */5\t0-23/2  1,15,31 jan-Mar MON ', '*/5 0-23/2 1,15,31 JAN-MAR MON'],
  ['5/15 * * * 0-6', '5/15 * * * 0-6'],
  ['@weekly', '0 0 * * 0']
])('%s is %s', (text, line) => {
  expect(parseCron(text)).toBe(line);
});

test.each([
  ['', 'a cron line has five fields, not 0', 0, 0],
  ['* * * * * *', 'a cron line has five fields, not 6', 0, 11],
  ['60 * * * *', 'the minute must be from 0 to 59, not 60', 0, 2],
  ['0 24 * * *', 'the hour must be from 0 to 23, not 24', 2, 4],
  ['0 0 0 * *', 'the day of the month must be from 1 to 31, not 0', 4, 5],
  ['0 0 1 13 *', 'the month must be from 1 to 12, not 13', 6, 8],
  ['0 0 1 * 7', 'the day of the week must be from 0 to 6, not 7', 8, 9],
  ['0 0 1 * sat-mon', 'the range sat-mon of the day of the week ends before it begins', 8, 15],
  ['0,30,61 * * * *', 'the minute must be from 0 to 59, not 61', 5, 7],
  ['0,,5 * * * *', '`` is not the minute', 1, 2],
  ['*/0 * * * *', "a step of the minute can't be 0", 0, 3],
  ['*-5 * * * *', '`*-5` is not the minute', 0, 3],
  ['0 0 L * *', 'the day of the month must be from 1 to 31, not L', 4, 5],
  ['0 0 1W * *', 'the day of the month must be from 1 to 31, not 1W', 4, 6],
  ['0 0 ? * *', '`?` is not the day of the month', 4, 5],
  ['@every 1h', '`@every 1h` is not known', 0, 9],
  ['@constructor', '`@constructor` is not known', 0, 12]
])('%j: %s', (text, message, start, end) => {
  expect(parseCron(text)).toMatchObject({ message, start, end });
});

test('any text is a line or an error inside of the text', () => {
  const piece = fc.constantFrom('*', '/', '-', ',', ' ', '\t', '5', '59', 'mon', 'jan', 'é', '0', '@');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 20 }).map(pieces => pieces.join('')),
      text => {
        const line = parseCron(text);
        if (typeof line === 'string') expect(parseCron(line)).toBe(line);
        else expect(line.start <= line.end && line.end <= text.length).toBe(true);
      }
    )
  );
});
