/** A function that remembers its results for the last `max` new arguments. */
export function memo<T>(max: number, make: (argument: string) => T): (argument: string) => T {
  const kept = new Map<string, T>();
  return argument => {
    const known = kept.get(argument);
    if (known !== undefined) {
      return known;
    }
    const made = make(argument);
    const [oldest] = kept.keys();
    if (kept.size >= max && oldest !== undefined) {
      kept.delete(oldest);
    }
    kept.set(argument, made);
    return made;
  };
}
