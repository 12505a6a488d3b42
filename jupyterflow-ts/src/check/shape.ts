import { validateWorkflowFile, workflowSchema } from '@jupyterflow/schema';
import { entryOf, toValue, type MapNode, type SourceNode, type Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { quote } from '../source/read.js';
import { nearest } from './nearest.js';

/** What a validator compiled by ajv says. */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The generated validator: it leaves what it found on itself, until the next call. */
const validate = validateWorkflowFile as ((value: unknown) => boolean) & {
  readonly errors?: readonly SchemaError[] | null;
};

/** A hostile file could have hundreds of thousands; nobody reads so many, and each is looked up in the file. */
const MAX_ERRORS = 3000;

/** What the schema of the format says, in words that fit the file. */
export function checkShape(root: MapNode): readonly Problem[] {
  if (validate(toValue(root))) return [];
  const byPath = new Map<string, SchemaError[]>();
  for (const [index, found] of (validate.errors ?? []).entries()) {
    const group = byPath.get(found.instancePath);
    // Without the anyOf at its end a group that was begun could not be understood.
    if (index >= MAX_ERRORS && (group === undefined || found.keyword !== 'anyOf')) continue;
    if (group === undefined) byPath.set(found.instancePath, [found]);
    else group.push(found);
  }
  const above = new Set([...byPath.keys()].flatMap(pathsAbove));
  return [...byPath].flatMap(([path, group]) => {
    const place = locate(root, path);
    return withoutOtherBranches(group, above.has(path)).flatMap(found => describe(found, place, group));
  });
}

/** `/jobs` and the empty path for `/jobs/3`. */
function pathsAbove(path: string): readonly string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, depth) => segments.slice(0, depth + 1).join('/'));
}

/**
 * Of the branches of an `anyOf` the one is meant that fits by its type: then the complaints of the others about the
 * type are noise.
 */
function withoutOtherBranches(group: readonly SchemaError[], below: boolean): readonly SchemaError[] {
  if (!group.some(({ keyword }) => keyword === 'anyOf')) return group;
  const ofType = group.filter(({ keyword }) => keyword === 'type');
  const others = group.filter(({ keyword }) => keyword !== 'type' && keyword !== 'anyOf');
  if (others.length > 0) return others;
  return below ? [] : ofType.slice(0, 1);
}

interface Place {
  readonly node: SourceNode;
  /** Last key on the way to the node. */
  readonly key: string | undefined;
  /** Name of the map: what its keys are keys of. */
  readonly owner: string;
  readonly span: Span;
}

function locate(root: MapNode, path: string): Place {
  let node: SourceNode = root;
  let key: string | undefined;
  let span: Span = { start: root.span.start, end: root.span.start + 1 };
  let owner = 'a workflow';
  for (const segment of path.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (node.kind === 'list') {
      owner = OWNERS[key ?? ''] ?? owner;
      node = node.items[Number(name)] ?? node;
      span = node.span;
    } else {
      const entry = entryOf(node, name);
      if (entry === undefined) break;
      key = name;
      owner = OWNERS[key] ?? owner;
      node = entry.value;
      span = node.kind === 'scalar' && node.value === null ? entry.keySpan : node.span;
    }
  }
  if (node.kind === 'map' && node !== root) span = node.entries[0]?.keySpan ?? span;
  return { node, key, owner, span };
}

const OWNERS: Readonly<Record<string, string>> = {
  jobs: 'a job',
  volumes: 'a volume',
  resources: '`resources`',
  env: 'a variable'
};

function describe(found: SchemaError, place: Place, group: readonly SchemaError[]): readonly Problem[] {
  const name = place.key === undefined ? 'the value' : `\`${place.key}\``;
  const { params } = found;
  switch (found.keyword) {
    case 'additionalProperties':
      return [unknownKey(String(params['additionalProperty']), place)];
    case 'required':
      return [missingKey(String(params['missingProperty']), place)];
    case 'type':
      return [wrongType(name, place, group)];
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const given = place.node.kind === 'scalar' ? place.node.text : '';
      const close = nearest(given, allowed);
      const hint = close === undefined ? undefined : `Did you mean \`${close}\`?`;
      return [error('invalid-value', place.span, `${name} must be ${orList(allowed)}, not \`${given}\``, hint)];
    }
    case 'const':
      return [error('invalid-value', place.span, `${name} must be ${String(params['allowedValue'])}`)];
    case 'pattern':
      return [
        error('invalid-value', place.span, `${name} is not written as it should be`, PATTERN_HINTS[place.key ?? ''])
      ];
    case 'minLength':
    case 'minItems':
      return [error('invalid-value', place.span, `${name} is empty`)];
    default:
      return [error('invalid-value', place.span, `${name} ${found.message ?? 'is not allowed here'}`)];
  }
}

const PATTERN_HINTS: Readonly<Record<string, string>> = {
  cpu: 'Processors: 1, 0.5 or 500m.',
  memory: 'Bytes, or with a unit: 500Mi, 2Gi.',
  timeout: 'Seconds, or with a unit: 30s, 10m, 1h30m.',
  deadline: 'Seconds, or with a unit: 30s, 10m, 1h30m.'
};

function unknownKey(key: string, { node, owner, span }: Place): Problem {
  const known = knownKeys(owner);
  const close = nearest(key, known);
  const message = `\`${key}\` is not a key of ${owner}`;
  const hint = close === undefined ? `Keys of ${owner}: ${known.join(', ')}.` : `Did you mean \`${close}\`?`;
  return error('unknown-key', entryOf(node, key)?.keySpan ?? span, message, hint);
}

function knownKeys(owner: string): readonly string[] {
  const { definitions } = workflowSchema;
  const schemas: Readonly<Record<string, unknown>> = {
    'a workflow': workflowSchema,
    'a job': definitions['Job'],
    'a volume': definitions['Volume'],
    '`resources`': definitions['Resources']
  };
  const schema = schemas[owner] as { readonly properties?: object } | undefined;
  return schema?.properties === undefined
    ? ['name', 'value']
    : Object.keys(schema.properties).filter(key => key !== '$schema');
}

function missingKey(key: string, { node, owner, span }: Place): Problem {
  if (key !== 'jobs') return error('missing-key', span, `${owner} needs the key \`${key}\``);
  const close = nearest('jobs', node.kind === 'map' ? node.entries.map(entry => entry.key) : []);
  const hint =
    close === undefined ? 'Write the commands under it:\njobs:\n- echo hello' : `Rename \`${close}\` to \`jobs\`.`;
  return error('missing-jobs', span, 'the key `jobs` is missing', hint);
}

function wrongType(name: string, { node, span }: Place, group: readonly SchemaError[]): Problem {
  const wanted = [
    ...new Set(
      group.filter(({ keyword }) => keyword === 'type').flatMap(({ params }) => params['type'] as string | string[])
    )
  ];
  const words = wanted.filter(type => type !== 'null').map(type => TYPE_WORDS[type] ?? type);
  const message = `${name} must be ${orList(words)}, not ${kindOf(node)}`;
  const quotable = node.kind === 'scalar' && node.value !== null && wanted.includes('string');
  return error('wrong-type', span, message, quotable ? `Quote it: ${quote(node.text)}` : undefined);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a map',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false'
};

function kindOf(node: SourceNode): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a map';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'string') return 'a text';
  return typeof node.value === 'number' ? `the number ${node.text}` : `the boolean ${node.text}`;
}

function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
