import assert from 'node:assert/strict';
import type { EngineRun, RetryOptions, Submission } from '../engine.js';
import type { Plan } from '../../plan/plan.js';
import {
  assertRefused,
  finished,
  logOf,
  outcome,
  output,
  phases,
  planOf,
  statusIs,
  waitFor,
  type ConformanceCase,
  type ConformanceContext
} from './case.js';

/** Goes on with a run, to its end. */
async function retried(
  { engine, again }: ConformanceContext,
  { id }: EngineRun,
  plan: Plan,
  options: RetryOptions = {}
): Promise<EngineRun> {
  const run = await engine.retry?.(again(id, plan), options);
  assert.equal(run?.finishedAt, undefined);
  return finished(engine, id);
}

const attemptsOf = (run: EngineRun): string => run.jobs.map(job => `${job.name} ${job.attempts}`).join(', ');

/** How a run is gone on with. */
export const again: readonly ConformanceCase[] = [
  {
    name: 'a retry runs what is not done, with its next attempt, and keeps what is with its outputs',
    needs: 'retry',
    async run(context) {
      /*
       *  a --> b --> c
       *  d
       */
      const plan = planOf([
        { name: 'a', sh: 'echo of a > a; echo ran >> a.txt', outputs: { x: 'a' } },
        { name: 'b', sh: 'echo "attempt $JUPYTERFLOW_ATTEMPT"; [ -e mended ]', dependsOn: ['a'] },
        { name: 'c', argv: ['echo', [output('a', 'x')]], dependsOn: ['a', 'b'] },
        { name: 'd', when: { kind: '==', left: 1, right: 2 } }
      ]);
      const failed = await outcome(context, plan);
      assert.equal(phases(failed), 'a Succeeded, b Failed, c Omitted, d Skipped');
      await context.write('mended', '');
      const run = await retried(context, failed, plan);
      assert.equal(`${run.state}: ${phases(run)}`, 'Succeeded: a Succeeded, b Succeeded, c Succeeded, d Skipped');
      assert.equal(attemptsOf(run), 'a 1, b 2, c 1, d 0');
      assert.equal(await context.read('a.txt'), 'ran\n');
      assert.equal(await logOf(context.engine, run.id, 'b'), 'attempt 2\n');
      assert.equal(await logOf(context.engine, run.id, 'c'), 'of a\n');
      assert.equal(run.startedAt, failed.startedAt);
      assert.deepEqual(run.jobs[0], failed.jobs[0]);
    }
  },
  {
    name: 'the logs of the attempts before a retry stay',
    needs: 'retry',
    async run(context) {
      const sh = 'echo "attempt $JUPYTERFLOW_ATTEMPT"; [ "$JUPYTERFLOW_ATTEMPT" = 2 ]';
      const plan = planOf([{ name: 'a', sh }]);
      const run = await retried(context, await outcome(context, plan), plan);
      assert.equal(await logOf(context.engine, run.id, 'a'), 'attempt 2\n');
      assert.equal(await logOf(context.engine, run.id, 'a', { attempt: 1 }), 'attempt 1\n');
    }
  },
  {
    name: 'a retry begins with all attempts of a job before it',
    needs: 'retry',
    async run(context) {
      const plan = planOf([{ name: 'a', sh: '[ "$JUPYTERFLOW_ATTEMPT" = 4 ]', retries: 1 }]);
      const failed = await outcome(context, plan);
      assert.equal(attemptsOf(failed), 'a 2');
      const run = await retried(context, failed, plan);
      assert.deepEqual([run.state, attemptsOf(run)], ['Succeeded', 'a 4']);
    }
  },
  {
    name: 'what depended on a job that runs again runs again too',
    needs: 'retry',
    async run(context) {
      const plan = planOf(
        [
          { name: 'work', sh: '[ -e mended ]' },
          { name: 'rescue', dependsOn: ['work'], when: statusIs('work', 'Failed') },
          { name: 'late', sh: 'exit 1' }
        ],
        { failFast: false }
      );
      const failed = await outcome(context, plan);
      assert.equal(phases(failed), 'work Failed, rescue Succeeded, late Failed');
      await context.write('mended', '');
      assert.equal(phases(await retried(context, failed, plan)), 'work Succeeded, rescue Skipped, late Failed');
    }
  },
  {
    name: 'jobs and groups that a retry names run again with all that depends on them',
    needs: 'retry',
    async run(context) {
      /*
       *  a --> x-0, x-1 --> b
       *  c
       */
      const plan = planOf([
        { name: 'a' },
        { name: 'x-0', group: 'x', dependsOn: ['a'] },
        { name: 'x-1', group: 'x', dependsOn: ['a'] },
        { name: 'b', dependsOn: ['x'] },
        { name: 'c' }
      ]);
      const first = await outcome(context, plan);
      const second = await retried(context, first, plan, { from: ['x'] });
      assert.deepEqual([second.state, attemptsOf(second)], ['Succeeded', 'a 1, x-0 2, x-1 2, b 2, c 1']);
      const third = await retried(context, second, plan, { from: ['x-1', 'c'] });
      assert.equal(attemptsOf(third), 'a 1, x-0 2, x-1 3, b 3, c 2');
      await assertRefused(retried(context, third, plan, { from: ['nobody'] }), 'UNKNOWN_JOB');
    }
  },
  {
    name: 'a job that does something else than before runs again, one that may take longer does not',
    needs: 'retry',
    async run(context) {
      const draft = { name: 'a', sh: 'true' };
      const bad = { name: 'z', sh: 'exit 1' };
      const failed = await outcome(context, planOf([draft, bad], { failFast: false }));
      const same = await retried(context, failed, planOf([{ ...draft, timeout: 60 }, bad], { failFast: false }));
      assert.equal(attemptsOf(same), 'a 1, z 2');
      const other = await retried(context, same, planOf([{ ...draft, sh: 'echo other' }, bad], { failFast: false }));
      assert.equal(attemptsOf(other), 'a 2, z 3');
    }
  },
  {
    name: 'of the items of a foreach those that are not done run again',
    needs: 'retry',
    async run(context) {
      const plan = planOf([
        { name: 'list', sh: 'echo "[1, 2]" > list', outputs: { all: 'list' } },
        {
          name: 'x',
          foreach: output('list', 'all'),
          dependsOn: ['list'],
          argv: ['/bin/sh', '-c', '[ "$0" = 1 ] || [ -e mended ]', [{ kind: 'item' }]]
        },
        { name: 'y', dependsOn: ['x'] }
      ]);
      const failed = await outcome(context, { ...plan, failFast: false });
      assert.equal(phases(failed), 'list Succeeded, x-0 Succeeded, x-1 Failed, y Omitted');
      await context.write('mended', '');
      const run = await retried(context, failed, plan);
      assert.equal(phases(run), 'list Succeeded, x-0 Succeeded, x-1 Succeeded, y Succeeded');
      assert.equal(attemptsOf(run), 'list 1, x-0 1, x-1 2, y 1');
    }
  },
  {
    name: 'a foreach whose list is made again has the items of the new list',
    needs: 'retry',
    async run(context) {
      await context.write('n', '[1]');
      const plan = planOf([
        { name: 'list', sh: 'cp n list', outputs: { all: 'list' } },
        { name: 'x', foreach: output('list', 'all'), dependsOn: ['list'] }
      ]);
      const first = await outcome(context, plan);
      await context.write('n', '[1, 2]');
      const run = await retried(context, first, plan, { from: ['list'] });
      assert.deepEqual(
        [phases(run), attemptsOf(run)],
        ['list Succeeded, x-0 Succeeded, x-1 Succeeded', 'list 2, x-0 2, x-1 1']
      );
    }
  },
  {
    name: 'onExit runs again with each retry',
    needs: 'retry',
    async run(context) {
      const [onExit] = planOf([{ name: 'bye', argv: ['echo', [{ kind: 'run-status' }]] }]).jobs;
      assert.ok(onExit);
      const plan = planOf([{ name: 'a', sh: '[ -e mended ]' }], { onExit });
      const failed = await outcome(context, plan);
      assert.equal(await logOf(context.engine, failed.id, 'bye'), 'Failed\n');
      await context.write('mended', '');
      const run = await retried(context, failed, plan);
      assert.equal(await logOf(context.engine, run.id, 'bye'), 'Succeeded\n');
      assert.equal(attemptsOf(run), 'a 2, bye 2');
    }
  },
  {
    name: 'a run that was stopped can be gone on with, and its jobs find what the others left in TEMPORARY_FOLDER',
    needs: 'retry',
    async run(context) {
      const plan = planOf([
        { name: 'a', sh: 'echo kept > "$TEMPORARY_FOLDER/x"' },
        { name: 'b', sh: `echo begun; ${waitFor('go')}; cat "$TEMPORARY_FOLDER/x"`, dependsOn: ['a'] }
      ]);
      const { id } = await context.submit(plan);
      for await (const text of context.engine.logs(id, 'b', { follow: true })) {
        assert.equal(text, 'begun\n');
        await context.engine.stop(id, 'later');
      }
      await context.write('go', '');
      const stopped = await finished(context.engine, id);
      assert.equal(phases(stopped), 'a Succeeded, b Error');
      const run = await retried(context, stopped, plan);
      assert.deepEqual([run.state, run.reason, attemptsOf(run)], ['Succeeded', undefined, 'a 1, b 2']);
      assert.equal(await logOf(context.engine, id, 'b'), 'begun\nkept\n');
    }
  },
  {
    name: 'a retry is refused for a run that is going, that Succeeded, that is unknown, or that has other jobs',
    needs: 'retry',
    async run(context) {
      const { engine, again: same, submit, write } = context;
      const plan = planOf([{ name: 'a', sh: waitFor('go') }]);
      const { id } = await submit(plan);
      const retry = (submission: Submission): Promise<unknown> => engine.retry?.(submission) ?? Promise.resolve();
      await assertRefused(retry(same(id, plan)), 'RUN_ACTIVE');
      await write('go', '');
      const run = await finished(engine, id);
      await assertRefused(retry(same(id, plan)), 'RUN_SUCCEEDED');
      await assertRefused(retry(same('no-such-run', plan)), 'UNKNOWN_RUN');
      const failed = await outcome(context, planOf([{ name: 'a', sh: 'exit 1' }]));
      for (const jobs of [[{ name: 'b' }], [{ name: 'a' }, { name: 'b' }]]) {
        await assertRefused(retry(same(failed.id, planOf(jobs))), 'INVALID_SUBMISSION');
      }
      assert.deepEqual(await engine.get(id), run);
    }
  }
];
