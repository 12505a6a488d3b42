const SHAPE = /^P(?=\d|T\d)(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST = 9999 * DAY;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; undefined when it is none, zero, or longer than 9999 days. */
export function parseDuration(text: string): number | undefined {
  const match = SHAPE.exec(text);
  if (!match) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map(part => Number((part as string | undefined) ?? 0));
  const total = (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND;
  return total > 0 && total <= LONGEST ? total : undefined;
}

/** ISO 8601 text of a duration in milliseconds; a fraction of a second is dropped. */
export function formatDuration(milliseconds: number): string {
  const whole = (unit: number, below: number): number => Math.floor((milliseconds % below) / unit);
  const parts: readonly (readonly [number, string])[] = [
    [whole(HOUR, DAY), 'H'],
    [whole(MINUTE, HOUR), 'M'],
    [whole(SECOND, MINUTE), 'S']
  ];
  const days = Math.floor(milliseconds / DAY);
  const time = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  return days === 0 && time === '' ? 'PT0S' : `P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}
