import { entryOf, isString, itemsOf, valueOf, type MapNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';
import { hasParentSegment } from './paths.js';

const SOURCES = ['id', 'dataset', 'lease'] as const;
/** Ids (ds_..., ls_...), or organization/name. */
const REFERENCE = /^[A-Za-z0-9][-A-Za-z0-9._]*(?:\/[A-Za-z0-9][-A-Za-z0-9._]*)*$/;
const MAX_REFERENCE = 100;

/** Each volume names exactly one dataset or lease. */
export function checkVolumes(model: Model): readonly Problem[] {
  return settingMaps(model)
    .flatMap(map => itemsOf(valueOf(map, 'volumes')))
    .flatMap(volume => (volume.kind === 'map' ? checkVolume(volume) : []));
}

function checkVolume(volume: MapNode): readonly Problem[] {
  const given = SOURCES.flatMap(key => entryOf(volume, key) ?? []);
  const [first, second] = given;
  if (first === undefined) {
    const message = 'the volume does not say what it mounts';
    return [error('volume-source', volume.span, message, 'Add `dataset: <id>` or `lease: <id>`.')];
  }
  if (second !== undefined) {
    const message = `the volume says twice what it mounts: \`${first.key}\` and \`${second.key}\``;
    return [error('volume-source', second.keySpan, message, 'Keep one of them.')];
  }
  const problems: Problem[] = [];
  if (isString(first.value) && (!REFERENCE.test(first.value.value) || first.value.value.length > MAX_REFERENCE)) {
    const message = `\`${first.value.value}\` can't be the id of a dataset or a lease`;
    problems.push(error('volume-reference', first.value.span, message));
  }
  const subPath = valueOf(volume, 'subPath');
  if (isString(subPath) && (subPath.value.startsWith('/') || hasParentSegment(subPath.value))) {
    const message = `\`subPath\` must be a folder inside of the dataset, not \`${subPath.value}\``;
    problems.push(error('volume-sub-path', subPath.span, message, 'Write it relative and without `..`.'));
  }
  return problems;
}
