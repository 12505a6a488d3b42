import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRig } from '../../testing/command.js';
import { SCRIPTS, type Shell } from './scripts.js';

let rig: CommandRig;
beforeAll(async () => {
  rig = new CommandRig();
  rig.write('workflow.yaml', 'jobs: [{name: prepare, command: a}, {name: train, command: b}]\n');
  rig.write('platform', 'a file, so that its name can be completed\n');
  mkdirSync(join(rig.folder, 'bin'));
  const program = join(rig.folder, 'bin', 'jupyterflow');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${rig.main}' "$@"\n`);
  chmodSync(program, 0o755);
  rig.env['PATH'] = `${join(rig.folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  rig.write('empty.yaml', 'name: demo\njobs: ["true"]\n');
  await rig.run('run', '-f', 'empty.yaml', '--no-sandbox', '--wait');
});
afterAll(() => rig.dispose());

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers for a line whose end is the cursor. */
const BASH = `
source <(jupyterflow completion bash)
COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=() COMP_CWORD=-1
# As readline does: a word of break characters is a word of its own.
rest=$1
while [[ -n $rest ]]; do
  if [[ $rest =~ ^[[:space:]]+ ]]; then rest=\${rest:\${#BASH_REMATCH}}; [[ -n $rest ]] && continue; COMP_WORDS+=(''); break; fi
  [[ $rest =~ ^[@=]+ || $rest =~ ^[^[:space:]@=]+ ]]
  COMP_WORDS+=("$BASH_REMATCH"); rest=\${rest:\${#BASH_REMATCH}}
done
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
compopt() { echo "compopt $*"; }
_jupyterflow jupyterflow
printf '%s\\n' "\${COMPREPLY[@]}"
`;

describe('bash', () => {
  test.each([
    ['jupyterflow val', ['validate']],
    ['jupyterflow datasets l', ['list', 'lease']],
    ['jupyterflow get @la', ['latest']],
    ['jupyterflow get @', ['@latest']],
    ['jupyterflow list --output=na', ['name']],
    ['jupyterflow list -o jsonp', ['compopt -o nospace', 'jsonpath=']],
    ['jupyterflow run -f wor', ['compopt -o default']],
    ['jupyterflow run --only tr', ['train']]
  ])('%s', (line, offered) => {
    const { stdout, stderr } = spawnSync('bash', ['-c', BASH, 'bash', line], {
      cwd: rig.folder,
      env: rig.env,
      encoding: 'utf8'
    });
    expect([stdout.split('\n').filter(Boolean), stderr]).toEqual([offered, '']);
  });

  test('names of runs', () => {
    const { stdout } = spawnSync('bash', ['-c', BASH, 'bash', 'jupyterflow get dem'], {
      cwd: rig.folder,
      env: rig.env,
      encoding: 'utf8'
    });
    expect(stdout).toMatch(/^demo-[a-z0-9]{5}\n$/);
  });
});

/** A test of a shell that may not be here. */
function testOf(shell: Shell): typeof test.skip {
  if (has(shell)) return test;
  console.log(`the completion of ${shell} is not tried: ${shell} is not installed`);
  return test.skip;
}

testOf('zsh')('zsh completes', () => {
  rig.write('script.zsh', SCRIPTS.zsh);
  const ask = `
    compdef() { : }
    _describe() { print -l -- $candidates }
    source script.zsh
    words=(jupyterflow datasets re) CURRENT=3
    _jupyterflow`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', ask], { cwd: rig.folder, env: rig.env, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['renew:Make a lease longer\nrelease:Give a lease back\n', '']);
});

testOf('fish')('fish completes', () => {
  const ask = 'jupyterflow completion fish | source; complete -C "jupyterflow datasets re"';
  const { stdout, stderr } = spawnSync('fish', ['-c', ask], { cwd: rig.folder, env: rig.env, encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['release\tGive a lease back\nrenew\tMake a lease longer\n', '']);
});
