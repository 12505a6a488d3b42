/** Freezes a JSON value to its leaves: the state is handed out by reference and must not change in other hands. */
export function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.keys(value)) {
      freeze((value as Readonly<Record<string, unknown>>)[key]);
    }
  }
  return value;
}
