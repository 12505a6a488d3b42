import type { PlanJob } from '../plan/plan.js';
import { limitProblems, limitsOf } from './limits.js';

const job: PlanJob = {
  name: 'train',
  argv: ['true'],
  dependsOn: [],
  env: [],
  volumes: [],
  retries: 0,
  resources: {}
};

test.each<[string, Partial<PlanJob>, object]>([
  ['nothing', {}, {}],
  ['a timeout', { timeout: 90 }, { activeDeadlineSeconds: 90 }],
  ['part of a second', { timeout: 0.2 }, { activeDeadlineSeconds: 1 }],
  ['a walltime', { walltime: 60 }, { activeDeadlineSeconds: 60 }],
  ['both', { timeout: 55, walltime: 60 }, { activeDeadlineSeconds: 55 }],
  ['a wait and a timeout', { timeout: 60, queueTimeout: 30 }, { activeDeadlineSeconds: 60, timeout: '90s' }],
  ['retries', { retries: 2 }, { retryStrategy: { limit: 2, retryPolicy: 'OnFailure' } }],
  [
    'retries with pauses',
    { retries: 3, retry: { backoff: 10, factor: 2, max: 300, on: 'always' } },
    {
      retryStrategy: {
        limit: 3,
        retryPolicy: 'Always',
        backoff: { duration: '10s', factor: 2, maxDuration: '300s' }
      }
    }
  ],
  [
    'retries after errors, with a pause of less than a second',
    { retries: 1, retry: { backoff: 0.25, on: 'error' } },
    { retryStrategy: { limit: 1, retryPolicy: 'OnError', backoff: { duration: '250ms' } } }
  ],
  [
    'retries within a walltime, which is the shorter limit',
    { retries: 1, retry: { max: 600 }, timeout: 55, walltime: 60 },
    {
      retryStrategy: { limit: 1, retryPolicy: 'OnFailure', backoff: { duration: '0s', maxDuration: '60s' } },
      activeDeadlineSeconds: 55
    }
  ],
  [
    'a factor that is no whole number, for nobody pauses less',
    { retries: 1, retry: { backoff: 1, factor: 1.5 } },
    { retryStrategy: { limit: 1, retryPolicy: 'OnFailure', backoff: { duration: '1s', factor: 2 } } }
  ]
])('%s', (_, settings, fields) => {
  expect(limitsOf({ ...job, ...settings })).toEqual(fields);
  expect(limitProblems({ ...job, ...settings })).toEqual([]);
});

test('a wait without an end for the attempt is more than Argo can limit', () => {
  expect(limitProblems({ ...job, queueTimeout: 30 })).toEqual([
    {
      id: 'argo-queue-timeout',
      severity: 'error',
      message: "Argo can't limit how long `train` waits for its start, for it has a `queueTimeout` and no `timeout`",
      hint: 'Give it a `timeout`, the longest time of one attempt.',
      job: 'train',
      path: ['queueTimeout']
    }
  ]);
});
