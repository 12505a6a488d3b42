import type { DiagnosticId } from '../catalogue/index.js';
import type { ScalarNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { hasParentSegment } from './paths.js';

/** A path of a file that a job reads or writes: without `..`, `~` and control characters. */
export function checkFilePath(id: DiagnosticId, node: ScalarNode): readonly Problem[] {
  const path = node.text;
  if (/[\0-\x1f\x7f]/.test(path)) return [error(id, node.span, "a path can't contain control characters")];
  if (hasParentSegment(path)) return [error(id, node.span, `\`..\` is not allowed in the path \`${path}\``)];
  if (path.startsWith('~')) return [error(id, node.span, '`~` is not expanded here', 'Write the whole path.')];
  return [];
}
