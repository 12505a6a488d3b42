import { apiSchema } from '@jupyterflow/schema';

/** Reference to a shape of the API. */
export const shape = (name: string): { readonly $ref: string } => ({ $ref: `${name}#` });

/** Each definition of the API's schema as a document of its own, named by its `$id`. */
export function apiDefinitions(): Record<string, unknown>[] {
  return Object.entries(apiSchema.definitions).map(([name, definition]) => ({
    ...(retarget(definition) as object),
    $id: name
  }));
}

function retarget(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(retarget);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#\/definitions\/(\w+)$/, '$1#') : retarget(inner)
    ])
  );
}

/** `{id}` in the path. An id that can't be one names nothing; length and letters are checked where it is looked up. */
export const idParams = { type: 'object', properties: { id: { type: 'string', maxLength: 100 } }, required: ['id'] };

/** `limit` and `cursor` of a list. */
export const pageQuery = {
  limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  cursor: { type: 'string', maxLength: 2000 }
};

/** Answers besides the good one: every problem has the same shape. */
export const problems = { '4xx': shape('Problem'), '5xx': shape('Problem') };
