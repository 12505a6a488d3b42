import { error, warning, type Problem } from '../source/problem.js';
import { nameOfUnit, type Edge } from './edges.js';
import type { Model } from './model.js';

/** Nobody reads more; lists side by side can repeat hundreds of thousands. */
const MOST = 1000;

/** Jobs that wait for themselves, and edges that are there twice. */
export function checkRepeatedEdges(model: Model, edges: readonly Edge[]): readonly Problem[] {
  const first = new Map<number, Edge>();
  const nameOf = (index: number): string => nameOfUnit(model.units, index);
  let told = 0;
  return edges.flatMap(edge => {
    if (told >= MOST) return [];
    if (edge.from === edge.to) {
      told += 1;
      return [error('edge-self', edge.span, `job \`${nameOf(edge.from)}\` would wait for itself`, 'Remove this edge.')];
    }
    const key = edge.from * model.units.length + edge.to;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, edge);
      return [];
    }
    told += 1;
    const related = [{ message: 'the first is here', span: other.span }];
    const message = `the edge ${nameOf(edge.from)} >> ${nameOf(edge.to)} is here a second time`;
    return [{ ...warning('edge-duplicate', edge.span, message, 'Remove one of them.'), related }];
  });
}
