import { configSchema, validateConfig, type Diagnostic } from '@jupyterflow/schema';
import { argoVersionOf } from '../argo/manifest.js';
import { nearest } from '../check/nearest.js';
import type { EnvVar, InheritedSpec } from '../inherit/inherited.js';
import type { RawFields } from '../plan/plan.js';
import { LineTable, withoutBom } from '../source/lines.js';
import { spanOfPath, type SourcePath } from '../source/locate.js';
import { entryOf, toValue, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { outside, readYaml } from '../source/read.js';
import type { JupyterflowConfig } from './config.js';

export interface ConfigReading {
  /** Present if and only if no diagnostic is an error. */
  readonly config?: JupyterflowConfig;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks a configuration file; an empty one says nothing. Never throws on what a user wrote. */
export function readConfig(text: string, file: string): ConfigReading {
  const source = withoutBom(text);
  const lines = new LineTable(source);
  const { root, problems: ofYaml, unread } = readYaml(source);
  // All keys may be left out, also all of them.
  const problems = ofYaml.filter(({ id }) => id !== 'empty-file');
  const all = root === undefined ? problems : [...problems, ...outside(unread, shapeProblems(root))];
  const diagnostics = [...all].sort((a, b) => a.span.start - b.span.start).map(one => lines.diagnostic(one, file));
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  return { config: configOf(root === undefined ? {} : (toValue(root) as ConfigFile)), diagnostics };
}

/** What a validator compiled by ajv says. */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const validate = validateConfig as ((value: unknown) => boolean) & { readonly errors?: readonly SchemaError[] | null };

function shapeProblems(root: SourceNode): readonly Problem[] {
  if (validate(toValue(root))) return [];
  return (validate.errors ?? []).map(found => problemOf(found, root));
}

function problemOf({ instancePath, keyword, message = '', params }: SchemaError, root: SourceNode): Problem {
  const path = instancePath.split('/').slice(1).map(unescape);
  const name = path.length === 0 ? 'the configuration' : `\`${written(path)}\``;
  const span = spanOfPath(root, path);
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = knownKeys(path);
      const close = nearest(key, known);
      const hint = close === undefined ? `Keys of ${name}: ${known.join(', ')}.` : `Did you mean \`${close}\`?`;
      const at = entryOf(nodeAt(root, path), key)?.keySpan ?? span;
      return error('config-unknown-key', at, `\`${key}\` is not a key of ${name}`, hint);
    }
    case 'required':
      return error('config-missing-key', span, `${name} needs the key \`${String(params['missingProperty'])}\``);
    case 'enum':
      return error(
        'config-value',
        span,
        `${name} must be one of ${[...new Set((params['allowedValues'] as unknown[]).map(String))].join(', ')}`
      );
    case 'type':
      return error('config-value', span, `${name} must be ${TYPES[String(params['type'])] ?? String(params['type'])}`);
    case 'pattern':
      return error('config-value', span, `${name} must be an absolute folder`, 'Begin it with /.');
    default:
      return error('config-value', span, `${name} ${message}`);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a map',
  integer: 'a whole number'
};

/** `spec.volumeMounts[0].name` */
function written(path: readonly string[]): string {
  return path.map((step, at) => (/^\d+$/.test(step) ? `[${step}]` : `${at === 0 ? '' : '.'}${step}`)).join('');
}

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

/** Of the map at a path of the file. */
function knownKeys(path: readonly string[]): readonly string[] {
  let schema = resolve(configSchema as Schema);
  for (const step of path) {
    const { properties = {}, additionalProperties, items } = schema;
    const values = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    schema = resolve((Object.hasOwn(properties, step) ? properties[step] : undefined) ?? items ?? values ?? {});
  }
  return Object.keys(schema.properties ?? {}).filter(key => key !== '$schema');
}

function resolve(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : ((configSchema.definitions[name] as Schema | undefined) ?? {});
}

function nodeAt(root: SourceNode, path: SourcePath): SourceNode | undefined {
  return path.reduce<SourceNode | undefined>(
    (node, step) => (node?.kind === 'list' ? node.items[Number(step)] : entryOf(node, String(step))?.value),
    root
  );
}

/** A step of a JSON Pointer (RFC 6901). */
function unescape(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A file that fits the schema. */
interface ConfigFile extends Omit<JupyterflowConfig, 'argoVersion' | 'temporaryStorage' | 'spec'> {
  readonly argoVersion?: string | number;
  readonly temporaryStorage?: string | number;
  readonly spec?: Omit<InheritedSpec, 'env'> & {
    readonly env?: readonly FileVariable[];
    readonly env_from?: readonly RawFields[];
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
  };
}

type FileVariable = Omit<EnvVar, 'value'> & { readonly value?: string | number | boolean };

function configOf(file: ConfigFile): JupyterflowConfig {
  const { spec = {}, argoVersion, temporaryStorage, sites, gpuTypes, ...others } = file;
  return {
    // The key for editors says nothing here.
    ...(Object.fromEntries(Object.entries(others).filter(([key]) => key !== '$schema')) as Omit<
      typeof others,
      '$schema'
    >),
    // 4 and 3.6 are numbers to YAML.
    ...(argoVersion === undefined ? {} : { argoVersion: argoVersionOf(String(argoVersion)) }),
    ...(temporaryStorage === undefined ? {} : { temporaryStorage: String(temporaryStorage) }),
    ...(sites === undefined ? {} : { sites: mapValues(sites, withTextLabels) }),
    ...(gpuTypes === undefined ? {} : { gpuTypes: mapValues(gpuTypes, withTextLabels) }),
    spec: inheritedOf(spec)
  };
}

/** The keys of the first JupyterFlow as fields of a pod. */
function inheritedOf(file: NonNullable<ConfigFile['spec']>): InheritedSpec {
  const { env, env_from, runAsUser, runAsGroup, securityContext, ...spec } = file;
  const user = {
    ...securityContext,
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup })
  };
  return {
    ...withTextLabels(spec),
    ...(env_from === undefined ? {} : { envFrom: [...(spec.envFrom ?? []), ...env_from] }),
    ...(env === undefined ? {} : { env: env.map(withTextValue) }),
    ...(Object.keys(user).length === 0 ? {} : { securityContext: user })
  };
}

/** YAML reads `true` and `10` as what they are, and values of variables and labels are texts. */
function withTextValue({ value, ...variable }: FileVariable): EnvVar {
  return { ...variable, ...(value === undefined ? {} : { value: String(value) }) };
}

function withTextLabels<T extends { readonly nodeSelector?: Readonly<Record<string, string>> }>(fields: T): T {
  const { nodeSelector } = fields;
  return nodeSelector === undefined ? fields : { ...fields, nodeSelector: mapValues(nodeSelector, String) };
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
