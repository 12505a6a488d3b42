import { itemsOf, spanWithin, type ScalarNode } from '../source/node.js';
import { error, info, warning, type Problem } from '../source/problem.js';
import { quote } from '../source/syntax.js';
import { maskExpressions } from '../expression/syntax.js';
import { allJobs, isShell, type Model } from './model.js';
import { splitWords } from './words.js';

const OPERATORS = new Set(['|', '||', '&', '&&', ';', '>', '>>', '<', '2>', '2>&1']);

/** Commands that would not do what they say: unclosed quotes, cut-off comments, shell operators without a shell. */
export function checkCommands(model: Model): readonly Problem[] {
  return allJobs(model).flatMap(job => {
    if (job.command?.kind === 'scalar' && typeof job.command.value === 'string') {
      return checkText(job.command, isShell(model, job));
    }
    return itemsOf(job.command).flatMap(word => (word.kind === 'scalar' ? checkNul(word) : []));
  });
}

function checkText(command: ScalarNode, shell: boolean): readonly Problem[] {
  if (command.text.trim() === '') return [error('command-empty', command.span, 'the command is empty')];
  // The places in it are those of the file; what is put in stays within its word.
  const original = command.origin ?? command;
  return [...checkNul(command), ...checkComment(original), ...(shell ? [] : checkWords(original))];
}

function checkNul(word: ScalarNode): readonly Problem[] {
  if (!word.text.includes('\0')) return [];
  return [error('command-nul', word.span, "a command can't contain the character NUL")];
}

function checkComment(command: ScalarNode): readonly Problem[] {
  const { comment } = command;
  if (comment === undefined) return [];
  const message = `YAML ends the command before \`${comment.trimEnd()}\``;
  const hint = `If that belongs to the command, quote it: ${quote(`${command.text} ${comment.trimEnd()}`)}`;
  return [warning('command-comment', command.span, message, hint)];
}

function checkWords(command: ScalarNode): readonly Problem[] {
  // What stands in ${{ }} is no text of the command.
  const text = maskExpressions(command.text);
  const split = splitWords(text);
  if ('unclosed' in split) {
    const span = spanWithin(command, split.unclosed, split.unclosed + 1);
    return [error('command-quotes', span, 'this quote is never closed', 'Close it, or put a \\ before it.')];
  }
  const operator = split.words.find(
    word => OPERATORS.has(word) && !text.includes(`'${word}'`) && !text.includes(`"${word}"`)
  );
  const problems: Problem[] = [];
  if (operator !== undefined) {
    const at = text.indexOf(operator);
    const hint = 'Write `cmd_mode: shell` if a shell should read the command.';
    const message = `\`${operator}\` is an ordinary word here`;
    problems.push(warning('command-operator', spanWithin(command, at, at + operator.length), message, hint));
  }
  if (hasLines(text, split.words)) {
    const message = 'the lines of this command are read as the words of one command';
    const hint = 'Write them under `script:`, or put a \\ before the line breaks if it is one.';
    problems.push(warning('command-lines', command.span, message, hint));
  }
  const old = text.split(' ');
  if (/['"\\]/.test(text) && JSON.stringify(old) !== JSON.stringify(split.words)) {
    const message = `split as a shell does, into ${split.words.length} words; JupyterFlow 0.0.4 cut at each space, into ${old.length}`;
    problems.push(info('command-split', command.span, message));
  }
  return problems;
}

/** Is there a line break between words, which no backslash takes away? */
function hasLines(text: string, words: readonly string[]): boolean {
  const breaks = (part: string): number => part.split('\n').length - 1;
  const escaped = text.split('\\\n').length - 1;
  return breaks(text.trim()) > words.reduce((sum, word) => sum + breaks(word), escaped);
}
