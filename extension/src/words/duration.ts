import type { TranslationBundle } from '@jupyterlab/translation';

const ISO = /^P(?=\d|T\d)(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) {
    return undefined;
  }
  const [days, hours, minutes, seconds] = match.slice(1).map(part => Number(part || 0)) as [
    number,
    number,
    number,
    number
  ];
  return days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
}

/** The ISO 8601 duration of a number of milliseconds, rounded down to whole minutes, at least one. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / MINUTE));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `PT${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
}

/** A duration in words: "8 hours", "90 minutes", "2 days". */
export function durationWords(ms: number, trans: TranslationBundle): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes % (24 * 60) === 0) {
    return trans._n('1 day', '%1 days', minutes / (24 * 60));
  }
  if (minutes % 60 === 0) {
    return trans._n('1 hour', '%1 hours', minutes / 60);
  }
  return trans._n('1 minute', '%1 minutes', minutes);
}

/** Time left as on a clock: "2:58:11", "9:05"; days are hours of the first number. Never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long ago, roughly: "just now", "4 min ago", "3 h ago", "2 d ago". */
export function ago(ms: number, trans: TranslationBundle): string {
  if (ms < MINUTE) {
    return trans.__('just now');
  }
  if (ms < HOUR) {
    return trans.__('%1 min ago', Math.floor(ms / MINUTE));
  }
  return ms < DAY ? trans.__('%1 h ago', Math.floor(ms / HOUR)) : trans.__('%1 d ago', Math.floor(ms / DAY));
}

/** A time as short as it can be told: the hour today, else day and hour. In the reader's language and zone. */
export function clockTime(time: number, now: number, locale?: string, timeZone?: string): string {
  const day = (ms: number): string => new Date(ms).toLocaleDateString('en-CA', { timeZone });
  const hour = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  return day(time) === day(now)
    ? new Date(time).toLocaleTimeString(locale, hour)
    : new Date(time).toLocaleString(locale, { ...hour, month: 'short', day: 'numeric' });
}
