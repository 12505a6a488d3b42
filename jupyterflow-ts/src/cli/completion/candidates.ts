import type { Argument, Command, Option } from 'commander';
import { OutputOption } from '../program/flags.js';

/** One way to go on; `about` is shown beside it. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** What has to be looked up: it is not in the program itself. */
export type Wanted = 'runs' | 'jobs-of-run' | 'jobs-of-file' | 'datasets';

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names of files fit too. */
  readonly files?: true;
  readonly wanted?: Wanted;
  /** The command that is completed, with the flags and arguments given so far. */
  readonly flags: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const FILES = new Set(['filename', 'params', 'kubeconfig']);
const JOBS_OF_FILE = new Set(['only', 'until', 'skip']);
const JOBS_OF_RUN = new Set(['job']);

/**
 * How a command line may go on.
 * @param words after the program's name; the last is the one that is being written, '' when it was not begun
 */
export function complete(program: Command, words: readonly string[]): Completion {
  const current = words.at(-1) ?? '';
  const seen = readWords(program, words.slice(0, -1));
  const { command, flags, args, pending } = seen;
  const begin = (found: Omit<Completion, 'flags' | 'args'>): Completion => ({
    ...found,
    candidates: found.candidates.filter(({ word }) => word.startsWith(current)),
    flags,
    args
  });
  if (pending !== undefined) return begin(valuesOf(pending, command));
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag !== undefined && value !== undefined) {
    const option = findOption(command, flag);
    const { candidates, ...rest } = option === undefined ? { candidates: [] } : valuesOf(option, command);
    return begin({ ...rest, candidates: candidates.map(one => ({ ...one, word: `${flag}=${one.word}` })) });
  }
  if (current.startsWith('-')) return begin({ candidates: [...command.options.flatMap(candidatesOfOption), HELP] });
  const children = command.commands.filter(child => !isHidden(child));
  if (children.length > 0 && args.length === 0)
    return begin({ candidates: children.map(child => ({ word: child.name(), about: child.description() })) });
  return begin(wantedBy(command, args));
}

interface Seen {
  readonly command: Command;
  /** By the name that the option has in code; the last value. */
  readonly flags: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** An option whose value comes next. */
  readonly pending?: Option;
}

function readWords(program: Command, words: readonly string[]): Seen {
  let command = program;
  let pending: Option | undefined;
  const flags: Record<string, string> = {};
  const args: string[] = [];
  for (const word of words) {
    if (pending !== undefined) {
      flags[pending.attributeName()] = word;
      pending = undefined;
    } else if (word.startsWith('-')) {
      const [name = '', value] = word.split(/=(.*)/s, 2);
      const option = findOption(command, name);
      if (option?.required === true && value === undefined) pending = option;
      else if (option !== undefined) flags[option.attributeName()] = value ?? 'true';
    } else {
      const child = command.commands.find(one => one.name() === word);
      if (child === undefined) args.push(word);
      else command = child;
    }
  }
  return { command, flags, args, ...(pending === undefined ? {} : { pending }) };
}

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => flag === long || flag === short);
}

function isHidden(command: Command): boolean {
  return (command as Command & { readonly _hidden?: boolean })._hidden === true;
}

const HELP: Candidate = { word: '--help', about: 'show help' };

function candidatesOfOption({ long, description, hidden }: Option): readonly Candidate[] {
  return typeof long !== 'string' || hidden ? [] : [{ word: long, about: description }];
}

function valuesOf(option: Option, command: Command): Omit<Completion, 'flags' | 'args'> {
  const name = option.attributeName();
  const isOfRun = command.registeredArguments.some(isRun);
  if (option instanceof OutputOption) {
    return { candidates: option.formats.map(format => ({ word: format === 'jsonpath' ? 'jsonpath=' : format })) };
  }
  if (option.argChoices !== undefined) return { candidates: option.argChoices.map(word => ({ word })) };
  if (FILES.has(name)) return { candidates: [], files: true };
  if (JOBS_OF_RUN.has(name) || (name === 'from' && isOfRun)) return { candidates: [], wanted: 'jobs-of-run' };
  if (JOBS_OF_FILE.has(name) || name === 'from') return { candidates: [], wanted: 'jobs-of-file' };
  return { candidates: [] };
}

function wantedBy(command: Command, args: readonly string[]): Omit<Completion, 'flags' | 'args'> {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[args.length] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return { candidates: [] };
  if (argument.argChoices !== undefined) return { candidates: argument.argChoices.map(word => ({ word })) };
  if (isRun(argument)) return { candidates: [{ word: '@latest', about: 'the newest run' }], wanted: 'runs' };
  return argument.name() === 'dataset' ? { candidates: [], wanted: 'datasets' } : { candidates: [] };
}

function isRun(argument: Argument): boolean {
  return argument.name() === 'run' || argument.name() === 'runs';
}
