import { workflowSchema } from '@jupyterflow/schema';

interface Schema {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const { definitions } = workflowSchema;

/** Every key of every map that the schema knows. */
function keysBelow(value: unknown, path: string): readonly (readonly [string, Schema])[] {
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {} } = value as Schema;
  const own = Object.entries(properties).map(([key, schema]) => [`${path}.${key}`, schema] as const);
  return [...own, ...Object.entries(value).flatMap(([key, below]) => keysBelow(below, `${path}.${key}`))];
}

test('every key has a description that an editor can show', () => {
  const keys = keysBelow(workflowSchema, 'workflow');
  expect(keys.length).toBeGreaterThan(100);
  const silent = keys.filter(([, { description, $ref }]) => {
    const definition = definitions[$ref?.split('/').pop() ?? ''] as Schema | undefined;
    return (description ?? definition?.description ?? '') === '';
  });
  expect(silent.map(([path]) => path)).toEqual([]);
});

test('every definition is used', () => {
  const text = JSON.stringify(workflowSchema);
  expect(Object.keys(definitions).filter(name => !text.includes(`"#/definitions/${name}"`))).toEqual([]);
});
