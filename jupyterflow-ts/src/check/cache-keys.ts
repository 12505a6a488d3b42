import { isString, itemsOf, valueOf } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { checkFilePath } from './file-path.js';
import type { Model } from './model.js';
import { didYouMean, nearest } from './nearest.js';

/** What a cached result depends on: parameters that exist, and files below the working folder. */
export function checkCacheKeys(model: Model): readonly Problem[] {
  return model.jobs.flatMap(({ map }) =>
    itemsOf(valueOf(valueOf(map, 'cache'), 'key')).flatMap(node => {
      if (!isString(node)) return [];
      const param = paramOfKey(node.value);
      if (param !== undefined) {
        if (model.params.has(param)) return [];
        const hint = didYouMean(nearest(param, [...model.params.keys()]));
        return [error('param-unknown', node.span, `there is no parameter \`${param}\``, hint)];
      }
      if (node.value.startsWith('/')) {
        const hint = 'Write it relative to the working folder.';
        return [error('cache-path', node.span, `\`${node.value}\` is not below the working folder`, hint)];
      }
      return checkFilePath('cache-path', node);
    })
  );
}

/** NAME of `params.NAME`. */
export function paramOfKey(key: string): string | undefined {
  return /^params\.(.+)$/.exec(key)?.[1];
}
