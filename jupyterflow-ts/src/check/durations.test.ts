import { diagnose } from '../testing/diagnose.js';

test.each([
  ['timeout: 10m', []],
  ['walltime: 1m', []],
  [
    'walltime: 59s',
    [
      '2:11-14 error walltime-too-short: all attempts of `job-1` get 59s, less than the 1m of one (Make `walltime` at least `timeout`.) @1:30'
    ]
  ],
  [
    'deadline: 0s',
    ['2:11-13 error duration-range: a time must be longer than nothing (Without a limit leave the key out.)']
  ],
  ['deadline: 3650d', []],
  [
    'deadline: 3651d',
    ['2:11-16 error duration-range: a time must be at most ten years (3650d) (Without a limit leave the key out.)']
  ],
  [
    'deadline: 99999999999999999999',
    ['2:11-31 error duration-range: a time must be at most ten years (3650d) (Without a limit leave the key out.)']
  ],
  ['queueTimeout: 1.5h', []],
  [
    'queueTimeout: soon',
    [
      '2:15-19 error invalid-value: `queueTimeout` is not written as it should be (Seconds, or with a unit: 30s, 10m, 1h30m.)'
    ]
  ],
  ['retries: {limit: 1, backoff: 0s, max: 1h}', []],
  [
    'retries: {limit: 1, backoff: 4000d}',
    ['2:30-35 error duration-range: a time must be at most ten years (3650d) (Without a limit leave the key out.)']
  ],
  [
    'retries: {limit: 1, max: 0s}',
    ['2:26-28 error duration-range: a time must be longer than nothing (Without a limit leave the key out.)']
  ],
  [
    'schedule: {cron: 0 0 * * *, startingDeadline: 0s}',
    ['2:47-49 error duration-range: a time must be longer than nothing (Without a limit leave the key out.)']
  ]
])('%s', (text, diagnostics) => {
  expect(diagnose(`jobs: [{command: a, timeout: 1m}]\n${text}\n`)).toEqual(diagnostics);
});

test.each([
  ['timeout: 1h', []],
  [
    'timeout: 2h',
    [
      '1:11-14 error walltime-too-short: all attempts of `train` get 1h30m, less than the 2h of one (Make `walltime` at least `timeout`.) @3:38'
    ]
  ],
  [
    'timeout: 2h, copies: 3',
    [
      '1:11-14 error walltime-too-short: all attempts of `train` get 1h30m, less than the 2h of one (Make `walltime` at least `timeout`.) @3:38'
    ]
  ],
  ['timeout: 100ms, walltime: 1s', []]
])('a job with %s', (text, diagnostics) => {
  expect(diagnose(`walltime: 90m\njobs:\n- {name: train, command: a, ${text}}\n`)).toEqual(diagnostics);
});
