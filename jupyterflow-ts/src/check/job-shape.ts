import { entryOf, itemsOf, valueOf, type MapEntry, type MapNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { quote } from '../source/syntax.js';

/** Jobs that YAML read as something else than was meant: numbers, booleans, nothing, maps by an accidental `: `. */
export function checkJobShapes(root: MapNode): readonly Problem[] {
  const jobs = valueOf(root, 'jobs');
  if (jobs === undefined) return [];
  if (jobs.kind === 'list' && jobs.items.length === 0) {
    return [error('no-jobs', jobs.span, '`jobs` is empty', 'Write at least one: - echo hello')];
  }
  if (jobs.kind === 'scalar' && jobs.value === null) {
    const key = entryOf(root, 'jobs')?.keySpan ?? jobs.span;
    return [error('no-jobs', key, '`jobs` is empty', 'Write at least one: - echo hello')];
  }
  return itemsOf(jobs).flatMap(checkItem);
}

function checkItem(item: SourceNode): readonly Problem[] {
  if (item.kind === 'scalar') {
    if (typeof item.value === 'string') return [];
    if (item.value === null)
      return [error('job-empty', item.span, 'this job is empty', 'Write a command, or remove the line.')];
    const kind = typeof item.value === 'number' ? 'a number' : 'a boolean';
    const message = `YAML reads ${item.text} as ${kind}, not as a command`;
    return [error('job-not-string', item.span, message, `Quote it: - ${quote(item.text)}`)];
  }
  if (item.kind === 'list') {
    const hint = 'Write the words under `command:`.';
    return [error('job-is-list', item.span, 'a job is a command or a map, not a list', hint)];
  }
  const only = commandReadAsMap(item);
  if (only?.value.kind !== 'scalar') return [];
  const line = `${only.key}: ${only.value.text}`;
  const message = `YAML reads this command as a map with the key \`${only.key}\``;
  return [error('job-is-map', item.span, message, `Quote it: - ${quote(line)}`)];
}

/** The only entry of a job such as `echo foo: bar`, which was meant as a text. */
export function commandReadAsMap(job: MapNode): MapEntry | undefined {
  const [only] = job.entries;
  return job.entries.length === 1 && only?.value.kind === 'scalar' && /\s/.test(only.key) ? only : undefined;
}
