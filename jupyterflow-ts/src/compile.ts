import type { Diagnostic } from '@jupyterflow/schema';
import { check } from './check/check.js';
import { allJobs, type Model } from './check/model.js';
import { makePlan } from './plan/make.js';
import type { Plan } from './plan/plan.js';
import { LineTable, withoutBom } from './source/lines.js';
import { spanOfPath, type SourcePath } from './source/locate.js';
import { isString, valueOf, type Span } from './source/node.js';
import type { Problem } from './source/problem.js';
import { MAX_LENGTH, outside, readYaml } from './source/read.js';

/** A file as it was read. */
export interface Source {
  readonly text: string;
  /** How diagnostics call it. */
  readonly file: string;
}

export interface CompileOptions {
  /** Name of the run; wins over the file's. */
  readonly name?: string;
  /** Name of the file's folder: the name when neither option nor file gives one. */
  readonly folder?: string;
  /** Values of parameters. */
  readonly params?: Readonly<Record<string, string>>;
  /** Texts of the plan refer to parameters where they can, instead of holding their values: for Argo. Default false. */
  readonly keepParams?: boolean;
  /** The user's home in the jobs. Default /home/jovyan. */
  readonly home?: string;
  /** Longest text that is read, in UTF-16 units. Default 1,000,000. */
  readonly maxLength?: number;
}

export interface Compilation {
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Present if and only if no diagnostic is an error. */
  readonly plan?: Plan;
  /**
   * Where a value of the file stands, or the nearest above it that exists, e.g. of `['jobs', 3, 'image']`.
   * @returns undefined when nothing of the file could be read
   */
  readonly locate: (path: SourcePath) => Diagnostic['range'] | undefined;
  /**
   * Path of the job of the file that a job of the plan was made of: `['jobs', 3]`, also of each of its copies and by the
   * name of a group, or `['onExit']`.
   */
  readonly sourceOf: (job: string) => SourcePath | undefined;
}

/** Nobody reads more; a hostile file could have hundreds of thousands. */
const MAX_PROBLEMS = 1000;
const DEFAULT_HOME = '/home/jovyan';

/** Reads, checks and plans a workflow file. Never throws on what a user wrote. */
export function compile(source: Source, options: CompileOptions = {}): Compilation {
  const text = withoutBom(source.text);
  const lines = new LineTable(text);
  const maxLength = options.maxLength ?? MAX_LENGTH;
  const { root, problems: ofYaml, unread } = readYaml(text, maxLength);
  const { problems: ofRules, checked } =
    root === undefined
      ? { problems: [], checked: undefined }
      : check(root, {
          params: options.params ?? {},
          home: options.home ?? DEFAULT_HOME,
          scale: Math.max(1, maxLength / MAX_LENGTH)
        });
  const problems = limit([...ofYaml, ...withoutUnread(ofRules, unread)]);
  const compilation: Compilation = {
    diagnostics: problems.map(problem => lines.diagnostic(problem, source.file)),
    locate: path => (root === undefined ? undefined : lines.range(spanOfPath(root, path))),
    sourceOf: pathsOfJobs(checked?.model)
  };
  if (checked === undefined || problems.some(({ severity }) => severity === 'error')) return compilation;
  const name = valueOf(checked.model.root, 'name');
  const runName = options.name ?? (isString(name) ? name.value : (options.folder ?? ''));
  return { ...compilation, plan: makePlan(checked, runName, options.keepParams) };
}

function pathsOfJobs(model: Model | undefined): Compilation['sourceOf'] {
  let paths: ReadonlyMap<string, SourcePath> | undefined;
  return job => {
    paths ??= new Map(
      (model === undefined ? [] : allJobs(model)).flatMap(({ name, group, path }) => [
        [name, path],
        ...(group === undefined ? [] : [[group, path] as const])
      ])
    );
    return paths.get(job);
  };
}

/** That something is not there can't be told of a file that is not read to its end. */
const OF_THE_WHOLE = new Set<Problem['id']>([
  'missing-jobs',
  'no-jobs',
  'missing-key',
  'job-without-command',
  'edge-out-of-range',
  'edge-unknown-job',
  'reference-unknown-job',
  'reference-unknown-output',
  'reference-not-before',
  'param-unknown',
  'param-undeclared',
  'item-unknown',
  'not-a-map'
]);

/** Nothing true can be said of lines that could not be read. */
function withoutUnread(problems: readonly Problem[], unread: readonly Span[]): readonly Problem[] {
  if (unread.length === 0) return problems;
  return outside(unread, problems).filter(({ id }) => !OF_THE_WHOLE.has(id));
}

/** Each problem once, also of a part that aliases repeat; when there are too many, errors before the others. */
function limit(problems: readonly Problem[]): readonly Problem[] {
  const all = [
    ...new Map(problems.map(one => [`${one.id} ${one.span.start} ${one.span.end} ${one.message}`, one])).values()
  ].sort((a, b) => a.span.start - b.span.start);
  if (all.length <= MAX_PROBLEMS) return all;
  const errors = all.filter(({ severity }) => severity === 'error');
  return (errors.length === 0 ? all : errors).slice(0, MAX_PROBLEMS);
}
