import { Option, type Command } from 'commander';
import type { CompileFlags } from '../commands/compile.js';
import type { GraphFlags } from '../commands/graph.js';
import type { ValidateFlags } from '../commands/validate.js';
import { examples, output, parseCount, parseNotEmpty, withInput, withSelection, type Done } from './flags.js';

/** Commands that only read a workflow file. */
export function addFileCommands(program: Command, done: Done): void {
  const validate = program.command('validate').description('Tell every problem of a workflow file');
  withInput(validate)
    .addOption(output('text', 'json', 'yaml', 'github', 'sarif'))
    .action(async (flags: ValidateFlags) => done(await (await import('../commands/validate.js')).validate(flags)));
  examples(
    validate,
    'validate -f workflow.yaml',
    'validate -f workflow.yaml -o github    # annotations of GitHub Actions',
    'validate -f workflow.yaml -o sarif > problems.sarif'
  );

  const compile = program.command('compile').description('Print the Argo Workflow of a workflow file');
  withSelection(withInput(compile))
    .option('--name <name>', 'name of the run', parseNotEmpty)
    .option('--image <image>', 'image of the jobs that name none', parseNotEmpty)
    .option('--namespace <namespace>', 'namespace of the objects', parseNotEmpty)
    .option('--max-size <KiB>', 'largest spec that is made (default: 600)', parseCount)
    .addOption(
      new Option('--argo-version <version>', 'release of Argo that reads them (default: 4)').choices([
        '3.5',
        '3.6',
        '3.7',
        '4',
        '4.0'
      ])
    )
    .addOption(output('yaml', 'json', 'jsonpath'))
    .action(async (flags: CompileFlags) => done(await (await import('../commands/compile.js')).compileCommand(flags)));
  examples(compile, 'compile -f workflow.yaml', 'compile -f workflow.yaml --image python:3.12 | kubectl create -f -');

  const graph = program.command('graph').description('Draw the jobs and their edges');
  withInput(graph)
    .addOption(
      new Option('-o, --output <format>', 'output format').choices(['ascii', 'mermaid', 'dot', 'svg']).default('ascii')
    )
    .action(async (flags: GraphFlags) => done(await (await import('../commands/graph.js')).graph(flags)));
  examples(graph, 'graph -f workflow.yaml', 'graph -f workflow.yaml -o svg > graph.svg');
}
