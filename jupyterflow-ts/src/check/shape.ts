import { validateWorkflowFile } from '@jupyterflow/schema';
import { entryOf, toValue, valueOf, type MapNode, type SourceNode, type Span } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { quote } from '../source/read.js';
import { nearest } from './nearest.js';
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
  /** Name of the map: what its keys are keys of. */
  readonly owner: string;
  /** Keys that the map may have. */
  readonly known: readonly string[];
  readonly span: Span;
}

function locate(root: MapNode, path: string): Place {
  let node: SourceNode = root;
  let key: string | undefined;
  let span: Span = { start: root.span.start, end: root.span.start + 1 };
  let shapes = SHAPE_OF_FILE;
  for (const segment of path.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    shapes = shapesBelow(shapes, name);
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
  return { node, key, owner: ownerOf(shapes) ?? `\`${key ?? ''}\``, known, span };
}

function describe(found: SchemaError, place: Place, group: readonly SchemaError[]): readonly Problem[] {
  const name = place.key === undefined ? 'the value' : `\`${place.key}\``;
  const { params } = found;
  switch (found.keyword) {
    case 'additionalProperties':
      return [unknownKey(String(params['additionalProperty']), place)];
    case 'required':
      return [missingKey(String(params['missingProperty']), place)];
    case 'minProperties':
    case 'maxProperties':
      return oneOfKeys(found.keyword, place, group);
    case 'type':
      return [wrongType(name, place, group)];
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const given = place.node.kind === 'scalar' ? place.node.text : '';
      const close = nearest(given, allowed);
      const hint = close === undefined ? undefined : `Did you mean \`${close}\`?`;
      return [error('invalid-value', place.span, `${name} must be ${orList(allowed)}, not \`${given}\``, hint)];
    }
    default:
      return [badValue(found, name, place)];
  }
}

function badValue(
  { keyword, params, message = 'is not allowed here' }: SchemaError,
  name: string,
  place: Place
): Problem {
  switch (keyword) {
    case 'const':
      return error('invalid-value', place.span, `${name} must be ${String(params['allowedValue'])}`);
    case 'pattern':
      return error(
        'invalid-value',
        place.span,
        `${name} is not written as it should be`,
        PATTERN_HINTS[place.key ?? '']
      );
    case 'minLength':
    case 'minItems':
      return error('invalid-value', place.span, `${name} is empty`);
    default:
      return error('invalid-value', place.span, `${name} ${message}`);
  }
}

const SECONDS = 'Seconds, or with a unit: 30s, 10m, 1h30m.';
const BYTES = 'Bytes, or with a unit: 500Mi, 2Gi.';
const PATTERN_HINTS: Readonly<Record<string, string>> = {
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
