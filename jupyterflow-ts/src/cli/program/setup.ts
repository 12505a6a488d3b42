import { Argument, type Command } from 'commander';
import type { ConfigFlags } from '../commands/config.js';
import type { DoctorFlags } from '../commands/doctor.js';
import type { SchemaFlags } from '../commands/schema.js';
import type { Shell } from '../completion/scripts.js';
import { examples, output, withBackend, type Done } from './flags.js';

/** Commands about the program itself and the machine it runs on. */
export function addSetupCommands(program: Command, done: Done): void {
  const doctor = program.command('doctor').description('Look at everything that runs need, and say how to mend it');
  withBackend(doctor)
    .addOption(output('text', 'json', 'yaml', 'jsonpath'))
    .action(async (flags: DoctorFlags) => done(await (await import('../commands/doctor.js')).doctor(flags)));
  examples(doctor, 'doctor', 'doctor --platform https://hub.example.org/services/platform');

  const config = program.command('config').description('Show each setting and where it comes from');
  withBackend(config)
    .option('--generate-config', 'write a configuration file to begin with')
    .option('--force', 'with --generate-config: overwrite the file that is there')
    .addOption(output('text', 'json', 'yaml', 'jsonpath'))
    .action(async (flags: ConfigFlags) => done(await (await import('../commands/config.js')).config(flags)));
  examples(config, 'config', 'config --generate-config');

  const completion = program.command('completion').description('Print what makes a shell complete command lines');
  completion
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => done((await import('../commands/completion.js')).completion(shell)));
  examples(
    completion,
    'completion bash > ~/.local/share/bash-completion/completions/jupyterflow',
    'completion fish | source'
  );

  const schema = program.command('schema').description('Print the JSON Schema of the workflow file');
  schema
    .option('--editor', 'print how an editor uses it')
    .action(async (flags: SchemaFlags) => done((await import('../commands/schema.js')).schema(flags)));
  examples(schema, 'schema > .workflow.schema.json', 'schema --editor');

  program
    .command('complete', { hidden: true })
    .description('Answer the script of a shell: the words that fit')
    .argument('[words...]')
    .action(async (words: readonly string[]) =>
      done(await (await import('../commands/completion.js')).completeWords(program, words))
    );
}
