import type { Json } from './manifest.js';

/** Raw fields over others: maps are merged, all else, also a list, is replaced, and null takes a field away. */
export function merge(base: Json, raw: Json | undefined): Json {
  if (raw === undefined) return base;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(raw)) {
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isMap(old) && isMap(value) ? merge(old, value) : value);
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
