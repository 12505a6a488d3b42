import { evaluate, textOf } from './expression.js';

/** What tags may name: `{{inputs.parameters.x}}` is `scope.inputs.parameters.x`. */
export type Scope = Readonly<Record<string, unknown>>;

/**
 * Replaces the tags in all texts of a value, as Argo does (util/template): one pass, results are not read again, and what is
 * not known stays for a later pass. To Argo an expression that fails is one that is not known yet.
 */
export function substitute<T>(value: T, scope: Scope): T {
  return replaceIn(value, scope) as T;
}

function replaceIn(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string')
    return value.replace(/\{\{(.*?)\}\}/gs, (tag, body: string) => valueOfTag(tag, body, scope));
  if (Array.isArray(value)) return value.map(element => replaceIn(element, scope));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, replaceIn(field, scope)]));
}

function valueOfTag(tag: string, body: string, scope: Scope): string {
  if (body.startsWith('=')) {
    try {
      return textOf(evaluate(body.slice(1), scope));
    } catch {
      return tag;
    }
  }
  const found = lookUp(body.trim(), scope);
  return found === undefined ? tag : textOf(found);
}

/** Names of parameters hold no dots, names of tasks may not either. */
function lookUp(path: string, scope: Scope): unknown {
  let value: unknown = scope;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Scope)[key];
  }
  return typeof value === 'object' ? undefined : value;
}
