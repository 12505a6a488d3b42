import type { PlanReference, PlanText } from '../plan/plan.js';
import { encoded, tag, type References } from './expression.js';
import type { Slot } from './fold.js';
import { literal, literalBefore, needsBrace } from './literal.js';

export interface Argument {
  readonly name: string;
  readonly value: string;
}

/**
 * The input parameters of one template, and what its task gives for them: all that a template's texts do not know before the
 * run, or that differs between copies.
 */
export class Inputs {
  readonly #references: References;
  readonly #byKey = new Map<string, Argument>();
  readonly #names = new Set<string>();
  readonly #items = new Map<string, string | undefined>();
  readonly #slots = new Map<Slot, string>();
  #brace = false;

  constructor(references: References) {
    this.#references = references;
  }

  get arguments(): readonly Argument[] {
    return [...this.#byKey.values()];
  }

  /** Names of the parameters that stand for what differs between copies. */
  get slots(): ReadonlyMap<Slot, string> {
    return this.#slots;
  }

  /** Of each argument that is an item of a `foreach`, or one key of it: the key, by the argument's name. */
  get items(): ReadonlyMap<string, string | undefined> {
    return this.#items;
  }

  /** Does a text refer to the variable that holds a brace? */
  get needsBrace(): boolean {
    return this.#brace;
  }

  /** A text of the plan as a field of a container. */
  render(text: PlanText): string {
    if (typeof text === 'string') {
      this.#brace ||= needsBrace(text);
      return literal(text);
    }
    return text
      .map((part, at) => {
        if (typeof part !== 'string') return this.#refer(part);
        this.#brace ||= part.includes('{');
        return at + 1 < text.length ? literalBefore(part) : literal(part);
      })
      .join('');
  }

  /** The tag of the parameter for a text that differs between copies. */
  slot(slot: Slot, brace: boolean): string {
    this.#brace ||= brace;
    return this.add(`slot ${slot}`, slot, name => {
      this.#slots.set(slot, name);
      return `{{item.${name}}}`;
    });
  }

  /** The tag of an input parameter. The same key is the same parameter; `valueOf` gives the argument for its name. */
  add(key: string, wish: string, valueOf: (name: string) => string): string {
    let argument = this.#byKey.get(key);
    if (argument === undefined) {
      const name = this.#free(wish);
      argument = { name, value: valueOf(name) };
      this.#byKey.set(key, argument);
      this.#names.add(argument.name);
    }
    return `{{inputs.parameters.${argument.name}}}`;
  }

  #refer(reference: PlanReference): string {
    // One of a few words, which only the exit handler knows.
    if (reference.kind === 'run-status') return '{{workflow.status}}';
    const key = JSON.stringify(reference);
    this.#brace ||= reference.kind !== 'status';
    if (reference.kind === 'item') {
      const wish = reference.key === undefined ? 'item' : `item-${reference.key}`;
      return this.add(key, wish, name => {
        this.#items.set(name, reference.key);
        return `{{item.${name}}}`;
      });
    }
    const value = this.#references.valueOf(reference);
    // Known to every template.
    if (reference.kind === 'param') return tag(encoded(value));
    if (reference.kind === 'status') return this.add(key, `${reference.job}-status`, () => tag(value));
    return this.add(key, `${reference.job}-${reference.output}`, () => tag(encoded(value)));
  }

  #free(wish: string): string {
    const name = parameterName(wish);
    let free = name;
    for (let count = 2; this.#names.has(free); count++) free = `${name}-${count}`;
    return free;
  }
}

/** Argo takes letters, digits, - and _ in names of parameters. */
function parameterName(wish: string): string {
  return wish.replace(/[^-a-zA-Z0-9_]/g, '-');
}
