import type { ScalarNode, SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

/** Keys whose texts reach Argo as they are. */
const KEYS = new Set([
  'image',
  'imagePullSecrets',
  'workdir',
  'volumes',
  'outputs',
  'envFrom',
  'env_from',
  'nodeSelector',
  'tolerations',
  'affinity',
  'serviceAccountName',
  'securityContext',
  'site',
  'priority',
  'labels',
  'annotations'
]);

const HINT = 'If a value of this file was meant, write ${{ ... }}. Commands, scripts and variables can hold {{.';

/**
 * Argo reads `{{` as the start of a template tag and has no escape for it. In commands, scripts and variables the
 * compiler gets around that; Kubernetes expands nothing in these other fields.
 */
export function checkTemplateTags(model: Model): readonly Problem[] {
  return settingMaps(model)
    .flatMap(map => map.entries.filter(({ key }) => KEYS.has(key)).flatMap(({ value }) => tagsBelow(value)))
    .map(node =>
      error('template-tag', node.span, "`{{` can't be used here: Argo would read it as a template tag", HINT)
    );
}

function tagsBelow(node: SourceNode): readonly ScalarNode[] {
  if (node.kind === 'list') return node.items.flatMap(tagsBelow);
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => tagsBelow(value));
  const texts = node.parts?.flatMap(part => (part.kind === 'expression' ? [] : [part.text])) ?? [node.text];
  return texts.some(text => text.includes('{{')) && !texts.some(text => text.includes('${{')) ? [node] : [];
}
