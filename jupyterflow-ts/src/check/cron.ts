/** What is wrong with a cron line, and which part of it. */
export interface CronError {
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'the minute', min: 0, max: 59 },
  { name: 'the hour', min: 0, max: 23 },
  { name: 'the day of the month', min: 1, max: 31 },
  { name: 'the month', min: 1, max: 12, names: MONTHS },
  { name: 'the day of the week', min: 0, max: 6, names: DAYS }
];
/** Lines that have a name (crontab(5)). */
const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *'
};
const FIVE = 'Five fields: minute hour day month weekday, e.g. 0 6 * * 1';

/**
 * Reads a cron line as crontab(5) and Argo's scheduler (robfig/cron, standard) both do: lists, ranges, steps and names.
 * @returns the line with its five fields, a blank between them, or what is wrong with it
 */
export function parseCron(text: string): string | CronError {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) {
    const named = Object.hasOwn(NAMED, trimmed) ? NAMED[trimmed] : undefined;
    if (named !== undefined) return named;
    return whole(text, `\`${trimmed}\` is not known`, `Known are ${Object.keys(NAMED).join(', ')}.`);
  }
  const fields = [...text.matchAll(/\S+/g)];
  if (fields.length !== FIELDS.length) return whole(text, `a cron line has five fields, not ${fields.length}`, FIVE);
  for (const [index, field] of FIELDS.entries()) {
    const match = fields[index];
    if (match === undefined) continue;
    const wrong = checkField(match[0], field);
    if (wrong === undefined) continue;
    const start = match.index + wrong.start;
    return { ...wrong, start, end: start + wrong.text.length };
  }
  return fields.map(([field]) => field.toUpperCase()).join(' ');
}

interface Wrong {
  readonly message: string;
  readonly hint?: string;
}

interface FieldError extends Wrong {
  /** The part that is wrong, and where it begins in the field. */
  readonly text: string;
  readonly start: number;
}

function checkField(field: string, of: Field): FieldError | undefined {
  let start = 0;
  for (const part of field.split(',')) {
    const wrong = checkPart(part, of);
    if (wrong !== undefined)
      return { ...wrong, text: part === '' ? ',' : part, start: part === '' && start > 0 ? start - 1 : start };
    start += part.length + 1;
  }
  return undefined;
}

function checkPart(part: string, of: Field): Wrong | undefined {
  const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,5}))?$/i.exec(part);
  const [, first = '', last, step] = match ?? [];
  if (match === null || (first === '*' && last !== undefined)) {
    return {
      message: `\`${part}\` is not ${of.name}`,
      hint: `Write *, a number, a range (1-5) or a step (*/5). ${FIVE}`
    };
  }
  if (step !== undefined && Number(step) === 0) return { message: `a step of ${of.name} can't be 0` };
  return first === '*' ? undefined : checkRange(part, first, last, of);
}

function checkRange(part: string, first: string, last: string | undefined, of: Field): Wrong | undefined {
  const from = valueOf(first, of);
  const to = last === undefined ? from : valueOf(last, of);
  if (from !== undefined && to !== undefined) {
    return from <= to ? undefined : { message: `the range ${part} of ${of.name} ends before it begins` };
  }
  const word = from === undefined ? first : (last ?? '');
  const message = `${of.name} must be from ${of.min} to ${of.max}, not ${word}`;
  return { message, ...(of.max === 6 && word === '7' ? { hint: 'Sunday is 0.' } : {}) };
}

function valueOf(word: string, { min, max, names }: Field): number | undefined {
  const named = names?.indexOf(word.toLowerCase()) ?? -1;
  if (named !== -1) return min + named;
  const value = /^\d{1,4}$/.test(word) ? Number(word) : NaN;
  return value >= min && value <= max ? value : undefined;
}

function whole(text: string, message: string, hint: string): CronError {
  return { message, hint, start: 0, end: text.length };
}
