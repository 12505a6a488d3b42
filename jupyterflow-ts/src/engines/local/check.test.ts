import { planOf } from '../conformance.js';
import type { PlanJob } from '../../plan/plan.js';
import type { Mount, Submission } from '../engine.js';
import { checkSubmission, workdirOf } from './check.js';

function submission(job: Partial<PlanJob>, more: Partial<Submission> = {}): Submission {
  const plan = planOf([{ name: 'a', sh: 'true' }]);
  return {
    id: 'run-1',
    plan: { ...plan, jobs: plan.jobs.map(of => ({ ...of, ...job })) },
    home: { hostPath: '/srv/ann', mountPath: '/home/jovyan', workspace: 'work' },
    mounts: new Map(),
    ...more
  };
}

const data: readonly Mount[] = [{ hostPath: '/srv/data', mountPath: '/data/uis' }];

test.each<[string, Submission, string]>([
  ['an id that is a path', submission({}, { id: '../x' }), '"../x" can\'t be the id of a run'],
  [
    'a home at the root',
    submission({}, { home: { hostPath: '/x', mountPath: '/', workspace: '' } }),
    "the home can't be at /"
  ],
  ['a job whose name is a path', submission({ name: '../b' }), '"../b" can\'t be the name of a job'],
  ['a job without a command', submission({ argv: [] }), 'job a has no command'],
  [
    'a word with NUL',
    submission({ argv: ['echo', 'a\0b'] }),
    'job a: its command or environment holds a NUL character'
  ],
  [
    'a name of a variable that no shell takes',
    submission({ env: [{ name: 'a-b', value: '' }] }),
    'job a: "a-b" can\'t be the name of an environment variable'
  ],
  [
    'a name of a variable that is more',
    submission({ env: [{ name: 'A=1;id', value: '' }] }),
    'job a: "A=1;id" can\'t be the name of an environment variable'
  ],
  [
    'a value with NUL',
    submission({ env: [{ name: 'A', value: '\0' }] }),
    'job a: its command or environment holds a NUL character'
  ],
  [
    'data from a relative path',
    submission({}, { mounts: new Map([['a', [{ hostPath: 'data', mountPath: '/data/uis' }]]]) }),
    'job a: the data for /data/uis is not at an absolute path'
  ],
  [
    'data for a job that is not there',
    submission({}, { mounts: new Map([['b', data]]) }),
    'there are mounts for the job b, which is not in the plan'
  ],
  [
    'a word of the command that Linux gives to no program',
    submission({ argv: ['echo', 'é'.repeat(64 * 1024)] }),
    'job a: word 2 of its command has 128 KiB, and Linux gives a program at most 128 KiB in one word; put the text into a file beside the workflow, or into a `script`'
  ],
  [
    'a variable that Linux gives to no program',
    submission({ env: [{ name: 'TEXT', value: 'x'.repeat(128 * 1024 - 5) }] }),
    'job a: its variable TEXT has 128 KiB, and Linux gives a program at most 128 KiB in one word; put the text into a file beside the workflow, or into a `script`'
  ],
  ['an edge from nowhere', submission({ dependsOn: ['x'] }), 'job a depends on x, which is not in the plan']
])('%s is refused', (_, given, message) => {
  expect(() => checkSubmission(given)).toThrow(
    expect.objectContaining({ code: 'INVALID_SUBMISSION', message }) as Error
  );
});

test.each([
  [undefined, '/home/jovyan/work'],
  ['.', '/home/jovyan/work'],
  ['sub/x', '/home/jovyan/work/sub/x'],
  ['sub/../x', '/home/jovyan/work/x'],
  ['/home/jovyan/work/x', '/home/jovyan/work/x'],
  ['/data/uis/2024', '/data/uis/2024'],
  ['/tmp/x', '/tmp/x']
])('the working folder %j is %s', (workdir, path) => {
  const { plan } = submission(workdir === undefined ? {} : { workdir });
  expect(workdirOf(plan.jobs[0]!, '/home/jovyan/work', data)).toBe(path);
});

test.each(['..', '../other', '/home/jovyan/other', '/home/jovyan/workshop', '/data', '/etc', '/', 'x\0'])(
  'the working folder %j is refused',
  workdir => {
    const { plan } = submission({ workdir });
    expect(() => workdirOf(plan.jobs[0]!, '/home/jovyan/work', data)).toThrow(
      /^job a: the working folder .* is outside of \/home\/jovyan\/work/
    );
  }
);
