import assert from 'node:assert/strict';
import type { Plan, PlanJob } from '../plan/plan.js';
import {
  EngineError,
  type Engine,
  type EngineErrorCode,
  type EngineRun,
  type LogOptions,
  type Submission
} from './engine.js';

/** What a case needs of the place where an engine runs. */
export interface ConformanceContext {
  readonly engine: Engine;
  /** Submits with a new id, an empty workspace and no mounts where nothing else is said. */
  readonly submit: (plan: Plan, more?: Partial<Submission>) => Promise<EngineRun>;
  /** Text of a file of the workspace, or undefined when there is none. */
  readonly read: (file: string) => Promise<string | undefined>;
  /** Makes a file in the workspace. */
  readonly write: (file: string, text: string) => Promise<void>;
}

/** One rule that every engine keeps; `run` throws when this one does not. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: (context: ConformanceContext) => Promise<void>;
}

type JobDraft = Partial<Omit<PlanJob, 'argv'>> & { readonly name: string; readonly sh: string };

/** A plan of shell commands, with the defaults of the format. */
export function planOf(jobs: readonly JobDraft[], more: Partial<Plan> = {}): Plan {
  return {
    name: 'conformance',
    failFast: true,
    ...more,
    jobs: jobs.map(({ sh, ...job }) => ({
      dependsOn: [],
      env: [],
      volumes: [],
      retries: 0,
      resources: {},
      argv: ['/bin/sh', '-c', sh],
      ...job
    }))
  };
}

/** Shell: waits until a file is there. */
export function waitFor(file: string): string {
  return `until [ -e ${file} ]; do sleep 0.01; done`;
}

/** The last state of a run. */
export async function finished(engine: Engine, id: string): Promise<EngineRun> {
  return until(engine, id, run => run.finishedAt !== undefined);
}

/** The first state of a run, from now on, that satisfies `test`. */
export async function until(engine: Engine, id: string, test: (run: EngineRun) => boolean): Promise<EngineRun> {
  for await (const run of engine.watch(id)) if (test(run)) return run;
  throw new assert.AssertionError({ message: `the run ${id} ended before` });
}

export async function logOf(engine: Engine, id: string, job: string, options?: LogOptions): Promise<string> {
  let text = '';
  for await (const part of engine.logs(id, job, options)) text += part;
  return text;
}

/** Phases by job, in the order of the plan: `a Succeeded, b Omitted`. */
export function phases(run: EngineRun): string {
  return run.jobs.map(job => `${job.name} ${job.phase}`).join(', ');
}

async function assertRefused(promise: Promise<unknown>, code: EngineErrorCode): Promise<void> {
  await assert.rejects(promise, (error: unknown) => error instanceof EngineError && error.code === code);
}

async function outcome({ engine, submit }: ConformanceContext, plan: Plan): Promise<EngineRun> {
  return finished(engine, (await submit(plan)).id);
}

/** The rules of a run, written against the port alone. */
export const conformance: readonly ConformanceCase[] = [
  {
    name: 'a job begins after the jobs that it depends on, and the run Succeeded when all did',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'c', sh: 'cat b.txt > c.txt; echo c >> c.txt', dependsOn: ['a', 'b'] },
          { name: 'a', sh: 'echo a > a.txt' },
          { name: 'b', sh: 'cat a.txt > b.txt; echo b >> b.txt', dependsOn: ['a'] }
        ])
      );
      assert.equal(run.state, 'Succeeded');
      assert.equal(phases(run), 'c Succeeded, a Succeeded, b Succeeded');
      assert.equal(await context.read('c.txt'), 'a\nb\nc\n');
      assert.deepEqual(run.jobs[0]?.dependsOn, ['a', 'b']);
    }
  },
  {
    name: 'jobs without an edge between them run at the same time',
    async run(context) {
      const meet = (mine: string, other: string): string => `touch ${mine}; ${waitFor(other)}`;
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: meet('a', 'b') },
          { name: 'b', sh: meet('b', 'a') }
        ])
      );
      assert.equal(run.state, 'Succeeded');
    }
  },
  {
    name: 'no more jobs than the parallelism of the plan run at once',
    async run(context) {
      // mkdir succeeds for one process only.
      const alone = 'mkdir busy || exit 9; sleep 0.02; rmdir busy';
      const jobs = ['a', 'b', 'c', 'd'].map(name => ({ name, sh: alone }));
      assert.equal((await outcome(context, planOf(jobs, { parallelism: 1 }))).state, 'Succeeded');
    }
  },
  {
    name: 'a job that exits with another code than 0 Failed, with that code, and its children are Omitted',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: 'exit 3' },
          { name: 'b', sh: 'true', dependsOn: ['a'] },
          { name: 'c', sh: 'true', dependsOn: ['b'] }
        ])
      );
      assert.equal(run.state, 'Failed');
      assert.equal(run.reason, 'job a: exited with code 3');
      assert.equal(phases(run), 'a Failed, b Omitted, c Omitted');
      assert.equal(run.jobs[0]?.exitCode, 3);
      assert.equal(run.jobs[1]?.exitCode, undefined);
      assert.deepEqual(
        run.jobs.map(job => job.attempts),
        [1, 0, 0]
      );
    }
  },
  {
    name: 'a job that a signal ends has the exit code 128 + n',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'kill -SEGV $$' }]));
      assert.deepEqual([run.jobs[0]?.exitCode, run.jobs[0]?.reason], [139, 'exited with code 139 (SIGSEGV)']);
    }
  },
  {
    name: 'a command that does not exist has the exit code 127, and the log says so',
    async run(context) {
      const plan = planOf([{ name: 'a', sh: '' }]);
      const run = await outcome(context, {
        ...plan,
        jobs: plan.jobs.map(job => ({ ...job, argv: ['no-such-program'] }))
      });
      assert.equal(run.jobs[0]?.exitCode, 127);
      assert.match(await logOf(context.engine, run.id, 'a'), /no-such-program: command not found/);
    }
  },
  {
    name: 'with failFast nothing new begins after a failure, and what runs goes on to its end',
    async run({ engine, submit, write }) {
      const { id } = await submit(
        planOf([
          { name: 'slow', sh: waitFor('go') },
          { name: 'bad', sh: 'exit 1' },
          { name: 'next', sh: 'true', dependsOn: ['slow'] }
        ])
      );
      const failing = await until(
        engine,
        id,
        run => run.jobs[1]?.phase === 'Failed' && run.jobs[2]?.phase === 'Omitted'
      );
      assert.equal(failing.state, 'Running');
      await write('go', '');
      const run = await finished(engine, id);
      assert.equal(run.state, 'Failed');
      assert.equal(phases(run), 'slow Succeeded, bad Failed, next Omitted');
    }
  },
  {
    name: 'without failFast independent branches go on, and only descendants of the failed job are Omitted',
    async run(context) {
      const run = await outcome(
        context,
        planOf(
          [
            { name: 'bad', sh: 'exit 1' },
            { name: 'child', sh: 'true', dependsOn: ['bad'] },
            { name: 'good', sh: 'true' },
            { name: 'next', sh: 'true', dependsOn: ['good'] }
          ],
          { failFast: false, parallelism: 1 }
        )
      );
      assert.equal(run.state, 'Failed');
      assert.equal(phases(run), 'bad Failed, child Omitted, good Succeeded, next Succeeded');
    }
  },
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
    name: 'a run that takes longer than its deadline is ended and Failed',
    async run(context) {
      const jobs = [
        { name: 'a', sh: waitFor('never'), retries: 3 },
        { name: 'b', sh: 'true', dependsOn: ['a'] }
      ];
      const run = await outcome(context, planOf(jobs, { deadline: 1 }));
      assert.deepEqual([run.state, run.reason], ['Failed', 'the deadline of the run, 1 s, has passed']);
      assert.equal(phases(run), 'a Failed, b Omitted');
    }
  },
  {
    name: 'each job is asked for before it begins, and a refusal ends the run as Error with its reason',
    async run({ engine, submit, read }) {
      const asked: string[] = [];
      const admit = (job: string): string | undefined => {
        asked.push(job);
        return job === 'b' ? 'the lease has ended' : undefined;
      };
      const jobs = [
        { name: 'a', sh: 'true' },
        { name: 'b', sh: 'echo ran > b.txt', dependsOn: ['a'] }
      ];
      const run = await finished(engine, (await submit(planOf(jobs), { admit })).id);
      assert.deepEqual([run.state, run.reason], ['Error', 'the lease has ended']);
      assert.equal(phases(run), 'a Succeeded, b Omitted');
      assert.deepEqual(asked, ['a', 'b']);
      assert.equal(await read('b.txt'), undefined);
    }
  },
  {
    name: 'stop ends what runs, Omits what has not begun, and keeps its reason',
    async run({ engine, submit, read }) {
      const { id } = await submit(
        planOf([
          { name: 'a', sh: `echo begun; ${waitFor('never')}; touch late` },
          { name: 'b', sh: 'true', dependsOn: ['a'] }
        ])
      );
      for await (const text of engine.logs(id, 'a', { follow: true })) {
        assert.equal(text, 'begun\n');
        await engine.stop(id, 'stopped by ann');
      }
      const run = await engine.get(id);
      assert.ok(run);
      assert.deepEqual([run.state, run.reason], ['Error', 'stopped by ann']);
      assert.equal(phases(run), 'a Error, b Omitted');
      assert.equal(run.jobs[0]?.reason, 'stopped by ann');
      assert.equal(await read('late'), undefined);
    }
  },
  {
    name: 'stop leaves a finished run as it is',
    async run(context) {
      const run = await outcome(context, planOf([{ name: 'a', sh: 'true' }]));
      await context.engine.stop(run.id, 'too late');
      assert.deepEqual(await context.engine.get(run.id), run);
    }
  },
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
  },
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
        planOf(
          [
            { name: 'a', sh: 'ls' },
            { name: 'b', sh: 'ls', workdir: 'sub' },
            { name: 'c', sh: 'ls', workdir: 'missing' }
          ],
          { failFast: false }
        )
      );
      assert.equal(await logOf(context.engine, run.id, 'a'), 'sub\n');
      assert.equal(await logOf(context.engine, run.id, 'b'), 'here.txt\n');
      assert.match(await logOf(context.engine, run.id, 'c'), /the working folder .*missing does not exist/);
      assert.equal(phases(run), 'a Succeeded, b Succeeded, c Failed');
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
