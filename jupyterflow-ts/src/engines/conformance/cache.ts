import assert from 'node:assert/strict';
import type { EngineRun } from '../engine.js';
import type { Plan } from '../../plan/plan.js';
import { finished, output, phases, planOf, waitFor, type ConformanceCase, type ConformanceContext } from './case.js';

const CACHE = { cacheScope: 'ann' };

async function cached({ engine, submit }: ConformanceContext, plan: Plan, more: object = CACHE): Promise<EngineRun> {
  return finished(engine, (await submit(plan, more)).id);
}

/** `a ran, b cached`. */
const how = (run: EngineRun): string => run.jobs.map(job => `${job.name} ${job.cached ? 'cached' : 'ran'}`).join(', ');

/** Results of jobs that are used again. */
export const cache: readonly ConformanceCase[] = [
  {
    name: 'a cached job is not run again while what it declares is the same, and leaves the same outputs',
    needs: 'cache',
    async run(context) {
      await context.write('in.txt', 'one');
      const plan = planOf([
        { name: 'a', sh: 'cat in.txt > out; echo x >> ran', outputs: { of: 'out' }, cache: { files: ['in.txt'] } },
        { name: 'b', argv: ['/bin/sh', '-c', 'echo "$0" >> b', [output('a', 'of')]], dependsOn: ['a'] }
      ]);
      assert.equal(how(await cached(context, plan)), 'a ran, b ran');
      const again = await cached(context, plan);
      assert.equal(how(again), 'a cached, b ran');
      assert.equal(phases(again), 'a Succeeded, b Succeeded');
      assert.deepEqual([again.jobs[0]?.attempts, again.jobs[0]?.outputs], [0, { of: 'one' }]);
      assert.equal(await context.read('ran'), 'x\n');
      await context.write('in.txt', 'two');
      assert.equal(how(await cached(context, plan)), 'a ran, b ran');
      assert.equal(await context.read('b'), 'one\none\ntwo\n');
      await context.write('in.txt', 'one');
      assert.equal(how(await cached(context, plan)), 'a cached, b ran');
    }
  },
  {
    name: 'a cached job runs again when its command, script, environment or parameters are other ones',
    needs: 'cache',
    async run(context) {
      const base = { name: 'a', sh: 'true', cache: { files: [], params: ['p'] } };
      const plans = [
        planOf([base]),
        planOf([{ ...base, sh: 'true; true' }]),
        planOf([{ ...base, script: 'x' }]),
        planOf([{ ...base, env: [{ name: 'A', value: '1' }] }]),
        planOf([{ ...base, env: [{ name: 'A', value: '2' }] }]),
        planOf([{ ...base, image: 'python:3.12' }]),
        planOf([base], { params: { p: '1', q: '1' } })
      ];
      for (const plan of plans) assert.equal(how(await cached(context, plan)), 'a ran');
      for (const plan of plans) assert.equal(how(await cached(context, plan)), 'a cached');
      assert.equal(how(await cached(context, planOf([base], { params: { p: '1', q: '2' } }))), 'a cached');
      assert.equal(how(await cached(context, planOf([base], { params: { p: '2', q: '1' } }))), 'a ran');
    }
  },
  {
    name: 'a cached job runs again after a cached job before it that is another one',
    needs: 'cache',
    async run(context) {
      const of = (sh: string): Plan =>
        planOf([
          { name: 'a', sh, cache: { files: [] } },
          { name: 'b', cache: { files: [] }, dependsOn: ['a'] }
        ]);
      assert.equal(how(await cached(context, of('true'))), 'a ran, b ran');
      assert.equal(how(await cached(context, of('true'))), 'a cached, b cached');
      assert.equal(how(await cached(context, of('true; true'))), 'a ran, b ran');
    }
  },
  {
    name: 'a job that failed is not taken from the cache',
    needs: 'cache',
    async run(context) {
      const plan = planOf([{ name: 'a', sh: '[ -e mended ]', cache: { files: [] } }]);
      assert.equal((await cached(context, plan)).state, 'Failed');
      await context.write('mended', '');
      assert.equal(how(await cached(context, plan)), 'a ran');
    }
  },
  {
    name: 'results are of one scope, and without a scope every job runs',
    needs: 'cache',
    async run(context) {
      const plan = planOf([{ name: 'a', cache: { files: [] } }]);
      assert.equal(how(await cached(context, plan)), 'a ran');
      assert.equal(how(await cached(context, plan, { cacheScope: 'bob' })), 'a ran');
      assert.equal(how(await cached(context, plan, {})), 'a ran');
      assert.equal(how(await cached(context, plan)), 'a cached');
    }
  },
  {
    name: 'what a cached job left in OUTPUT_DIR is there for the jobs after it',
    needs: 'cache',
    async run(context) {
      const plan = planOf([
        { name: 'a', sh: 'mkdir "$OUTPUT_DIR/d"; echo left > "$OUTPUT_DIR/d/x"', cache: { files: [] } },
        { name: 'b', sh: 'cat "$OUTPUT_DIR/../a/d/x" >> b', dependsOn: ['a'] }
      ]);
      assert.equal(how(await cached(context, plan)), 'a ran, b ran');
      assert.equal(how(await cached(context, plan)), 'a cached, b ran');
      assert.equal(await context.read('b'), 'left\nleft\n');
    }
  },
  {
    name: 'a refused job gets no result from the cache',
    needs: 'cache',
    async run(context) {
      const plan = planOf([{ name: 'a', cache: { files: [] } }]);
      await cached(context, plan);
      const run = await cached(context, plan, { ...CACHE, admit: () => 'the lease has ended' });
      assert.deepEqual([run.state, run.reason, phases(run)], ['Error', 'the lease has ended', 'a Omitted']);
    }
  },
  {
    name: 'each item of a foreach has a result of its own',
    needs: 'cache',
    async run(context) {
      const plan = planOf([
        { name: 'list', sh: 'cat items > list', outputs: { all: 'list' } },
        {
          name: 'x',
          foreach: output('list', 'all'),
          dependsOn: ['list'],
          argv: ['echo', [{ kind: 'item' }]],
          cache: { files: [] }
        }
      ]);
      await context.write('items', '["p"]');
      assert.equal(how(await cached(context, plan)), 'list ran, x-0 ran');
      await context.write('items', '["p", "q"]');
      assert.equal(how(await cached(context, plan)), 'list ran, x-0 cached, x-1 ran');
    }
  },
  {
    name: 'a retry runs its jobs, whatever the cache holds',
    needs: 'cache',
    async run(context) {
      const plan = planOf([{ name: 'a', sh: 'echo x >> ran', cache: { files: [] } }]);
      const { id } = await cached(context, plan);
      await context.engine.retry?.({ ...context.again(id, plan), ...CACHE }, { from: ['a'] });
      assert.equal(how(await finished(context.engine, id)), 'a ran');
      assert.equal(await context.read('ran'), 'x\nx\n');
    }
  },
  {
    name: 'a run that is stopped while a result is looked for ends',
    needs: 'cache',
    async run(context) {
      const plan = planOf([
        { name: 'a', cache: { files: [] } },
        { name: 'b', sh: waitFor('never') }
      ]);
      await cached(context, planOf([{ name: 'a', cache: { files: [] } }]));
      const { id } = await context.submit(plan, CACHE);
      await context.engine.stop(id, 'enough');
      const run = await finished(context.engine, id);
      assert.equal(run.state, 'Error');
      assert.ok(run.jobs.every(job => job.finishedAt !== undefined));
    }
  }
];
