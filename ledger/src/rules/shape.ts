import { canonicalJson } from '../canonical.js';
import { MAX_JSON, MAX_JSON_DEPTH } from './limits.js';
import { isWeakKey } from './weak-keys.js';

/** What a value must look like. */
export interface Field {
  /** Says what is wrong with the value found at `path`; undefined when nothing is. */
  problem(value: unknown, path: string): string | undefined;
  readonly optional?: true;
}
export type Fields = Readonly<Record<string, Field>>;

/** Object with exactly these fields: one that is not known is refused, so nothing rides along unchecked. */
export function object(fields: Fields): Field {
  const entries = Object.entries(fields);
  return {
    problem(value, path) {
      if (!isPlainObject(value)) {
        return `${path} must be an object`;
      }
      const unknown = Object.keys(value).find(key => !Object.hasOwn(fields, key));
      if (unknown !== undefined) {
        return `${path} must not have the field ${JSON.stringify(unknown.slice(0, 100))}`;
      }
      for (const [key, field] of entries) {
        const absent = !Object.hasOwn(value, key);
        if (absent && field.optional === true) {
          continue;
        }
        const problem = absent ? `${path}.${key} is missing` : field.problem(value[key], `${path}.${key}`);
        if (problem !== undefined) {
          return problem;
        }
      }
      return undefined;
    }
  };
}

/** Object whose `type` tells which fields it has. */
export function variants(fieldsOf: Readonly<Record<string, Fields>>): Field {
  const type: Field = { problem: () => undefined };
  const objects = new Map(Object.entries(fieldsOf).map(([name, fields]) => [name, object({ type, ...fields })]));
  return {
    problem(value, path) {
      const named = (value as { readonly type?: unknown } | null | undefined)?.type;
      const found = typeof named === 'string' ? objects.get(named) : undefined;
      return found === undefined
        ? `${path}.type must be one of ${[...objects.keys()].join(', ')}`
        : found.problem(value, path);
    }
  };
}

export function optional(field: Field): Field {
  return { problem: (value, path) => field.problem(value, path), optional: true };
}

/** One line of 1 to `max` characters. */
export function line(max: number): Field {
  return holds(
    value => typeof value === 'string' && value.length >= 1 && value.length <= max && !/[\p{Cc}\p{Cs}]/u.test(value),
    `must be one line of 1 to ${max} characters`
  );
}

/** Text of at most `max` characters; may have several lines. */
export function text(max: number): Field {
  return holds(
    value => typeof value === 'string' && value.length <= max && !/[^\P{Cc}\n\t]|\p{Cs}/u.test(value),
    `must be text of at most ${max} characters`
  );
}

/** Name of a record: a part of its key, safe in file names and addresses. */
export const id: Field = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
  'must be 1 to 128 letters, digits, dots, hyphens or underscores'
);

/** SHA-256 in hex. */
export const sha256: Field = matching(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lowercase hex digits');

/** An Ed25519 signature. Only the one spelling that encodes 64 bytes: another would be other bytes under the same meaning. */
export const signature: Field = matching(/^[A-Za-z0-9+/]{85}[AQgw]==$/, 'must be an Ed25519 signature in base64');

// SPKI of an Ed25519 key (RFC 8410): a fixed head of 12 bytes, then the 32 bytes of the key.
const SPKI_HEAD = 'MCowBQYDK2VwAyEA';
const spki = matching(
  new RegExp(`^${SPKI_HEAD}[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$`),
  'must be an Ed25519 public key: SPKI DER in base64'
);
const strong = holds(
  value => !isWeakKey((value as string).slice(SPKI_HEAD.length)),
  'must be the public half of a private key: for this one everybody can sign. Make a new pair of keys'
);
export const publicKey: Field = {
  problem: (value, path) => spki.problem(value, path) ?? strong.problem(value, path)
};

export function matching(pattern: RegExp, says: string): Field {
  return holds(value => typeof value === 'string' && pattern.test(value), says);
}

export function oneOf(...values: readonly string[]): Field {
  return holds(value => values.includes(value as string), `must be one of ${values.join(', ')}`);
}

export function integer(min: number, max: number): Field {
  return holds(
    value => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    `must be an integer from ${min} to ${max}`
  );
}

/** One of some words, or else what another field says. */
export function either(words: readonly string[], other: Field): Field {
  return {
    problem: (value, path) =>
      typeof value === 'string' ? oneOf(...words).problem(value, path) : other.problem(value, path)
  };
}

/** List of at most `max` different values. */
export function list(of: Field, max: number): Field {
  return {
    problem(value, path) {
      if (!Array.isArray(value) || value.length > max) {
        return `${path} must be a list of at most ${max}`;
      }
      if (new Set(value).size < value.length) {
        return `${path} must not repeat a value`;
      }
      return value.map((item, index) => of.problem(item, `${path}[${index}]`)).find(problem => problem !== undefined);
    }
  };
}

/** JSON object that the rules do not look into. */
export const opaque: Field = {
  problem(value, path) {
    if (!isPlainObject(value)) {
      return `${path} must be an object`;
    }
    const problem = jsonProblem(value, path, MAX_JSON_DEPTH);
    if (problem !== undefined) {
      return problem;
    }
    return canonicalJson(value).length > MAX_JSON
      ? `${path} must be at most ${MAX_JSON} characters of JSON`
      : undefined;
  }
};

function jsonProblem(value: unknown, path: string, depth: number): string | undefined {
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) {
    return undefined;
  }
  if (typeof value === 'string') {
    return /\p{Cs}/u.test(value) ? `${path} must be well-formed Unicode` : undefined;
  }
  if (depth === 0) {
    return `${path} must be nested at most ${MAX_JSON_DEPTH} deep`;
  }
  if (Array.isArray(value)) {
    return value.map(item => jsonProblem(item, path, depth - 1)).find(problem => problem !== undefined);
  }
  if (!isPlainObject(value)) {
    return `${path} must be JSON`;
  }
  return Object.entries(value)
    .flatMap(([key, item]) => [jsonProblem(key, path, depth), jsonProblem(item, path, depth - 1)])
    .find(problem => problem !== undefined);
}

function holds(test: (value: unknown) => boolean, says: string): Field {
  return { problem: (value, path) => (test(value) ? undefined : `${path} ${says}`) };
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
