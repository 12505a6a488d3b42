import type { Command } from 'commander';
import { makeProgram } from './program.js';

const program = makeProgram(() => undefined);

/** Commands that do something, with their whole names. */
function leaves(command: Command, name = ''): readonly (readonly [string, Command])[] {
  const visible = command
    .createHelp()
    .visibleCommands(command)
    .filter(child => child.name() !== 'help');
  return visible.length === 0
    ? [[name.trim(), command]]
    : visible.flatMap(child => leaves(child, `${name} ${child.name()}`));
}

/** The help as it is printed, with what stands after it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: part => (text += part) }).outputHelp();
  return text;
}

test.each(leaves(program))('%s has a description and examples that are of it', (name, command) => {
  expect(command.description()).not.toBe('');
  const [, examples = ''] = helpOf(command).split('Examples:\n');
  const lines = examples.trim().split('\n');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line.trim().startsWith(`$ jupyterflow ${name}`)).toBe(true);
});

test('what is only for scripts and for ourselves is not in the help', () => {
  expect(leaves(program).map(([name]) => name)).not.toEqual(expect.arrayContaining(['supervise']));
  expect(leaves(program).map(([name]) => name)).not.toEqual(expect.arrayContaining(['complete']));
});
