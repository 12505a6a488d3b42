import { workflowSchema } from '@jupyterflow/schema';
import fc from 'fast-check';
import { stringify } from 'yaml';

/** The parts of JSON Schema that the schema of the file is written in. */
interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
}

const DEFINITIONS = workflowSchema.definitions as Readonly<Record<string, Schema>>;

const NAMES = ['a', 'b', 'train', 'job-1', 'a-0', 'report'];
const KEYS = ['a', 'A', 'LEVEL', 'score', 'x-y', 'example.org/a'];
const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', '', '\0', 'a b', '<<', '1'];
const EXPRESSIONS = [
  '${{ params.a }}',
  '${{ params.score }}',
  '${{ item }}',
  '${{ item.a }}',
  '${{ index }}',
  '${{ jobs.a.outputs.score }}',
  '${{ jobs.train.outputs.a }}',
  '${{ jobs.a.status }}',
  '${{ workflow.status }}',
  '${{ secrets.a.b }}',
  '${{ 1 + 1 }}',
  '${{ params.a'
];
const TEXTS = [
  'echo a',
  "echo 'a b' | wc",
  'echo {{workflow.name}} $(HOME) $$',
  "'",
  ' ',
  'a\nb',
  'é\u{1F600}\0',
  '10m',
  '1h30m',
  '500Mi',
  'true',
  '010',
  'x'.repeat(300)
];

/** What stands at a key, where any text would hardly ever be right. */
const AT_KEY: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  dags: mostly(
    fc.subarray(['1 >> 2', '[1] >> [2]', '2 >> 3', '1 >> 3'], { maxLength: 2 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES, '1', '9'), fc.constantFrom(...NAMES, '2')), { maxLength: 4 })
      .map(edges => edges.map(edge => edge.join(' >> ')))
  ),
  needs: mostly(fc.constantFrom(1, '1', [], [1, 2]), fc.constantFrom(...NAMES, 3, 9)),
  when: mostly(
    fc.constantFrom(true, "a == 'b c'", '!(1 < 2) && (true || 3 != 4)', '${{ params.a }} > 0'),
    fc
      .array(
        fc.constantFrom(...EXPRESSIONS, '==', '<', '&&', '||', '!', '(', ')', "'a'", 'Succeeded', '0.9', 'true', '"'),
        {
          maxLength: 7
        }
      )
      .map(words => words.join(' '))
  ),
  foreach: mostly(
    fc.array(fc.oneof(fc.integer(), fc.constantFrom(...TEXTS), fc.dictionary(fc.constantFrom(...KEYS), fc.nat())), {
      minLength: 1,
      maxLength: 4
    }),
    fc.constantFrom('${{ jobs.a.outputs.score }}', '${{ params.a }}', 'a, b', [])
  ),
  copies: mostly(fc.constantFrom(1, 2, 3), fc.constantFrom(0, 100, 20_000, 1e9)),
  path: mostly(
    fc.constantFrom('/home/jovyan/a', '/home/jovyan/b'),
    fc.constantFrom('/data/${{ index }}', '/', '../a', 'a')
  ),
  id: mostly(fc.constantFrom('uis/lorem', 'ds_abcdefgh', 'ls_abcdefgh'), fc.constantFrom('${{ item }}', '../a')),
  subPath: mostly(fc.constant('a/b'), fc.constant('../a')),
  notebook: mostly(fc.constantFrom('a.ipynb', 'a b.ipynb'), fc.constant('a.py')),
  workdir: mostly(fc.constantFrom('a', '/work'), fc.constantFrom('../a', '~/a')),
  timezone: mostly(fc.constantFrom('Europe/Oslo', 'UTC'), fc.constant('Oslo')),
  schedule: mostly(fc.constantFrom('0 6 * * 1', '@daily', ['0 0 1 1 0', '*/5 1-3 * jan mon']), fc.constant('* * *')),
  cron: mostly(fc.constantFrom('0 6 * * 1', ['@daily']), fc.constant('61 * * * *')),
  outputs: mostly(
    fc.dictionary(fc.constantFrom('a', 'score', 'x-y'), fc.constantFrom('a.txt', '/tmp/a'), { maxKeys: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom('a.txt', '../a'))
  ),
  key: fc.constantFrom(['a.txt', 'data/*.csv'], ['params'], []),
  parameters: fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  image: mostly(fc.constant('debian:12'), fc.constantFrom('x:${{ params.a }}', 'x:${{ item }}', '{{x}}')),
  labels: mostly(
    fc.constantFrom({}, { team: 'a' }),
    fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...TEXTS))
  ),
  env: mostly(
    fc.dictionary(
      fc.constantFrom('A', 'LEVEL', 'b_c'),
      fc.oneof(fc.constantFrom(...TEXTS.slice(0, 3)), fc.nat(), fc.boolean())
    ),
    fc.oneof(
      fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...EXPRESSIONS, ...TEXTS)),
      fc.array(fc.record({ name: fc.constantFrom(...KEYS), value: fc.constantFrom(...TEXTS) }))
    )
  ),
  timeout: mostly(fc.constantFrom(5, '10m', '1h30m'), fc.constantFrom('0s', 'a', '99999d')),
  walltime: mostly(fc.constantFrom('2h', '1d'), fc.constantFrom('1s', '0s')),
  interpreter: mostly(fc.constantFrom('python3 -u', ['/bin/sh']), fc.constantFrom("'", ' ')),
  resources: mostly(
    fc.constantFrom(
      { cpu: 1, memory: '1Gi', gpu: 1, disk: '1Gi' },
      { gpu: { count: 2, type: 'A100' } },
      { limits: { cpu: '500m' } }
    ),
    fc.constantFrom({ cpu: 1, limits: {} }, { requests: { cpu: 1 }, limits: { cpu: 2 } })
  ),
  site: mostly(fc.constant('oslo'), fc.constant('Oslo!')),
  serviceAccountName: mostly(fc.constant('runner'), fc.constant('Runner')),
  priority: mostly(fc.constantFrom(5, 'high'), fc.constant('High')),
  // Kubernetes checks these, not we.
  securityContext: fc.constantFrom({ fsGroup: 100 }, { runAsNonRoot: true }, {}),
  affinity: fc.constantFrom({}, { nodeAffinity: {} }),
  argo: fc.constantFrom({}, { metadata: {} })
};

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(...TEXTS, ...EXPRESSIONS, 1e21, -1, 0.1, Number.MAX_SAFE_INTEGER, '12345678901234567890123', null)
);

const text = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom('echo a', 'a', 'python a.py --b', 'train') },
  { weight: 3, arbitrary: fc.constantFrom('${{ params.a }}', '${{ params.score }}') },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('', 'a ', "'"), fc.constantFrom(...EXPRESSIONS)).map(parts => parts.join(''))
  },
  { weight: 2, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) }
);

/** Most often what is right, now and then what is not. */
function mostly(right: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

/** Once in so many times. */
function rarely<T>(arbitrary: fc.Arbitrary<T>, times: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const definition = schema.$ref?.split('/').at(-1);
  if (definition !== undefined) return definitionOf(definition);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valueOf));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'integer':
      return fc.oneof(fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 9, 9) }), fc.constant(5));
    case 'number':
      return fc.constantFrom(0.5, 1, 2);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(schema.items === undefined ? anything : valueOf(schema.items), { maxLength: 3 });
    case 'object':
      return mapOf(schema);
    case 'null':
      return fc.constant(null);
    default:
      return text;
  }
}

const known = new Map<string, fc.Arbitrary<unknown>>();

function definitionOf(name: string): fc.Arbitrary<unknown> {
  const made = known.get(name) ?? (name === 'Job' ? job() : valueOf(DEFINITIONS[name] ?? {}));
  known.set(name, made);
  return made;
}

function mapOf({ properties, additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const free = typeof additionalProperties === 'object' ? valueOf(additionalProperties) : anything;
  if (properties === undefined) return fc.dictionary(fc.constantFrom(...KEYS), free, { maxKeys: 3 });
  return spoiled(fc.record(fieldsOf(properties), { requiredKeys: [] }));
}

function fieldsOf(properties: Readonly<Record<string, Schema>>): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, AT_KEY[key] ?? valueOf(schema)]));
}

/** A job that most often says what to run once, and few other things. */
function job(): fc.Arbitrary<unknown> {
  const fields = fieldsOf(DEFINITIONS['Job']?.properties ?? {});
  const others = Object.keys(fields).filter(key => !['command', 'script', 'notebook', 'name'].includes(key));
  const action = fc.constantFrom('command', 'script', 'notebook');
  return fc
    .tuple(action, fc.subarray(others, { maxLength: 4 }), rarely(fc.constantFrom(...NAMES), 3))
    .chain(([what, keys, name]) =>
      spoiled(
        fc
          .record(Object.fromEntries([what, ...keys].map(key => [key, fields[key] ?? anything])))
          .map(made => (name === undefined ? made : { name, ...made }))
      )
    );
}

/** Now and then with a value of another kind, or a key that there is not. */
function spoiled(map: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const slip = rarely(fc.tuple(fc.nat(30), fc.constantFrom(...HOSTILE_KEYS, 'nam'), anything), 40);
  return fc.tuple(map, slip).map(([made, wrong]) => {
    if (wrong === undefined) return made;
    const [at, key, value] = wrong;
    const keys = Object.keys(made);
    return Object.fromEntries([...Object.entries(made), [keys[at] ?? key, value]]);
  });
}

/** Workflow files made of every key of the schema, with values of the right kind and now and then of a wrong one. */
export function structuredText(): fc.Arbitrary<string> {
  const { properties = {} } = workflowSchema as Schema;
  const fields = fieldsOf(properties);
  const jobs = fc.array(fc.oneof(text, definitionOf('Job')), { minLength: 1, maxLength: 4 });
  const params = fc.constantFrom(
    undefined,
    { a: 1, score: 'x' },
    { a: '[1, 2]', score: { type: 'number', default: 3 } }
  );
  const others = Object.keys(fields).filter(key => !['jobs', 'params', '$schema'].includes(key));
  return fc
    .tuple(jobs, params, fc.subarray(others, { maxLength: 5 }))
    .chain(([made, given, keys]) =>
      spoiled(
        fc
          .record(Object.fromEntries(keys.map(key => [key, fields[key] ?? anything])))
          .map(rest => ({ ...(given === undefined ? {} : { params: given }), ...rest, jobs: made }))
      )
    )
    .chain(file =>
      fc.constantFrom(
        JSON.stringify(file),
        stringify(file, { aliasDuplicateObjects: false }),
        stringify(file, { lineWidth: 20 })
      )
    );
}
