import { isString, itemsOf, spanWithin, valueOf, type ScalarNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { parseCron } from './cron.js';
import type { Model } from './model.js';

/** Cron lines that a scheduler can read, in a time zone that exists. */
export function checkSchedule(model: Model): readonly Problem[] {
  const schedule = valueOf(model.root, 'schedule');
  const timezone = valueOf(schedule, 'timezone');
  return [...cronNodes(schedule).flatMap(checkLine), ...(isString(timezone) ? checkTimezone(timezone) : [])];
}

/** The cron lines of each spelling of `schedule`. */
export function cronNodes(schedule: SourceNode | undefined): readonly ScalarNode[] {
  const lines = schedule?.kind === 'map' ? valueOf(schedule, 'cron') : schedule;
  const nodes = lines?.kind === 'list' ? itemsOf(lines) : [lines];
  return nodes.filter(node => isString(node));
}

function checkLine(node: ScalarNode): readonly Problem[] {
  const line = parseCron(node.text);
  if (typeof line === 'string') return [];
  return [error('schedule-cron', spanWithin(node, line.start, line.end), line.message, line.hint)];
}

function checkTimezone(node: ScalarNode): readonly Problem[] {
  if (isTimezone(node.text)) return [];
  const hint = 'Use a name of the IANA database, e.g. Europe/Oslo.';
  return [error('schedule-timezone', node.span, `there is no time zone \`${node.text}\``, hint)];
}

function isTimezone(name: string): boolean {
  // An offset such as +01:00 is one for Intl, and no name of the database.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
