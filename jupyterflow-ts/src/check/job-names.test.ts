import { diagnose } from '../testing/diagnose.js';

test.each([
  [
    '{command: a, name: 1st}',
    "2:22-25 error job-name-invalid: `1st` can't be the name of a job (Use letters, digits and -, with a letter first: step-1st)"
  ],
  [
    '{command: a, name: my_job}',
    "2:22-28 error job-name-invalid: `my_job` can't be the name of a job (Use letters, digits and -, with a letter first: my-job)"
  ],
  [
    '{command: a, name: dag}',
    '2:22-25 error job-name-reserved: `dag` is the name of the graph itself (Choose another name.)'
  ],
  [
    `{command: a, name: ${'x'.repeat(129)}}`,
    '2:22-151 error job-name-invalid: the name has 129 characters; the limit is 128 (Choose a shorter one.)'
  ],
  [
    '{command: a, name: yes}\n- {command: b, name: yes}',
    '3:22-25 error job-name-duplicate: two jobs are called `yes` (Rename one of them: yes-b) @2:22'
  ],
  [
    'a\n- {command: b, name: job-1}',
    '3:22-27 error job-name-duplicate: two jobs are called `job-1` (Rename one of them: job-1-b) @2:3'
  ]
])('%s', (job, diagnostic) => {
  expect(diagnose(`jobs:\n- ${job}\n`)).toEqual([diagnostic]);
});
