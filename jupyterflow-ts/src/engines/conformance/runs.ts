import assert from 'node:assert/strict';
import { assertRefused, finished, logOf, planOf, waitFor, type ConformanceCase } from './case.js';

/** How runs are called, found and forgotten. */
export const runs: readonly ConformanceCase[] = [
  {
    name: 'watch shows the run now and ends with its last state',
    async run(context) {
      const { id } = await context.submit(planOf([{ name: 'a', sh: 'true' }]));
      const states: string[] = [];
      for await (const run of context.engine.watch(id)) states.push(run.state);
      assert.equal(states.at(-1), 'Succeeded');
      assert.deepEqual(
        [...new Set(states)].filter(state => !['Pending', 'Running', 'Succeeded'].includes(state)),
        []
      );
    }
  },
  {
    name: 'an id is used once',
    async run({ engine, submit }) {
      const { id } = await submit(planOf([{ name: 'a', sh: 'true' }]));
      await assertRefused(submit(planOf([{ name: 'a', sh: 'true' }]), { id }), 'RUN_EXISTS');
      await finished(engine, id);
      await assertRefused(submit(planOf([{ name: 'a', sh: 'true' }]), { id }), 'RUN_EXISTS');
    }
  },
  {
    name: 'of two submissions with one id at once, one is accepted',
    async run({ engine, submit }) {
      const id = 'run-twice';
      const results = await Promise.allSettled([1, 2].map(() => submit(planOf([{ name: 'a', sh: 'true' }]), { id })));
      assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.equal((await finished(engine, id)).state, 'Succeeded');
    }
  },
  {
    name: 'a finished run can be removed with its logs, one that is going can not',
    async run({ engine, submit, write }) {
      const { id } = await submit(planOf([{ name: 'a', sh: waitFor('go') }]));
      await assertRefused(engine.remove(id), 'RUN_ACTIVE');
      await write('go', '');
      await finished(engine, id);
      await engine.remove(id);
      assert.equal(await engine.get(id), undefined);
      assert.ok(!(await engine.list()).some(run => run.id === id));
      await assertRefused(logOf(engine, id, 'a'), 'UNKNOWN_RUN');
    }
  },
  {
    name: 'a run or a job that does not exist is said to be unknown',
    async run({ engine, submit }) {
      assert.equal(await engine.get('no-such-run'), undefined);
      await assertRefused(engine.stop('no-such-run', 'x'), 'UNKNOWN_RUN');
      await assertRefused(engine.remove('no-such-run'), 'UNKNOWN_RUN');
      await assertRefused(finished(engine, 'no-such-run'), 'UNKNOWN_RUN');
      const { id } = await submit(planOf([{ name: 'a', sh: 'true' }]));
      await assertRefused(logOf(engine, id, 'b'), 'UNKNOWN_JOB');
      await finished(engine, id);
    }
  }
];
