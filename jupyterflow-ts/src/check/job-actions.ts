import { entryOf, itemsOf, isString, type MapEntry, type MapNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { commandReadAsMap } from './job-shape.js';
import { allJobs, type Model } from './model.js';
import { splitWords } from './words.js';

const ACTIONS = ['command', 'script', 'notebook'] as const;
/** Keys that mean something only beside another. */
const BESIDE: readonly (readonly [string, string])[] = [
  ['interpreter', 'script'],
  ['parameters', 'notebook']
];

/** A job runs exactly one of a command, a script and a notebook. */
export function checkJobActions(model: Model): readonly Problem[] {
  return allJobs(model).flatMap(({ map }) => (map === undefined ? [] : checkJob(map)));
}

function checkJob(job: MapNode): readonly Problem[] {
  const [first, second] = ACTIONS.flatMap(key => entryOf(job, key) ?? []);
  if (first === undefined) {
    if (commandReadAsMap(job) !== undefined) return [];
    const span = job.entries[0]?.keySpan ?? job.span;
    const hint = 'Add `command:`, `script:` or `notebook:`.';
    return [error('job-without-command', span, 'the job does not say what to run', hint)];
  }
  if (second !== undefined) {
    const message = `the job says twice what to run: \`${first.key}\` and \`${second.key}\``;
    const related = [{ message: 'the first is here', span: first.keySpan }];
    return [{ ...error('job-with-two-commands', second.keySpan, message, 'Keep one of them.'), related }];
  }
  return [
    ...BESIDE.flatMap(([key, other]) => {
      const entry = entryOf(job, key);
      if (entry === undefined || entryOf(job, other) !== undefined) return [];
      const message = `\`${key}\` means nothing without \`${other}\``;
      return [error('job-key-alone', entry.keySpan, message, `Remove it, or add \`${other}:\`.`)];
    }),
    ...checkText(first),
    ...checkInterpreter(entryOf(job, 'interpreter'))
  ];
}

function checkText({ key, value }: MapEntry): readonly Problem[] {
  if (!isString(value) || key === 'command') return [];
  if (value.value.includes('\0')) return [error('command-nul', value.span, `a ${key} can't contain the character NUL`)];
  if (key === 'script') {
    return value.value.trim() === '' ? [error('command-empty', value.span, 'the script is empty')] : [];
  }
  if (value.value.endsWith('.ipynb')) return [];
  const message = `\`${value.text}\` is not the path of a notebook`;
  return [error('notebook-path', value.span, message, 'Its name ends with .ipynb.')];
}

function checkInterpreter(entry: MapEntry | undefined): readonly Problem[] {
  if (entry === undefined) return [];
  const { value } = entry;
  for (const word of value.kind === 'list' ? itemsOf(value) : [value]) {
    if (isString(word) && word.value.includes('\0'))
      return [error('command-nul', word.span, "an interpreter can't contain the character NUL")];
  }
  if (!isString(value)) return [];
  const split = splitWords(value.value);
  if ('unclosed' in split) return [error('command-quotes', value.span, 'a quote of the interpreter is never closed')];
  return split.words.length === 0 ? [error('command-empty', value.span, 'the interpreter is empty')] : [];
}
