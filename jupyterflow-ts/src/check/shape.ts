import { validateWorkflowFile } from '@jupyterflow/schema';
import { entryOf, toValue, valueOf, type MapNode, type SourceNode, type Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { quote } from '../source/syntax.js';
import { didYouMean, nearest } from './nearest.js';
import { keysOf, ownerOf, SHAPE_OF_FILE, shapesBelow } from './schema-walk.js';

/** What a validator compiled by ajv says. */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A generated validator: it leaves what it found on itself, until the next call. */
type Validator = ((value: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };

/** A hostile file could have hundreds of thousands; nobody reads so many, and each is looked up in the file. */
const MAX_ERRORS = 3000;

/** What the schema of the format says, in words that fit the file. */
export function checkShape(root: MapNode): readonly Problem[] {
  const byPath = new Map<string, SchemaError[]>();
  for (const [index, found] of errorsOf(root).entries()) {
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

/**
 * Each job by itself, since a validator copies all that it found at each further error. What is no map among the jobs is
 * for a rule that knows more (job-shape).
 */
function errorsOf(root: MapNode): readonly SchemaError[] {
  const jobs = valueOf(root, 'jobs');
  if (jobs?.kind !== 'list') return run(toValue(root));
  const others = root.entries.filter(({ value }) => value !== jobs);
  const file = { ...root, entries: others };
  const errors = [...run({ ...(toValue(file) as object), jobs: ['a'] })];
  for (const [index, job] of jobs.items.entries()) {
    if (job.kind !== 'map') continue;
    for (const found of run({ jobs: [toValue(job)] })) {
      errors.push({ ...found, instancePath: found.instancePath.replace('/jobs/0', `/jobs/${index}`) });
    }
    if (errors.length > MAX_ERRORS) break;
  }
  return errors;
}

function run(value: unknown): readonly SchemaError[] {
  const validate = validateWorkflowFile as Validator;
  return validate(value) ? [] : (validate.errors ?? []);
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
  /** The node is an item of the list at the key. */
  readonly isItem: boolean;
  /** Name of the map: what its keys are keys of. */
  readonly owner: string;
  /** Keys that the map may have. */
  readonly known: readonly string[];
  readonly span: Span;
}

function locate(root: MapNode, path: string): Place {
  let node: SourceNode = root;
  let key: string | undefined;
  let isItem = false;
  let span: Span = { start: root.span.start, end: root.span.start + 1 };
  let shapes = SHAPE_OF_FILE;
  for (const segment of path.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    shapes = shapesBelow(shapes, name);
    isItem = node.kind === 'list';
    if (node.kind === 'list') {
      node = node.items[Number(name)] ?? node;
      span = node.span;
    } else {
      const entry = entryOf(node, name);
      if (entry === undefined) break;
      key = name;
      node = entry.value;
      span = node.kind === 'scalar' && node.value === null ? entry.keySpan : node.span;
    }
  }
  if (node.kind === 'map' && node !== root) span = node.entries[0]?.keySpan ?? span;
  const known = keysOf(shapes);
  return { node, key, isItem, owner: ownerOf(shapes) ?? `\`${key ?? ''}\``, known, span };
}

function describe(found: SchemaError, place: Place, group: readonly SchemaError[]): readonly Problem[] {
  const name = place.key === undefined ? 'the value' : `${place.isItem ? 'an item of ' : ''}\`${place.key}\``;
  const { params } = found;
  switch (found.keyword) {
    case 'additionalProperties':
      return [unknownKey(String(params['additionalProperty']), place)];
    case 'required':
      return missingKey(String(params['missingProperty']), place);
    case 'minProperties':
    case 'maxProperties':
      return oneOfKeys(found.keyword, place, group);
    case 'type':
      return [wrongType(name, place, group)];
    default:
      return [error('invalid-value', place.span, ...whatOfValue(found, place, name))];
  }
}

type Words = readonly [message: string, hint?: string | undefined];

/** What is wrong with a value of the right type, and what to write. */
function whatOfValue({ keyword, message, params }: SchemaError, { key = '', node }: Place, name: string): Words {
  const given = node.kind === 'scalar' ? node.text : '';
  switch (keyword) {
    case 'enum':
      return notAmong(given, (params['allowedValues'] as readonly unknown[]).map(String), key, name);
    case 'minimum':
    case 'maximum': {
      const limit = `at ${keyword === 'minimum' ? 'least' : 'most'} ${String(params['limit'])}`;
      return [`${name} must be ${limit}, not ${given}`, PATTERN_HINTS[key]];
    }
    case 'const':
      return [`${name} must be ${String(params['allowedValue'])}`];
    case 'pattern':
      return [`${name} is not written as it should be`, PATTERN_HINTS[key]];
    case 'minLength':
    case 'minItems':
      return [`${name} is empty`];
    default:
      return [`${name} ${message ?? 'is not allowed here'}`];
  }
}

function notAmong(given: string, allowed: readonly string[], key: string, name: string): Words {
  const meant = SYNONYMS[given.toLowerCase()];
  const close = meant !== undefined && allowed.includes(meant) ? meant : nearest(given, allowed);
  return [`${name} must be ${orList(allowed)}, not \`${given}\``, didYouMean(close) ?? ENUM_HINTS[key]];
}

const SECONDS = 'Seconds, or with a unit: 30s, 10m, 1h30m.';
const BYTES = 'Bytes, or with a unit: 500Mi, 2Gi.';
const PATTERN_HINTS: Readonly<Record<string, string>> = {
  copies: 'A whole number from 1 on. Without copies leave the key out.',
  cpu: 'Processors: 1, 0.5 or 500m.',
  memory: BYTES,
  disk: BYTES,
  'ephemeral-storage': BYTES,
  timeout: SECONDS,
  walltime: SECONDS,
  queueTimeout: SECONDS,
  deadline: SECONDS,
  backoff: SECONDS,
  max: SECONDS,
  startingDeadline: SECONDS
};

/** Words of other languages for the types of parameters. */
const SYNONYMS: Readonly<Record<string, string>> = {
  int: 'integer',
  bool: 'boolean',
  str: 'string',
  text: 'string',
  float: 'number',
  double: 'number'
};

const ENUM_HINTS: Readonly<Record<string, string>> = {
  cmd_mode: '`shell` is /bin/sh. Of another shell: `script:` with the text, and `interpreter: bash`.'
};

function unknownKey(key: string, { node, owner, known, span }: Place): Problem {
  const close = nearest(key, known);
  const message = `\`${key}\` is not a key of ${owner}`;
  const hint = close === undefined ? `Keys of ${owner}: ${known.join(', ')}.` : `Did you mean \`${close}\`?`;
  return error('unknown-key', entryOf(node, key)?.keySpan ?? span, message, hint);
}

/** Of these keys a map has one. */
function oneOfKeys(keyword: string, { owner, known, span }: Place, group: readonly SchemaError[]): readonly Problem[] {
  const keys = orList(known.map(key => `\`${key}\``));
  if (keyword === 'minProperties') return [error('missing-key', span, `${owner} needs one of the keys ${keys}`)];
  // One too many is the one that is unknown.
  if (group.some(other => other.keyword === 'additionalProperties')) return [];
  return [error('invalid-value', span, `${owner} has only one of the keys ${keys}`)];
}

function missingKey(key: string, { node, owner, known, span }: Place): readonly Problem[] {
  if (key !== 'jobs') return [error('missing-key', span, `${owner} needs the key \`${key}\``)];
  // A key that is spelled nearly so is told as an unknown one.
  const keys = node.kind === 'map' ? node.entries.map(entry => entry.key) : [];
  if (keys.some(other => !known.includes(other) && nearest(other, known) === 'jobs')) return [];
  return [
    error('missing-jobs', span, 'the key `jobs` is missing', 'Write the commands under it:\njobs:\n- echo hello')
  ];
}

function wrongType(name: string, { node, key, span }: Place, group: readonly SchemaError[]): Problem {
  const wanted = [
    ...new Set(
      group.filter(({ keyword }) => keyword === 'type').flatMap(({ params }) => params['type'] as string | string[])
    )
  ];
  const words = wanted.filter(type => type !== 'null').map(type => TYPE_WORDS[type] ?? type);
  const message = `${name} must be ${orList(words)}, not ${kindOf(node)}`;
  const quotable = node.kind === 'scalar' && node.value !== null && wanted.includes('string');
  const hint = key === 'jobs' ? hintOfJobs(node) : quotable ? `Quote it: ${quote(node.text)}` : undefined;
  return error(
    'wrong-type',
    span,
    message,
    hint ?? (words.join() === TYPE_WORDS['array'] ? hintOfList(key, node) : undefined)
  );
}

function hintOfJobs(node: SourceNode): string | undefined {
  if (node.kind === 'scalar') return `Write a list:\njobs:\n- ${isPlain(node.text) ? node.text : quote(node.text)}`;
  const [first] = node.kind === 'map' ? node.entries : [];
  if (first === undefined) return undefined;
  const command = first.value.kind === 'scalar' && isPlain(first.value.text) ? first.value.text : '...';
  return `Begin each job with a dash; the keys become names:\njobs:\n- name: ${first.key}\n  command: ${command}`;
}

/** One value where a list of them is wanted. */
function hintOfList(key: string | undefined, node: SourceNode): string | undefined {
  if (key === undefined || node.kind !== 'scalar' || node.value === null) return undefined;
  return `Write a list: [${/^[\w./-]+$/.test(node.text) ? node.text : quote(node.text)}]`;
}

/** Can it stand in YAML without quotes, on one line? */
function isPlain(text: string): boolean {
  return /^[\w/.][^\n]*$/.test(text) && !/: | #|:$/.test(text);
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
