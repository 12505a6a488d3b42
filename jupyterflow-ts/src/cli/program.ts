import { Command, Option } from 'commander';
import { addCronCommands } from './program/cron.js';
import { addDatasetCommands } from './program/datasets.js';
import { addFileCommands } from './program/files.js';
import type { Done } from './program/flags.js';
import { addRunCommands } from './program/runs.js';
import { addSetupCommands } from './program/setup.js';
import { chooseColor, COLOR_MODES, type ColorMode } from './terminal.js';
import { VERSION } from './version.js';

/** Columns in which a description is still broken into lines: those of a narrow terminal beside the flags. */
const MIN_WRAP = 16;

/** The command line. Each command's code is loaded only when it is used. */
export function makeProgram(done: Done): Command {
  const program = new Command('jupyterflow')
    .description('Run workflow.yaml: commands, the edges between them, and the leased data they mount.')
    .version(VERSION)
    .configureHelp({ subcommandTerm: termOf, minWidthToWrap: MIN_WRAP })
    .showHelpAfterError('(see --help)');

  program.commandsGroup('Workflow files:');
  addFileCommands(program, done);
  program.commandsGroup('Runs:');
  addRunCommands(program, done);
  addCronCommands(program, done);
  program.commandsGroup('Data of others:');
  addDatasetCommands(program, done);
  program.commandsGroup('Setting up:');
  addSetupCommands(program, done);
  program.addHelpCommand(new Command('help').argument('[command]').description('Show help').helpGroup('Setting up:'));
  program
    .command('supervise', { hidden: true })
    .description('Carry out the run that stdin describes')
    .action(async () => (await import('./local/supervise.js')).supervise());

  forAll(program, withGlobalFlags);
  program.hook('preAction', (_, command) => {
    const { color } = command.optsWithGlobals<{ readonly color?: ColorMode }>();
    if (color !== undefined) chooseColor(color);
  });
  return program;
}

/** A command in a list of commands: its name and what it wants. */
function termOf(command: Command): string {
  const wanted = command.registeredArguments.map(argument => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...wanted].join(' ');
}

/** Also after the command's name, where people write them; their help is that of the program. */
function withGlobalFlags(command: Command): void {
  const isProgram = command.parent === null;
  command.addOption(
    new Option('--color <when>', 'colours: auto, always or never').choices(COLOR_MODES).hideHelp(!isProgram)
  );
  command.addOption(new Option('--debug', 'show where an error comes from').hideHelp(!isProgram));
  command.exitOverride();
}

function forAll(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) forAll(child, change);
}
