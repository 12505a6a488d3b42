const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 d 4 h`, `3 h 12 min`, `12 min`, `40 s`: the two largest units, rounded down. */
export function durationWords(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(left / DAY), 'd'],
    [Math.floor((left % DAY) / HOUR), 'h'],
    [Math.floor((left % HOUR) / MINUTE), 'min'],
    [Math.floor((left % MINUTE) / SECOND), 's']
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  // Seconds are of no interest beside minutes.
  return parts
    .slice(first, parts[first]?.[1] === 'min' ? first + 1 : first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** ISO 8601 text of whole seconds, e.g. P1DT4H30M. */
export function isoDuration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const time = [
    [Math.floor((seconds % 86_400) / 3600), 'H'],
    [Math.floor((seconds % 3600) / 60), 'M'],
    [Math.floor(seconds % 60), 'S']
  ] as const;
  const rest = time.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  if (days === 0 && rest === '') return 'PT0S';
  return `P${days > 0 ? `${days}D` : ''}${rest === '' ? '' : `T${rest}`}`;
}

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; undefined when it is none. */
export function parseIsoDuration(text: string): number | undefined {
  const match = /^P(?=\d|T\d)(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/.exec(text);
  if (match === null) return undefined;
  const units = [DAY, HOUR, MINUTE, SECOND];
  return units.reduce((sum, unit, at) => sum + unit * Number(match[at + 1] ?? 0), 0);
}
