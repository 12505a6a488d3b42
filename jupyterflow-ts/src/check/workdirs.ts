import { isString, valueOf } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';
import { hasParentSegment } from './paths.js';

/** A working folder stays where the workflow is, or is absolute; `..` and `~` would depend on who resolves them. */
export function checkWorkdirs(model: Model): readonly Problem[] {
  return settingMaps(model).flatMap(map => {
    const node = valueOf(map, 'workdir');
    if (!isString(node)) return [];
    if (hasParentSegment(node.value)) {
      return [error('workdir-dots', node.span, `\`..\` is not allowed in the path \`${node.text}\``)];
    }
    if (node.value.startsWith('~')) {
      const hint = `Write ${model.home}${node.value.slice(1)}`;
      return [error('workdir-tilde', node.span, '`~` is not expanded here', hint)];
    }
    return [];
  });
}
