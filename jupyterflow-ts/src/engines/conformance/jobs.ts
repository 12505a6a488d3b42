import assert from 'node:assert/strict';
import { assertRefused, logOf, outcome, phases, planOf, type ConformanceCase } from './case.js';

/** What a job gets. */
export const jobs: readonly ConformanceCase[] = [
  {
    name: 'a job that a signal ends has the exit code 128 + n',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'kill -SEGV $$' }]));
      assert.deepEqual([run.jobs[0]?.exitCode, run.jobs[0]?.reason], [139, 'exited with code 139 (SIGSEGV)']);
    }
  },
  {
    name: 'a command that does not exist has the exit code 127',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', argv: ['no-such-program'] }]));
      assert.deepEqual([run.jobs[0]?.phase, run.jobs[0]?.exitCode], ['Failed', 127]);
      assert.match(await logOf(context.engine, run.id, 'a'), /no-such-program/);
    }
  },
  {
    name: 'the log of a command that does not exist says so as a shell does',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', argv: ['no-such-program'] }]));
      assert.match(await logOf(context.engine, run.id, 'a'), /no-such-program: command not found/);
    }
  },
  {
    name: 'a job gets the environment that it declares, and where it is',
    async run(context) {
      const sh = 'echo "$JUPYTERFLOW_RUN $JUPYTERFLOW_JOB $JUPYTERFLOW_ATTEMPT $GREETING"';
      const GREETING = 'it\'s "fine"; $(true) `true` \\ \n {{x}}';
      const run = await outcome(context, planOf([{ name: 'a', sh, env: [{ name: 'GREETING', value: GREETING }] }]));
      assert.equal(await logOf(context.engine, run.id, 'a'), `${run.id} a 1 ${GREETING}\n`);
    }
  },
  {
    name: 'arguments reach the program as they are',
    async run(context) {
      const words = ['a b', "it's", '"', '$HOME', '\\', '{{x}}', '-n', '', 'ünï', 'two\nlines'];
      const plan = planOf([{ name: 'a', sh: '' }]);
      const jobs = plan.jobs.map(job => ({ ...job, argv: ['printf', '<%s>', ...words] }));
      const run = await outcome(context, { ...plan, jobs });
      assert.equal(await logOf(context.engine, run.id, 'a'), words.map(word => `<${word}>`).join(''));
    }
  },
  {
    name: 'the jobs of a run share TEMPORARY_FOLDER, and each has its OUTPUT_DIR',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: 'echo shared > "$TEMPORARY_FOLDER/x"; echo own > "$OUTPUT_DIR/y"' },
          { name: 'b', sh: 'cat "$TEMPORARY_FOLDER/x"; ls "$OUTPUT_DIR"; chmod 0 "$OUTPUT_DIR"', dependsOn: ['a'] }
        ])
      );
      assert.equal(await logOf(context.engine, run.id, 'b'), 'shared\n');
    }
  },
  {
    name: 'a job begins in the folder of the workflow, or in the one that it names',
    async run(context) {
      await context.write('sub/here.txt', '');
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: 'ls' },
          { name: 'b', sh: 'ls', workdir: 'sub' }
        ])
      );
      assert.equal(await logOf(context.engine, run.id, 'a'), 'sub\n');
      assert.equal(await logOf(context.engine, run.id, 'b'), 'here.txt\n');
      assert.equal(phases(run), 'a Succeeded, b Succeeded');
    }
  },
  {
    name: 'a job whose working folder does not exist Failed, and its log says so',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'ls', workdir: 'missing' }]));
      assert.match(await logOf(context.engine, run.id, 'a'), /the working folder .*missing does not exist/);
      assert.equal(phases(run), 'a Failed');
    }
  },
  {
    name: 'a working folder outside of what the job sees is refused',
    async run({ engine, submit }) {
      const before = await engine.list();
      for (const workdir of ['/etc', '..', 'sub/../..']) {
        await assertRefused(submit(planOf([{ name: 'a', sh: 'true', workdir }])), 'INVALID_SUBMISSION');
      }
      assert.deepEqual(await engine.list(), before);
    }
  }
];
