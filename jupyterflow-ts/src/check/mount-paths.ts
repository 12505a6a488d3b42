import { isString, itemsOf, valueOf, type ScalarNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingOf, type Model } from './model.js';
import { hasParentSegment, isWithin, normalPath, systemFolderOf } from './paths.js';

interface Place {
  readonly node: ScalarNode;
  readonly path: string;
}

/** Where data is mounted: absolute, without `..`, apart from the home, the system and each other. */
export function checkMountPaths(model: Model): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const job of model.jobs) {
    const places: Place[] = [];
    for (const volume of itemsOf(settingOf(model, job, 'volumes'))) {
      const node = valueOf(volume, 'path');
      if (!isString(node)) continue;
      const place = { node, path: normalPath(node.value) };
      const problem = checkPlace(place, model.home) ?? checkOthers(place, places);
      // Default volumes are seen by each job, and reported once.
      if (problem !== undefined) problems.set(`${problem.id} ${problem.span.start}`, problem);
      places.push(place);
    }
  }
  return [...problems.values()];
}

function checkPlace({ node, path }: Place, home: string): Problem | undefined {
  const { span } = node;
  if (hasParentSegment(path))
    return error(
      'mount-path-dots',
      span,
      `\`..\` is not allowed in the path \`${node.text}\``,
      withoutDots(path, home)
    );
  if (!path.startsWith('/')) {
    const message = `the path \`${node.text}\` is not absolute`;
    return error('mount-path-relative', span, message, `Did you mean \`${home}/${path.replace(/^~\//, '')}\`?`);
  }
  if (/[\0-\x1f\x7f]/.test(path)) return error('mount-path-invalid', span, "a path can't contain control characters");
  if (isWithin(home, path)) {
    const message =
      path === home ? `mounting at \`${path}\` would hide the home` : `mounting at \`${path}\` would hide \`${home}\``;
    return error('mount-path-shadows', span, message, `Choose a folder below it: ${home}/data`);
  }
  const system = isWithin(path, home) ? undefined : systemFolderOf(path);
  if (system === undefined) return undefined;
  const message = `mounting at \`${path}\` would hide a part of the system (${system})`;
  return error('mount-path-shadows', span, message, `Choose a folder below the home: ${home}/data`);
}

function withoutDots(path: string, home: string): string {
  if (!path.startsWith('/')) return `Write the whole path: ${home}/data`;
  const segments: string[] = [];
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return segments.length === 0 ? `Write the whole path: ${home}/data` : `Did you mean \`/${segments.join('/')}\`?`;
}

function checkOthers({ node, path }: Place, others: readonly Place[]): Problem | undefined {
  const other = others.find(place => isWithin(path, place.path) || isWithin(place.path, path));
  if (other === undefined) return undefined;
  const related = [{ message: 'the other is here', span: other.node.span }];
  const message =
    other.path === path
      ? `two volumes of this job are mounted at \`${path}\``
      : `\`${path}\` and \`${other.path}\` are mounted one inside the other`;
  const hint = `Mount each at a path of its own, side by side: ${other.path}-b`;
  return { ...error('mount-path-duplicate', node.span, message, hint), related };
}
