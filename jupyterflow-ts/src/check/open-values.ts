import { findExpressions } from '../expression/syntax.js';
import { isString, type SourceNode, type Span } from '../source/node.js';
import type { ReadParams } from './params.js';

/** Texts with a parameter that has no value: nobody knows yet what they will be. */
export function openValues(root: SourceNode, { params, declared }: ReadParams): readonly Span[] {
  if (declared.size === params.size) return [];
  const spans: Span[] = [];
  const visit = (node: SourceNode): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    else if (node.kind === 'map') node.entries.forEach(({ value }) => visit(value));
    else if (isString(node) && isOpen(node.value)) spans.push(node.span);
  };
  const isOpen = (text: string): boolean =>
    findExpressions(text).some(({ expression }) => {
      return expression?.kind === 'param' && declared.has(expression.name) && !params.has(expression.name);
    });
  visit(root);
  return spans;
}
