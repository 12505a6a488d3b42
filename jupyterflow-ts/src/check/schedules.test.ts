import { diagnose } from '../testing/diagnose.js';

test.each([
  ['0 6 * * 1', []],
  ['["0 6 * * 1", "@daily"]', []],
  [
    "['0 6 * * 1', '0 6 * *', '61 * * * *']",
    [
      '2:26-33 error schedule-cron: a cron line has five fields, not 4 (Five fields: minute hour day month weekday, e.g. 0 6 * * 1)',
      '2:37-39 error schedule-cron: the minute must be from 0 to 59, not 61'
    ]
  ],
  ['{cron: 0 6 * * mon-fri, timezone: Europe/Oslo, suspend: true}', []],
  [
    '{cron: 0 6 * * 7, timezone: Oslo}',
    [
      '2:26-27 error schedule-cron: the day of the week must be from 0 to 6, not 7 (Sunday is 0.)',
      '2:39-43 error schedule-timezone: there is no time zone `Oslo` (Use a name of the IANA database, e.g. Europe/Oslo.)'
    ]
  ],
  [
    '{cron: 0 6 * * 1, timezone: +01:00}',
    [
      '2:39-45 error schedule-timezone: there is no time zone `+01:00` (Use a name of the IANA database, e.g. Europe/Oslo.)'
    ]
  ],
  ['{timezone: UTC}', ['2:12-20 error missing-key: `schedule` needs the key `cron`']],
  [
    '{cron: 0 6 * * 1, concurrency: forbid}',
    [
      '2:42-48 error invalid-value: `concurrency` must be Allow, Forbid or Replace, not `forbid` (Did you mean `Forbid`?)'
    ]
  ],
  ['5', ["2:11-12 error wrong-type: `schedule` must be a text, a list or a map, not the number 5 (Quote it: '5')"]],
  ['[]', ['2:11-13 error invalid-value: `schedule` is empty']],
  [
    '"@every 1h"',
    [
      '2:12-21 error schedule-cron: `@every 1h` is not known (Known are @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly.)'
    ]
  ],
  [
    '{cron: 0 6 * * 1, cronn: x}',
    ['2:29-34 error unknown-key: `cronn` is not a key of `schedule` (Did you mean `cron`?)']
  ]
])('schedule: %s', (text, diagnostics) => {
  expect(diagnose(`jobs: [a]\nschedule: ${text}\n`)).toEqual(diagnostics);
});
