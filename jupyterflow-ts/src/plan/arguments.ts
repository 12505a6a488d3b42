import type { Model } from '../check/model.js';
import { itemsOf, valueOf, type ScalarNode, type SourceNode } from '../source/node.js';
import type { PlanArgument } from './plan.js';
import { defined, textOf, textsOf } from './read.js';

/** A longer text may become a script of its own kind, which takes no reference. In UTF-16 units. */
const LONGEST = 100_000;

/**
 * The parameters that only texts of containers take: what runs, and its variables. Any other use is a part of the plan's
 * shape, e.g. of names or numbers, and a new value there would need a new plan. Left out are also a value with `{{`, which
 * Argo would read, and all parameters when a job has a `cache`, whose key holds their values.
 */
export function argumentsOf({ root, params }: Model): readonly PlanArgument[] {
  const uses = new Uses();
  uses.lookAt(root);
  if (uses.cached) return [];
  const declarations = valueOf(root, 'params');
  return [...params].flatMap(([name, { text: value }]) => {
    if (!uses.texts.has(name) || uses.shapes.has(name) || value.includes('{{')) return [];
    const declaration = valueOf(declarations, name);
    const allowed = textsOf(itemsOf(valueOf(declaration, 'enum')));
    const description = textOf(valueOf(declaration, 'description'));
    return [{ name, value, ...defined({ enum: allowed.length === 0 ? undefined : allowed, description }) }];
  });
}

/** Where parameters are used. */
class Uses {
  readonly texts = new Set<string>();
  readonly shapes = new Set<string>();
  cached = false;

  /** A whole file, or a job of it. */
  lookAt(node: SourceNode): void {
    if (node.kind === 'scalar') this.#text(node);
    if (node.kind !== 'map') return;
    for (const { key, value } of node.entries) {
      if (key === 'cache') this.cached = true;
      if (key === 'jobs' || key === 'onExit') for (const job of itemsOr(value)) this.lookAt(job);
      else if (key === 'command' || key === 'script') for (const text of itemsOr(value)) this.#text(text);
      else if (key === 'env') this.#environment(value);
      else if (key !== 'params') this.#shape(value);
    }
  }

  #environment(env: SourceNode): void {
    if (env.kind === 'map') for (const { value } of env.entries) this.#text(value);
    for (const item of itemsOf(env))
      for (const { key, value } of item.kind === 'map' ? item.entries : []) {
        if (key === 'value') this.#text(value);
        else this.#shape(value);
      }
  }

  #text(node: SourceNode): void {
    if (node.kind !== 'scalar' || node.text.length > LONGEST || isOfCopy(node)) this.#shape(node);
    else for (const name of paramsOf(node)) this.texts.add(name);
  }

  #shape(node: SourceNode): void {
    if (node.kind === 'scalar') for (const name of paramsOf(node)) this.shapes.add(name);
    else if (node.kind === 'list') for (const item of node.items) this.#shape(item);
    else for (const { value } of node.entries) this.#shape(value);
  }
}

/** Where copies differ they are told apart by the whole text. */
function isOfCopy({ parts = [] }: ScalarNode): boolean {
  return parts.some(part => part.kind === 'value' && part.param === undefined);
}

function itemsOr(node: SourceNode): readonly SourceNode[] {
  return node.kind === 'list' ? node.items : [node];
}

function paramsOf({ parts = [] }: ScalarNode): readonly string[] {
  return parts.flatMap(part => (part.kind === 'value' ? (part.param ?? []) : []));
}
