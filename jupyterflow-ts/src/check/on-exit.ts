import { entryOf, valueOf } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import type { Model } from './model.js';

/** Keys of a job that mean nothing for one that runs last, once, and by itself. */
const KEYS: Readonly<Record<string, string>> = {
  needs: 'it runs after all jobs',
  foreach: 'it runs once',
  copies: 'it runs once',
  outputs: 'no job runs after it',
  cache: 'it always runs'
};

/** `onExit` is a job that waits for none and runs once. */
export function checkOnExit(model: Model): readonly Problem[] {
  const { onExit } = model;
  if (onExit === undefined) return [];
  const node = valueOf(model.root, 'onExit');
  if (node?.kind === 'scalar' && node.value === null) {
    const span = entryOf(model.root, 'onExit')?.keySpan ?? node.span;
    return [error('command-empty', span, '`onExit` is empty', 'Write a command, or remove the key.')];
  }
  return Object.entries(KEYS).flatMap(([key, why]) => {
    const entry = entryOf(onExit.map, key);
    if (entry === undefined) return [];
    return [error('on-exit-key', entry.keySpan, `\`${key}\` can't be set of \`onExit\`: ${why}`, 'Remove it.')];
  });
}
