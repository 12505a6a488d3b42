import { isShell, type JobModel, type Model } from '../check/model.js';
import { splitWords } from '../check/words.js';
import { itemsOf, valueOf, type ScalarNode, type SourceNode } from '../source/node.js';
import { notebookArgv } from './notebook.js';
import type { PlanReference, PlanText } from './plan.js';
import { joinText, planPartOf, planTextOf, textOf, textsOf, type Kept } from './read.js';

/** Program and arguments of a job that the rules found right. */
export function argvOf(model: Model, job: JobModel, kept: Kept): readonly PlanText[] {
  const script = valueOf(job.map, 'script');
  if (script !== undefined) return interpreterOf(valueOf(job.map, 'interpreter'));
  const notebook = textOf(valueOf(job.map, 'notebook'));
  if (notebook !== undefined) return notebookArgv(notebook, valueOf(job.map, 'parameters'));
  const { command } = job;
  if (command?.kind === 'list')
    return command.items.map(item => (item.kind === 'scalar' ? planTextOf(item, kept) : ''));
  if (command?.kind !== 'scalar') return [];
  return isShell(model, job) ? ['/bin/sh', '-c', planTextOf(command, kept)] : splitText(command, kept);
}

function interpreterOf(node: SourceNode | undefined): readonly string[] {
  if (node?.kind === 'list') return textsOf(itemsOf(node));
  const words = splitWords(textOf(node) ?? '/bin/sh');
  return 'words' in words ? words.words : [];
}

/** The words of a command. What was put in stays within its word, whatever stands in it. */
function splitText(command: ScalarNode, kept: Kept): readonly PlanText[] {
  const put: (string | PlanReference)[] = [];
  const masked = (command.parts ?? [{ kind: 'text' as const, text: command.text }]).map(part => {
    if (part.kind === 'text') return part.text;
    // A command has no NUL (check/commands), so it can stand for what must not be split.
    return `\0${put.push(planPartOf(part, kept)) - 1}\0`;
  });
  const split = splitWords(masked.join(''));
  if ('unclosed' in split) return [];
  return split.words.map(word =>
    // Of a text split at a group every second piece is that of the group.
    joinText(word.split(/\0(\d+)\0/).map((piece, index) => (index % 2 === 0 ? piece : (put[Number(piece)] ?? ''))))
  );
}
