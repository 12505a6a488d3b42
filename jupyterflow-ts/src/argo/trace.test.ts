import { toArgo } from './argo.js';
import type { PlanJob } from '../plan/plan.js';

const job = (name: string, more: Partial<PlanJob> = {}): PlanJob => ({
  name,
  argv: ['run'],
  dependsOn: [],
  env: [],
  volumes: [],
  retries: 0,
  resources: {},
  ...more
});
const plan = {
  name: 'small',
  failFast: true,
  jobs: [job('a'), job('t-0', { group: 't' }), job('t-1', { group: 't' })],
  onExit: job('on-exit')
};

test.each([
  ['spec.templates[1].container.image', { job: 'a', path: ['image'] }],
  ['spec.templates[1].container.resources.limits[memory]', { job: 'a', path: ['resources', 'memory'] }],
  ['spec.templates[1].container.resources.requests.ephemeral-storage', { job: 'a', path: ['resources', 'disk'] }],
  ['spec.templates[1].container.env[3].value', { job: 'a', path: ['env'] }],
  ['spec.templates[2].container.volumeMounts[0].mountPath', { job: 't-0', path: ['volumes'] }],
  ['spec.templates[2].retryStrategy.backoff.duration', { job: 't-0', path: ['retries'] }],
  ['spec.templates[2].podSpecPatch', { job: 't-0', path: [] }],
  ['spec.templates[3].script.source', { job: 'on-exit', path: ['script'] }],
  ['spec.templates[0].dag.tasks[1].when', { job: 't-0', path: ['when'] }],
  ['spec.templates[0].dag.tasks[9]', { path: ['dags'] }],
  ['spec.templates[99].name', { path: [] }],
  ['spec.activeDeadlineSeconds', { path: ['deadline'] }],
  ['spec.imagePullSecrets[0].name', { path: ['imagePullSecrets'] }],
  ['spec.unknown', { path: [] }],
  ['metadata.labels', { path: ['labels'] }],
  ['metadata.name', { path: ['name'] }],
  ['', { path: [] }]
])('%s', (field, expected) => {
  expect(toArgo(plan).sourcePathOf(field)).toEqual(expected);
});

test.each([
  ['spec.schedules[0]', { path: ['schedule'] }],
  ['spec.timezone', { path: ['schedule'] }],
  ['spec.workflowSpec.templates[1].container.command', { job: 'a', path: ['command'] }],
  ['spec.workflowMetadata', { path: [] }]
])('%s of a schedule', (field, expected) => {
  expect(toArgo({ ...plan, schedule: { crons: ['0 2 * * *'] } }).sourcePathOf(field)).toEqual(expected);
});
