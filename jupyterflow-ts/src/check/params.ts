import type { Params, ParamValue } from '../expression/fill.js';
import { itemsOf, valueOf, type MapEntry, type MapNode, type ScalarNode, type Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { didYouMean, nearest } from './nearest.js';

/** The parameters of a file, and what is wrong with them and with the values given. */
export interface ReadParams {
  readonly params: Params;
  /** Names that the file declares, also of those that have no value. */
  readonly declared: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

type Type = 'string' | 'number' | 'integer' | 'boolean';

interface Declaration {
  readonly name: string;
  readonly span: Span;
  readonly type: Type;
  readonly fallback?: ScalarNode;
  readonly required?: boolean;
  readonly allowed: readonly ScalarNode[];
}

const NAME = /^[A-Za-z_][-\w]*$/;
const FORMS: Readonly<Record<Type, RegExp>> = {
  string: /^/,
  number: /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/,
  integer: /^[-+]?\d+$/,
  boolean: /^(true|false)$/
};
const WORDS: Readonly<Record<Type, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false'
};

/** The defaults of the file, and over them the values given; each is checked against what is declared of it. */
export function readParams(root: MapNode, given: Readonly<Record<string, string>>): ReadParams {
  const node = valueOf(root, 'params');
  // A list is no declaration at all, and told by the schema.
  const entries = node?.kind === 'map' ? node.entries.filter(({ value }) => value.kind !== 'list') : [];
  const declarations = entries.map(declarationOf);
  const declared = new Set(declarations.map(({ name }) => name));
  const values = new Map(Object.entries(given));
  const params = new Map<string, ParamValue>();
  const problems: Problem[] = [];
  for (const declaration of declarations) {
    const { value, problem } = valueOfParam(declaration, values.get(declaration.name));
    if (value !== undefined) params.set(declaration.name, value);
    if (problem !== undefined) problems.push(problem);
  }
  const span = node?.span ?? { start: root.span.start, end: root.span.start + 1 };
  for (const name of values.keys()) if (!declared.has(name)) problems.push(undeclared(name, span, declared));
  return { params, declared, problems };
}

function declarationOf({ key: name, keySpan: span, value }: MapEntry): Declaration {
  if (value.kind === 'scalar') {
    // The short form: any text may be given, whatever the default looks like.
    return { name, span, type: 'string', fallback: value, allowed: [] };
  }
  const type = valueOf(value, 'type');
  const fallback = valueOf(value, 'default');
  const required = valueOf(value, 'required');
  const known = type?.kind === 'scalar' && Object.hasOwn(FORMS, type.text) ? (type.text as Type) : 'string';
  return {
    name,
    span,
    type: known,
    ...(fallback?.kind === 'scalar' ? { fallback } : {}),
    ...(required?.kind === 'scalar' && typeof required.value === 'boolean' ? { required: required.value } : {}),
    allowed: itemsOf(valueOf(value, 'enum')).flatMap(item => (item.kind === 'scalar' ? [item] : []))
  };
}

function valueOfParam(
  { name, span, type, fallback, required, allowed }: Declaration,
  given: string | undefined
): { readonly value?: ParamValue; readonly problem?: Problem } {
  if (!NAME.test(name)) {
    const hint = 'Use letters, digits, - and _, with no digit first.';
    return { problem: error('param-name-invalid', span, `\`${name}\` can't be the name of a parameter`, hint) };
  }
  const text = given ?? fallback?.text;
  if (text === undefined) {
    if (required === false) return { value: { text: '', value: '' } };
    const hint = `Give one: -p ${name}=VALUE, or declare a \`default\`.`;
    return { problem: error('param-missing', span, `the parameter \`${name}\` has no value`, hint) };
  }
  const place = given === undefined && fallback !== undefined ? fallback.span : span;
  if (!FORMS[type].test(text)) {
    const message = `\`${name}\` must be ${WORDS[type]}, not \`${text}\``;
    return { problem: error('param-type', place, message) };
  }
  if (allowed.length > 0 && !allowed.some(node => node.text === text)) {
    const texts = allowed.map(node => node.text);
    const message = `\`${name}\` must be one of ${texts.join(', ')}, not \`${text}\``;
    return { problem: error('param-not-allowed', place, message, didYouMean(nearest(text, texts))) };
  }
  return { value: { text, value: typed(text, type, given === undefined ? fallback : undefined) } };
}

function typed(text: string, type: Type, fallback: ScalarNode | undefined): string | number | boolean {
  if (type === 'boolean') return text === 'true';
  if (type === 'number' || type === 'integer') return Number(text);
  return fallback?.value ?? text;
}

function undeclared(name: string, span: Span, declared: ReadonlySet<string>): Problem {
  const message = `a value was given for \`${name}\`, which is no parameter of this file`;
  const hint = didYouMean(nearest(name, [...declared])) ?? 'Declare it under `params:`.';
  return error('param-undeclared', span, message, hint);
}
