/**
 * Evaluates expressions of expr-lang (expr-lang.org/docs/language-definition) as far as manifests of this program use them,
 * with the functions that Argo adds. A name that is not known throws {@link UnknownName}.
 */
export function evaluate(source: string, scope: Readonly<Record<string, unknown>>): unknown {
  const parser = new Parser(tokensOf(source));
  return parser.parse()({ scope, current: undefined });
}

export class UnknownName extends Error {}

interface Context {
  readonly scope: Readonly<Record<string, unknown>>;
  /** `#`: the element that a predicate is about. */
  readonly current: unknown;
}

type Evaluator = (context: Context) => unknown;

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'sign' | 'end';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\.\d)|\d+(?=\.\.))|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(\|\||&&|==|!=|<=|>=|\.\.|[-+*/%<>!(){}[\],.:#]))/y;

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length && source.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new SyntaxError(`unexpected ${source.slice(at, at + 20)} in ${source}`);
    const [, number, single, double, name, sign] = match;
    const quoted = single ?? double;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'string', text: unescape(quoted) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return [...tokens, { kind: 'end', text: '' }];
}

function unescape(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, char: string) =>
    code === undefined ? (named[char] ?? char) : String.fromCharCode(parseInt(code, 16))
  );
}

/** Operators by how tightly they bind. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'or'],
  ['&&', 'and'],
  ['==', '!=', '<', '<=', '>', '>=', 'in', 'matches'],
  ['..'],
  ['+', '-'],
  ['*', '/', '%']
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Evaluator {
    const expression = this.#binary(0);
    if (this.#token.kind !== 'end') throw new SyntaxError(`unexpected ${this.#token.text}`);
    return expression;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #is(...texts: readonly string[]): boolean {
    return (this.#token.kind === 'sign' || this.#token.kind === 'name') && texts.includes(this.#token.text);
  }

  #take(text: string): void {
    if (!this.#is(text)) throw new SyntaxError(`expected ${text} and found ${this.#token.text}`);
    this.#at += 1;
  }

  #binary(level: number): Evaluator {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    while (this.#is(...operators)) {
      const operator = this.#token.text;
      this.#at += 1;
      left = apply(operator, left, this.#binary(level + 1));
    }
    return left;
  }

  #unary(): Evaluator {
    if (this.#is('!', 'not', '-')) {
      const operator = this.#token.text;
      this.#at += 1;
      const operand = this.#unary();
      return context => (operator === '-' ? -Number(operand(context)) : operand(context) !== true);
    }
    return this.#path();
  }

  #path(): Evaluator {
    let value = this.#primary();
    for (;;) {
      if (this.#is('.')) {
        this.#at += 1;
        const { text } = this.#token;
        this.#at += 1;
        value = member(value, () => text);
      } else if (this.#is('[')) {
        this.#at += 1;
        const key = this.#binary(0);
        this.#take(']');
        value = member(value, key);
      } else return value;
    }
  }

  #primary(): Evaluator {
    const { kind, text } = this.#token;
    this.#at += 1;
    if (kind === 'number') return () => Number(text);
    if (kind === 'string') return () => text;
    if (kind === 'name') return this.#is('(') ? this.#call(text) : named(text);
    if (text === '#') return ({ current }) => current;
    if (text === '(') return this.#until(')');
    if (text === '[') return this.#list(']');
    if (text === '{') return this.#map();
    throw new SyntaxError(`unexpected ${text}`);
  }

  #until(end: string): Evaluator {
    const inner = this.#binary(0);
    this.#take(end);
    return inner;
  }

  #list(end: string): Evaluator & { readonly items: readonly Evaluator[] } {
    const items: Evaluator[] = [];
    while (!this.#is(end)) {
      items.push(this.#binary(0));
      if (!this.#is(end)) this.#take(',');
    }
    this.#take(end);
    return Object.assign((context: Context) => items.map(item => item(context)), { items });
  }

  #map(): Evaluator {
    const fields: (readonly [Evaluator, Evaluator])[] = [];
    while (!this.#is('}')) {
      const key = this.#unary();
      this.#take(':');
      fields.push([key, this.#binary(0)]);
      if (!this.#is('}')) this.#take(',');
    }
    this.#take('}');
    return context => Object.fromEntries(fields.map(([key, value]) => [String(key(context)), value(context)]));
  }

  #call(name: string): Evaluator {
    this.#take('(');
    if (name === 'filter' || name === 'map') {
      const list = this.#binary(0);
      this.#take(',');
      this.#take('{');
      const predicate = this.#until('}');
      this.#take(')');
      return context => {
        const elements = list(context) as readonly unknown[];
        const of = (current: unknown): unknown => predicate({ ...context, current });
        return name === 'map' ? elements.map(of) : elements.filter(element => of(element) === true);
      };
    }
    const { items } = this.#list(')');
    const make = FUNCTIONS[name];
    if (make === undefined) throw new SyntaxError(`there is no function ${name}`);
    return context => make(...items.map(item => item(context)));
  }
}

function named(name: string): Evaluator {
  if (name === 'true' || name === 'false') return () => name === 'true';
  if (name === 'nil') return () => undefined;
  return ({ scope }) => {
    if (!Object.hasOwn(scope, name)) throw new UnknownName(name);
    return scope[name];
  };
}

function member(value: Evaluator, key: Evaluator): Evaluator {
  return context => {
    const found = get(value(context), key(context));
    // Argo takes a path that leads nowhere for one that is known later.
    if (found === undefined) throw new UnknownName(String(key(context)));
    return found;
  };
}

function get(value: unknown, key: unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, String(key)) ? (value as Readonly<Record<string, unknown>>)[String(key)] : undefined;
}

function apply(operator: string, left: Evaluator, right: Evaluator): Evaluator {
  if (operator === '||' || operator === 'or') return context => left(context) === true || right(context) === true;
  if (operator === '&&' || operator === 'and') return context => left(context) === true && right(context) === true;
  const make = OPERATORS[operator];
  if (make === undefined) throw new SyntaxError(`there is no operator ${operator}`);
  return context => make(left(context), right(context));
}

const OPERATORS: Readonly<Record<string, (left: unknown, right: unknown) => unknown>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => (a as number) < (b as number),
  '<=': (a, b) => (a as number) <= (b as number),
  '>': (a, b) => (a as number) > (b as number),
  '>=': (a, b) => (a as number) >= (b as number),
  in: (a, b) => (Array.isArray(b) ? b.includes(a) : get(b, a) !== undefined),
  matches: (a, b) => new RegExp(String(b)).test(String(a)),
  '..': (a, b) => Array.from({ length: Math.max(0, Number(b) - Number(a) + 1) }, (_, n) => Number(a) + n),
  '+': (a, b) => (typeof a === 'number' ? a + Number(b) : String(a) + String(b)),
  '-': (a, b) => Number(a) - Number(b),
  '*': (a, b) => Number(a) * Number(b),
  '/': (a, b) => Number(a) / Number(b),
  '%': (a, b) => Number(a) % Number(b)
};

const FUNCTIONS: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  get,
  first: list => (list as readonly unknown[])[0],
  len: value => (value as string | readonly unknown[]).length,
  type: typeOf,
  int: value => Math.trunc(Number(value)),
  float: Number,
  asInt: value => Math.trunc(Number(value)),
  asFloat: Number,
  string: textOf,
  replace: (text, from, to) => String(text).replaceAll(String(from), () => String(to)),
  toJson: value => JSON.stringify(value),
  toJSON: value => JSON.stringify(value),
  fromJSON: text => JSON.parse(String(text)) as unknown
};

function typeOf(value: unknown): string {
  if (value === undefined || value === null) return 'nil';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

/** A value as Go prints it into a text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
