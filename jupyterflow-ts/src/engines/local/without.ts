/** A copy of an object without some of its fields. */
export function without<T extends object, K extends keyof T & string>(object: T, ...fields: readonly K[]): Omit<T, K> {
  const left = Object.entries(object).filter(([name]) => !(fields as readonly string[]).includes(name));
  return Object.fromEntries(left) as Omit<T, K>;
}
