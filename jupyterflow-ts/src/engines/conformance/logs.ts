import assert from 'node:assert/strict';
import { logOf, outcome, planOf, waitFor, type ConformanceCase } from './case.js';

/** What jobs write. */
export const logs: readonly ConformanceCase[] = [
  {
    name: 'stdout and stderr are in the log, in order',
    async run(context) {
      const run = await outcome(
        context,
        planOf([{ name: 'a', sh: 'echo 1; echo 2 >&2; echo 3 > /dev/stdout; printf grün' }])
      );
      assert.equal(await logOf(context.engine, run.id, 'a'), '1\n2\n3\ngrün');
    }
  },
  {
    name: 'tail gives the last lines',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'seq 1 20000' }]));
      assert.equal(await logOf(context.engine, run.id, 'a', { tail: 2 }), '19999\n20000\n');
      assert.equal(await logOf(context.engine, run.id, 'a', { tail: 0 }), '');
      assert.equal((await logOf(context.engine, run.id, 'a', { tail: 30000 })).length, 108894);
    }
  },
  {
    name: 'a log can be followed from before the job begins to its end',
    async run({ engine, submit, write }) {
      const { id } = await submit(
        planOf([
          { name: 'first', sh: waitFor('go') },
          { name: 'a', sh: `echo one; ${waitFor('more')}; echo two`, dependsOn: ['first'] }
        ])
      );
      const parts: string[] = [];
      await write('go', '');
      for await (const part of engine.logs(id, 'a', { follow: true })) {
        parts.push(part);
        await write('more', '');
      }
      assert.deepEqual(parts, ['one\n', 'two\n']);
    }
  },
  {
    name: 'following ends when its signal aborts',
    async run({ engine, submit }) {
      const { id } = await submit(planOf([{ name: 'a', sh: `echo begun; ${waitFor('never')}` }]));
      const abort = new AbortController();
      const parts: string[] = [];
      for await (const part of engine.logs(id, 'a', { follow: true, signal: abort.signal })) {
        parts.push(part);
        abort.abort();
      }
      for await (const run of engine.watch(id, abort.signal)) parts.push(run.state);
      assert.deepEqual(parts, ['begun\n']);
      await engine.stop(id, 'done');
    }
  }
];
