import assert from 'node:assert/strict';
import { finished, logOf, outcome, phases, planOf, until, waitFor, type ConformanceCase } from './case.js';

/** How often and how long a job is tried. */
export const attempts: readonly ConformanceCase[] = [
  {
    name: 'retries are further attempts after a failure, each with its number and its log',
    async run(context) {
      const sh = 'echo "attempt $JUPYTERFLOW_ATTEMPT"; [ "$JUPYTERFLOW_ATTEMPT" = 3 ]';
      const run = await outcome(context, planOf([{ name: 'a', sh, retries: 5 }]));
      assert.equal(run.state, 'Succeeded');
      assert.deepEqual([run.jobs[0]?.attempts, run.jobs[0]?.exitCode, run.jobs[0]?.reason], [3, 0, undefined]);
      assert.equal(await logOf(context.engine, run.id, 'a'), 'attempt 3\n');
      assert.equal(await logOf(context.engine, run.id, 'a', { attempt: 1 }), 'attempt 1\n');
    }
  },
  {
    name: 'a job Failed when its last attempt did',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'exit 4', retries: 2 }]));
      assert.deepEqual([run.state, run.jobs[0]?.attempts, run.jobs[0]?.exitCode], ['Failed', 3, 4]);
    }
  },
  {
    name: 'an attempt that takes longer than its timeout is ended and Failed',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: waitFor('never'), timeout: 1 }]));
      assert.deepEqual(
        [run.state, run.jobs[0]?.phase, run.jobs[0]?.reason],
        ['Failed', 'Failed', 'timed out after 1 s']
      );
    }
  },
  {
    name: 'between two attempts is the pause that backoff and factor say, and none begins after the longest time',
    async run(context) {
      const sh = 'date +%s%3N >> times; false';
      const retry = { backoff: 0.05, factor: 4, max: 10 };
      const run = await outcome(context, planOf([{ name: 'a', sh, retries: 2, retry }]));
      assert.deepEqual([run.jobs[0]?.attempts, run.jobs[0]?.phase], [3, 'Failed']);
      const [first = 0, second = 0, third = 0] = (await context.read('times'))?.split('\n').map(Number) ?? [];
      assert.ok(second - first >= 50 && third - second >= 200);
      const short = await outcome(context, planOf([{ name: 'a', sh, retries: 9, retry: { backoff: 60, max: 30 } }]));
      assert.deepEqual([short.jobs[0]?.attempts, short.jobs[0]?.phase], [1, 'Failed']);
    }
  },
  {
    name: 'a failure is not tried again when only errors of the place are to be',
    async run(context) {
      const plan = (on: 'failure' | 'error' | 'always') =>
        planOf([{ name: 'a', sh: 'exit 1', retries: 1, retry: { on } }]);
      assert.equal((await outcome(context, plan('error'))).jobs[0]?.attempts, 1);
      assert.equal((await outcome(context, plan('failure'))).jobs[0]?.attempts, 2);
      assert.equal((await outcome(context, plan('always'))).jobs[0]?.attempts, 2);
    }
  },
  {
    name: 'a missing output is no failure: it is tried again when errors are to be',
    async run(context) {
      const attempt = async (on: 'failure' | 'error' | 'always') => {
        const sh = `[ "$JUPYTERFLOW_ATTEMPT" = 1 ] || echo 1 > ${on}`;
        const run = await outcome(context, planOf([{ name: 'a', sh, retries: 1, retry: { on }, outputs: { o: on } }]));
        return [run.jobs[0]?.phase, run.jobs[0]?.attempts];
      };
      assert.deepEqual(await attempt('failure'), ['Error', 1]);
      assert.deepEqual(await attempt('error'), ['Succeeded', 2]);
      assert.deepEqual(await attempt('always'), ['Succeeded', 2]);
    }
  },
  {
    name: 'all attempts together take no longer than the walltime',
    async run(context) {
      const sh = 'echo x >> tries; [ "$JUPYTERFLOW_ATTEMPT" = 1 ] && exit 1; sleep 60';
      const run = await outcome(context, planOf([{ name: 'a', sh, retries: 5, walltime: 1 }]));
      assert.deepEqual([run.state, run.jobs[0]?.phase, run.jobs[0]?.attempts], ['Failed', 'Failed', 2]);
      assert.equal(run.jobs[0]?.reason, 'all attempts together took longer than 1 s');
    }
  },
  {
    name: 'a job that waits too long for a place Failed without having begun',
    needs: 'queue-timeout',
    async run(context) {
      const jobs = [
        { name: 'a', sh: waitFor('go') },
        { name: 'b', queueTimeout: 1 }
      ];
      const { id } = await context.submit(planOf(jobs, { parallelism: 1, failFast: false }));
      const late = await until(context.engine, id, run => run.jobs[1]?.phase === 'Failed');
      assert.deepEqual([late.jobs[1]?.attempts, late.jobs[1]?.reason], [0, 'waited longer than 1 s for a place']);
      await context.write('go', '');
      assert.equal(phases(await finished(context.engine, id)), 'a Succeeded, b Failed');
    }
  },
  {
    name: 'of jobs that could begin the one with the higher priority does',
    needs: 'priority',
    async run(context) {
      const sh = 'echo "$JUPYTERFLOW_JOB" >> order';
      const jobs = [
        { name: 'a', sh, priority: -1 },
        { name: 'b', sh },
        { name: 'c', sh, priority: 5 },
        { name: 'd', sh, priority: 5 }
      ];
      await outcome(context, planOf(jobs, { parallelism: 1 }));
      assert.equal(await context.read('order'), 'c\nd\nb\na\n');
    }
  }
];
