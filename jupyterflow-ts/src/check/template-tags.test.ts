import { diagnose } from '../testing/diagnose.js';

const MESSAGE =
  "`{{` can't be used here: Argo would read it as a template tag (If a value of this file was meant, write ${{ ... }}. Commands, scripts and variables can hold {{.)";

test.each([
  ["image: 'a{{x}}'\njobs: [a]", `1:8-16 error template-tag: ${MESSAGE}`],
  ["jobs: [{command: a, workdir: '{{x}}'}]", `1:30-37 error template-tag: ${MESSAGE}`],
  ["jobs: [{command: a, volumes: [{id: a, path: '/{{x}}'}]}]", `1:45-53 error template-tag: ${MESSAGE}`]
])('%s', (text, diagnostic) => {
  expect(diagnose(text)).toEqual([diagnostic]);
});

test.each(["jobs: ['echo {{x}}']", "jobs: [{command: a, env: {A: '{{x}}'}}]"])('%s is fine', text => {
  expect(diagnose(text)).toEqual([]);
});
