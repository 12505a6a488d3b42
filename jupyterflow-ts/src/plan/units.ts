const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of `90`, `30s`, `10m`, `1h30m`. */
export function parseDuration(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  let seconds = 0;
  for (const [, amount = '0', unit = 's'] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    seconds += Number(amount) * (SECONDS[unit] ?? 1);
  }
  return seconds;
}

/** Seconds as `parseDuration` reads them, in the largest units that fit: `1h30m`. */
export function formatDuration(seconds: number): string {
  let left = seconds;
  const parts = ['d', 'h', 'm'].map(unit => {
    const count = Math.floor(left / (SECONDS[unit] ?? 1));
    left -= count * (SECONDS[unit] ?? 1);
    return count === 0 ? '' : `${count}${unit}`;
  });
  const rest = Math.round(left * 1000) / 1000;
  return parts.join('') + (rest > 0 || seconds === 0 ? `${rest}s` : '');
}
