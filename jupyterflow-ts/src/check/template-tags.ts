import { isString, itemsOf, valueOf, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

/**
 * Argo reads `{{` as the start of a template tag and has no escape for it. In commands and variables the compiler
 * gets around that; Kubernetes expands nothing in these other fields.
 */
export function checkTemplateTags(model: Model): readonly Problem[] {
  const fields = settingMaps(model).flatMap(map => [
    valueOf(map, 'image'),
    valueOf(map, 'workdir'),
    ...itemsOf(valueOf(map, 'volumes')).flatMap(volume => [valueOf(volume, 'path'), valueOf(volume, 'subPath')])
  ]);
  return fields.flatMap((node: SourceNode | undefined) =>
    isString(node) && node.value.includes('{{') && !node.value.includes('${{')
      ? [error('template-tag', node.span, "`{{` can't be used here: Argo would read it as a template tag")]
      : []
  );
}
