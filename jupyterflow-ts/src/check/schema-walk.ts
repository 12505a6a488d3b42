import { workflowSchema } from '@jupyterflow/schema';

/** The parts of JSON Schema that the schema of the file is written in. */
interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

/** A shape that a value may have, with the name of its definition. */
interface Shape {
  readonly schema: Schema;
  readonly name?: string;
}

const DEFINITIONS = workflowSchema.definitions as Readonly<Record<string, Schema>>;

/** What a map of a definition is called in messages. */
const OWNERS: Readonly<Record<string, string>> = {
  WorkflowFile: 'a workflow',
  Job: 'a job',
  Param: 'a parameter',
  Volume: 'a volume',
  EnvVariable: 'a variable',
  EnvSource: 'a set of variables',
  Toleration: 'a toleration'
};
/** Keys that are read and not advertised. */
const SILENT = new Set(['$schema', 'env_from']);

export const SHAPE_OF_FILE: readonly Shape[] = [{ schema: workflowSchema as Schema, name: 'WorkflowFile' }];

/** The shapes of what stands at a key, or at a place in a list. */
export function shapesBelow(shapes: readonly Shape[], step: string): readonly Shape[] {
  return shapes.flatMap(({ schema }) => {
    const { properties, additionalProperties, items } = schema;
    const own = properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
    const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
    return [own ?? other ?? items].flatMap(next => (next === undefined ? [] : resolve({ schema: next })));
  });
}

function resolve({ schema, name }: Shape): readonly Shape[] {
  const definition = schema.$ref?.split('/').at(-1);
  if (definition !== undefined) return resolve({ schema: DEFINITIONS[definition] ?? {}, name: definition });
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(option => resolve({ schema: option }));
  return [name === undefined ? { schema } : { schema, name }];
}

/** The keys that a map of these shapes may have, in the order of the schema. */
export function keysOf(shapes: readonly Shape[]): readonly string[] {
  const keys = shapes.flatMap(({ schema }) => Object.keys(schema.properties ?? {}));
  return [...new Set(keys)].filter(key => !SILENT.has(key));
}

/** What a map of these shapes is called; undefined when it has no name but its key. */
export function ownerOf(shapes: readonly Shape[]): string | undefined {
  const named = shapes.find(({ schema, name }) => name !== undefined && schema.properties !== undefined);
  return OWNERS[named?.name ?? ''];
}
