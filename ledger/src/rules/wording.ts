const UNITS = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1]
] as const;

/** A duration in ms for people, such as `2 days 3 h`. */
export function duration(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) {
      parts.push(`${count} ${unit === 'day' && count > 1 ? 'days' : unit}`);
    }
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** A time in ms for people, such as `2026-11-22 06:00:00 UTC`. */
export function time(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/(\.000)?Z$/, ' UTC');
}

/** Names for people, such as `uio, uis`. */
export function names(list: readonly string[]): string {
  return list.join(', ');
}
