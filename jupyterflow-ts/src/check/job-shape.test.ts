import { diagnose } from '../testing/diagnose.js';

test.each([
  ['- 5', "2:3-4 error job-not-string: YAML reads 5 as a number, not as a command (Quote it: - '5')"],
  ['- true', "2:3-7 error job-not-string: YAML reads true as a boolean, not as a command (Quote it: - 'true')"],
  ['- 010', "2:3-6 error job-not-string: YAML reads 010 as a number, not as a command (Quote it: - '010')"],
  ['-', '2:2-2 error job-empty: this job is empty (Write a command, or remove the line.)'],
  [
    '- [echo, a]',
    '2:3-12 error job-is-list: a job is a command or a map, not a list (Write the words under `command:`.)'
  ],
  [
    '- echo foo: bar',
    "2:3-16 error job-is-map: YAML reads this command as a map with the key `echo foo` (Quote it: - 'echo foo: bar')"
  ],
  [
    "- echo it's: ok",
    "2:3-16 error job-is-map: YAML reads this command as a map with the key `echo it's` (Quote it: - 'echo it''s: ok')"
  ],
  [
    '- echo a: b: c',
    "2:11-12 error yaml-syntax: a second `: ` on this line makes it ambiguous (Quote it: - 'echo a: b: c')"
  ]
])('%s', (job, diagnostic) => {
  expect(diagnose(`jobs:\n${job}\n`)).toEqual([diagnostic]);
});

test.each(['jobs: []', 'jobs:'])('%s has nothing to run', text => {
  expect(diagnose(text).map(line => line.replace(/^\S+ /, ''))).toEqual([
    'error no-jobs: `jobs` is empty (Write at least one: - echo hello)'
  ]);
});
