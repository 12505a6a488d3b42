import { EXIT, Failure } from './failure.js';

/**
 * The common part of kubectl's JSONPath (https://kubernetes.io/docs/reference/kubectl/jsonpath/): fields, indexes and slices,
 * wildcards, unions, filters, recursive descent, `{range}` and quoted texts. Braces may be left out around one path.
 */
export function renderJsonPath(value: unknown, template: string): string {
  const text = template.trim();
  const nodes = parse(text.includes('{') ? text : `{${text}}`, template);
  return render(nodes, value, value);
}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'range'; readonly path: Path; readonly body: readonly Node[] };

interface Path {
  readonly fromRoot: boolean;
  readonly steps: readonly Step[];
}

/** All that a step leads to from one value. */
type Step = (value: unknown, root: unknown) => readonly unknown[];

function render(nodes: readonly Node[], value: unknown, root: unknown): string {
  return nodes
    .map(node => {
      if (node.kind === 'text') return node.text;
      const found = select(node.path, value, root);
      return node.kind === 'path'
        ? found.map(asText).join(' ')
        : found.map(one => render(node.body, one, root)).join('');
    })
    .join('');
}

function select({ fromRoot, steps }: Path, value: unknown, root: unknown): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (found, step) => found.flatMap(one => step(one, root)),
    [fromRoot ? root : value]
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Texts and `{...}` in turn; the blocks of ranges are put into them. */
function parse(text: string, shown: string): readonly Node[] {
  const top: Node[] = [];
  const open: { readonly path: Path; readonly body: Node[]; readonly outer: Node[] }[] = [];
  let nodes = top;
  const pattern = /([^{]+)|\{((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^{}"'])*)\}/gy;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    end += match[0].length;
    const [, outside, inside = ''] = match;
    const block = inside.trim();
    if (outside !== undefined) nodes.push({ kind: 'text', text: outside });
    else if (block === 'end') {
      const range = open.pop();
      if (range === undefined) throw unreadable(shown, '{end} without {range}');
      range.outer.push({ kind: 'range', path: range.path, body: range.body });
      nodes = range.outer;
    } else if (/^range\s/.test(block)) {
      const body: Node[] = [];
      open.push({ path: parsePath(block.slice('range'.length), shown), body, outer: nodes });
      nodes = body;
    } else if (/^["']/.test(block)) nodes.push({ kind: 'text', text: unquote(block, shown) });
    else nodes.push({ kind: 'path', path: parsePath(block, shown) });
  }
  if (end !== text.length) throw unreadable(shown, `at ${text.slice(end, end + 20)}`);
  if (open.length > 0) throw unreadable(shown, '{range} without {end}');
  return top;
}

const QUOTED = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
const STEP = new RegExp(
  [
    String.raw`(?<deep>\.\.)(?:(?<deepKey>(?:[A-Za-z_]|\\.)(?:[-\w/]|\\.)*)|(?<deepAll>\*))?`,
    String.raw`\.?\[\?\((?<filter>(?:${QUOTED}|[^'"()])*)\)\]`,
    String.raw`\.?\[(?<inside>(?:${QUOTED}|[^\]'"?])+)\]`,
    String.raw`\.(?<all>\*)`,
    String.raw`\.?(?<key>(?:[A-Za-z_]|\\.)(?:[-\w/]|\\.)*)`
  ].join('|'),
  'gy'
);

function parsePath(text: string, shown: string): Path {
  const trimmed = text.trim();
  const fromRoot = trimmed.startsWith('$');
  const path = trimmed.replace(/^[$@]/, '');
  if (path === '' || path === '.') return { fromRoot, steps: [] };
  const steps: Step[] = [];
  let end = 0;
  for (const match of path.matchAll(STEP)) {
    end += match[0].length;
    steps.push(stepOf(match.groups ?? {}, shown));
  }
  if (end !== path.length) throw unreadable(shown, `at ${path.slice(end, end + 20)}`);
  return { fromRoot, steps };
}

function stepOf(groups: Readonly<Record<string, string | undefined>>, shown: string): Step {
  const { deep, deepKey, filter, inside, all, key } = groups;
  if (deep !== undefined) {
    if (deepKey === undefined) return descendants;
    const name = unescape(deepKey);
    return value => descendants(value).flatMap(one => fieldOf(one, name));
  }
  if (filter !== undefined) return filterOf(filter, shown);
  if (all !== undefined) return childrenOf;
  if (key !== undefined) {
    const name = unescape(key);
    return value => fieldOf(value, name);
  }
  const picks = split(inside ?? '').map(part => pickOf(part, shown));
  return value => picks.flatMap(pick => pick(value));
}

/** What stands between brackets and commas: `*`, an index, a slice, or a quoted name. */
function pickOf(text: string, shown: string): (value: unknown) => readonly unknown[] {
  if (text === '*') return childrenOf;
  if (/^["']/.test(text)) {
    const name = unquote(text, shown);
    return value => fieldOf(value, name);
  }
  const slice = /^(-?\d+)?:(-?\d+)?(?::(\d+))?$/.exec(text);
  if (slice !== null) {
    const [, from, to, step = '1'] = slice;
    const every = Math.max(1, Number(step));
    return value =>
      itemsOf(value)
        .slice(Number(from ?? 0), to === undefined ? undefined : Number(to))
        .filter((_, index) => index % every === 0);
  }
  if (!/^-?\d+$/.test(text)) throw unreadable(shown, `at [${text}]`);
  return value => {
    const items = itemsOf(value);
    const index = Number(text) < 0 ? items.length + Number(text) : Number(text);
    return index in items ? [items[index]] : [];
  };
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

type Comparison = (order: number | undefined, equal: boolean) => boolean;

const COMPARE: Readonly<Record<string, Comparison>> = {
  '==': (_, equal) => equal,
  '!=': (_, equal) => !equal,
  '<': order => order !== undefined && order < 0,
  '<=': order => order !== undefined && order <= 0,
  '>': order => order !== undefined && order > 0,
  '>=': order => order !== undefined && order >= 0
};

/** Negative, 0 or positive; undefined of values that have no order. */
function orderOf(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return typeof a === 'string' && typeof b === 'string' ? Number(a > b) - Number(a < b) : undefined;
}

/** `@.phase=="Failed"`, or a path alone that must lead somewhere. */
function filterOf(text: string, shown: string): Step {
  const [, left = '', sign, right = ''] =
    new RegExp(String.raw`^((?:${QUOTED}|[^'"=!<>])*)(?:(==|!=|<=|>=|<|>)(.*))?$`, 's').exec(text) ?? [];
  const leftOf = operandOf(left, shown);
  const test = sign === undefined ? undefined : COMPARE[sign];
  const rightOf = sign === undefined ? undefined : operandOf(right, shown);
  return (value, root) =>
    childrenOf(value).filter(child => {
      const found = leftOf(child, root);
      if (test === undefined || rightOf === undefined) return found.length > 0;
      const others = rightOf(child, root);
      if (found.length === 0 || others.length === 0) return false;
      return test(orderOf(found[0], others[0]), found[0] === others[0]);
    });
}

function operandOf(text: string, shown: string): Step {
  const operand = text.trim();
  if (/^["']/.test(operand)) {
    const literal = unquote(operand, shown);
    return () => [literal];
  }
  if (/^-?\d+(\.\d+)?$/.test(operand)) return () => [Number(operand)];
  if (operand === 'true' || operand === 'false') return () => [operand === 'true'];
  if (!/^[$@]/.test(operand)) throw unreadable(shown, `at ${operand || 'an empty filter'}`);
  const path = parsePath(operand, shown);
  return (value, root) => select(path, value, root);
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function descendants(value: unknown): readonly unknown[] {
  return [value, ...childrenOf(value).flatMap(descendants)];
}

function fieldOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return [];
  return [(value as Readonly<Record<string, unknown>>)[name]];
}

/** Parts between commas that stand in no quotes. */
function split(text: string): readonly string[] {
  return [...text.matchAll(new RegExp(`(?:${QUOTED}|[^,'"])+`, 'g'))].map(([part]) => part.trim());
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (_, char: string) => ESCAPES[char] ?? char);
}

function unquote(text: string, shown: string): string {
  const quote = text.charAt(0);
  if (text.length < 2 || !text.endsWith(quote)) throw unreadable(shown, `at ${text}`);
  return unescape(text.slice(1, -1));
}

function unreadable(shown: string, where: string): Failure {
  return new Failure(EXIT.usage, `can't read the jsonpath ${shown}: ${where}`, {
    code: 'USAGE',
    hint: `Write it like {.jobs[*].name} or {range .jobs[?(@.phase=="Failed")]}{.name}{"\\n"}{end}`
  });
}
