import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseQuantity } from '../../engines/local/budget.js';

/** Tells the exit code of the command that was carried out. */
export type Done = (exit: number) => void;

export function withInput(command: Command): Command {
  return withParams(
    command
      .option('-f, --filename <file>', 'workflow file', once)
      .option('-c, --command <commands>', 'commands in a chain: "a >> b"', once)
  );
}

export function withParams(command: Command): Command {
  return command
    .option('-p, --param <name=value>', 'value of a parameter; may be repeated', collectParam)
    .option('--params <file>', 'values of parameters: a YAML or JSON file with a map; -p wins over it');
}

export function withPlatform(command: Command): Command {
  return command.option(
    '--platform <url>',
    'platform to use (default: JUPYTERFLOW_PLATFORM, or `platform` in ~/.jupyterflow.yaml)'
  );
}

export function withBackend(command: Command): Command {
  return withCluster(
    withPlatform(command)
      .option('--local', 'use this machine')
      .option('--kube', 'use Argo Workflows on the cluster of the kubeconfig, in a pod on its own')
  );
}

/** Which cluster, and where in it. */
export function withCluster(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig (default: JUPYTERFLOW_CONTEXT, or its current one)')
    .option('--namespace <name>', 'namespace of the cluster (default: JUPYTERFLOW_NAMESPACE, or that of the context)');
}

export function withSelection(command: Command): Command {
  return command
    .option('--only <job>', 'run just this job; may be repeated', collect)
    .option('--until <job>', 'this job and all it waits for', collect)
    .option('--from <job>', 'this job and all that waits for it', collect)
    .option('--skip <job>', 'all but this job, as if it were done', collect);
}

export function onRun(command: Command): Command {
  return command.argument('<run>', 'name, id or their beginning, or @latest');
}

/** `-o`: one of the formats, where `jsonpath` wants an expression after it. */
export class OutputOption extends Option {
  /** @param formats the first is the default */
  constructor(readonly formats: readonly string[]) {
    const shown = formats.map(format => (format === 'jsonpath' ? 'jsonpath=EXPR' : format));
    super('-o, --output <format>', `output format: ${listOf(shown, 'or')}`);
    this.default(formats[0]).argParser((text: string) => {
      const isKnown = formats.some(format => (format === 'jsonpath' ? text.startsWith('jsonpath=') : text === format));
      if (isKnown) return text;
      throw new InvalidArgumentError(`Allowed choices are ${listOf(shown, 'and')}.`);
    });
  }
}

export function output(...formats: readonly string[]): Option {
  return new OutputOption(formats);
}

function listOf(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
}

/** Commands as people would type them, below the help of a command. */
export function examples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map(line => `  $ jupyterflow ${line}\n`).join('')}`);
}

export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** The last of several would win silently. */
function once(text: string, before: string | undefined): string {
  if (before !== undefined) throw new InvalidArgumentError(`There is another already: '${before}'. Give one.`);
  return text;
}

export function parseNotEmpty(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function collectParam(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number.');
  return Number(text);
}

/** An amount of processors or memory as Kubernetes writes it: `500m`, `2`, `8Gi`. */
export function parseAmount(text: string): number {
  const amount = parseQuantity(text);
  if (!(amount > 0)) throw new InvalidArgumentError('Give an amount above 0: 500m, 2, 8Gi.');
  return amount;
}

export function parsePositive(text: string): number {
  const count = parseCount(text);
  if (count < 1) throw new InvalidArgumentError('Write a number from 1.');
  return count;
}

/** Leaves the text as it is. */
export function parseDurationFlag(text: string): string {
  if (!/^(?:\d{1,9}|(?:\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h|d))+)$/.test(text))
    throw new InvalidArgumentError('Write it like 90, 30s, 10m or 1h30m.');
  return text;
}
