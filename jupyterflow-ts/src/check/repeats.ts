import { entryOf, isString, itemsOf, valueOf, type MapNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { dynamicList, staticItems } from './model.js';
import type { ReadParams } from './params.js';

/** `foreach` and `copies` say how often a job runs: one of them, and with something to run. */
export function checkRepeats(root: MapNode, { params, declared }: ReadParams): readonly Problem[] {
  return itemsOf(valueOf(root, 'jobs')).flatMap(job => {
    const foreach = entryOf(job, 'foreach');
    const copies = entryOf(job, 'copies');
    if (foreach !== undefined && copies !== undefined) {
      const message = '`foreach` and `copies` both say how often the job runs';
      const related = [{ message: 'the other is here', span: foreach.keySpan }];
      return [{ ...error('foreach-and-copies', copies.keySpan, message, 'Keep one of them.'), related }];
    }
    return foreach === undefined ? [] : checkList(foreach.value);
  });

  function checkList(node: SourceNode): readonly Problem[] {
    if (node.kind === 'list') {
      if (node.items.length > 0) return [];
      return [error('foreach-empty', node.span, 'the list of `foreach` is empty', 'Write items, or remove `foreach`.')];
    }
    if (!isString(node)) return [];
    if (dynamicList(node) !== undefined) return [];
    const items = staticItems(node, params);
    if (items !== undefined && items.length > 0) return [];
    // A parameter without a value is an error of its own.
    if (items === undefined && declared.size > params.size) return [];
    const message = items === undefined ? '`foreach` is no list' : 'the list of `foreach` is empty';
    const hint = 'Write a list, ${{ jobs.NAME.outputs.NAME }}, or ${{ params.NAME }} with a JSON list.';
    return [error(items === undefined ? 'foreach-not-list' : 'foreach-empty', node.span, message, hint)];
  }
}
