import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRig } from '../../testing/command.js';

let rig: CommandRig;
beforeAll(() => {
  rig = new CommandRig();
});
afterAll(() => rig.dispose());

//  once -> flaky -> last
const FLAKY = `\
name: flaky
params: {word: hello}
jobs:
- {name: once, command: sh -c "echo x >> once.txt"}
- name: flaky
  command: sh -c "test -e there && echo \${{ params.word }}"
- {name: last, command: echo done}
dags: once >> flaky >> last
`;

test('retry runs what did not succeed, resubmit all with the same parameters, or with others', async () => {
  rig.write('workflow.yaml', FLAKY);
  const start = ['run', '-f', 'workflow.yaml', '--no-sandbox', '--wait'];
  const first = await rig.run(...start, '-p', 'word=bye');
  const name = first.stdout.trim();
  expect(first.exit).toBe(1);
  rig.write('there', '');
  const again = await rig.run('retry', name, '--wait');
  expect([again.exit, again.stdout]).toEqual([0, `${name}\n`]);
  expect((await rig.run('logs', name, '--job', 'flaky')).stdout).toBe('bye\n');
  rig.write('workflow.yaml', 'jobs: [changed]\n');
  const anew = await rig.run('resubmit', '@latest', '--wait', '-o', 'jsonpath={.state} {.name}');
  expect(anew.stdout).toMatch(/^Succeeded flaky-[a-z0-9]{5}\n$/);
  expect(anew.stdout).not.toContain(name);
  expect((await rig.run('logs', '@latest', '--job', 'flaky')).stdout).toBe('bye\n');
  expect((await rig.run('resubmit', name, '-p', 'word=hey', '--wait')).exit).toBe(0);
  expect((await rig.run('logs', '@latest', '--job', 'flaky')).stdout).toBe('hey\n');
  expect(await rig.run('resubmit', name, '-p', 'wrd=hey')).toMatchObject({ exit: 3, stdout: '' });
  expect(readFileSync(join(rig.folder, 'once.txt'), 'utf8')).toBe('x\nx\nx\n');
  expect(await rig.run('retry', name, '--from', 'gone')).toMatchObject({ exit: 2, stdout: '' });
});

test('--plan tells which jobs would run and why, and starts nothing', async () => {
  const plans = new CommandRig();
  plans.write('in.txt', 'one');
  plans.write(
    'workflow.yaml',
    'name: kept\njobs:\n- {name: a, command: cat in.txt, cache: {key: [in.txt]}}\n- {name: b, command: echo b}\ndags: a >> b\n'
  );
  const before = await plans.run('run', '-f', 'workflow.yaml', '--plan');
  expect((await plans.run('list', '-o', 'name')).stdout).toBe('');
  expect((await plans.run('run', '-f', 'workflow.yaml', '--wait')).exit).toBe(0);
  const after = await plans.run('run', '-f', 'workflow.yaml', '-n', '-o', 'jsonpath={[*].fresh}');
  plans.dispose();
  expect(before.stdout).toMatch(/^JOB {2}RUNS {2}WHY\na {4}yes {3}.+\nb {4}yes {3}.+\n\n2 of 2 jobs would run\n$/);
  expect(after).toEqual({ exit: 0, stdout: 'true false\n', stderr: '' });
});
