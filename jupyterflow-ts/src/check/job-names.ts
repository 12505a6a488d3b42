import { error, type Problem } from '../source/problem.js';
import type { Span } from '../source/node.js';
import { allJobs, givenName, type JobModel, type Model } from './model.js';

const NAME = /^[a-zA-Z][-a-zA-Z0-9]*$/;
const MAX = 128;
/** What the number of a copy takes at most: `-19999`. */
const COPY = 6;

/** Names of jobs become names of Argo templates and tasks; each is there once, also among the copies and their groups. */
export function checkJobNames(model: Model): readonly Problem[] {
  const first = new Map<string, Span>();
  const wrong = new Set<string>();
  const problems: Problem[] = [];
  for (const job of allJobs(model)) {
    const given = givenName(job);
    const problem = given === undefined ? undefined : checkName(given.text, isCopied(job));
    if (given !== undefined && problem !== undefined) {
      problems.push({ ...problem, span: given.span });
      wrong.add(job.group ?? job.name);
    } else {
      const other = first.get(job.name);
      if (other === undefined) first.set(job.name, job.span);
      else problems.push(duplicate(job.name, job.span, other));
    }
  }
  for (const { name, span, group } of model.units) {
    if (!group || wrong.has(name)) continue;
    const other = first.get(name);
    if (other === undefined) first.set(name, span);
    else problems.push(duplicate(name, later(span, other), earlier(span, other)));
  }
  return [...problems, ...checkDynamicCopies(model)];
}

function isCopied(job: JobModel): boolean {
  return job.group !== undefined || job.foreach !== undefined;
}

function earlier(a: Span, b: Span): Span {
  return a.start < b.start ? a : b;
}

function later(a: Span, b: Span): Span {
  return a.start < b.start ? b : a;
}

function duplicate(name: string, span: Span, other: Span): Problem {
  const related = [{ message: 'the other is here', span: other }];
  return {
    ...error('job-name-duplicate', span, `two jobs are called \`${name}\``, `Rename one of them: ${name}-b`),
    related
  };
}

/** How many copies a list that is not known yet will make, nobody knows: all their names are taken. */
function checkDynamicCopies(model: Model): readonly Problem[] {
  const dynamic = new Map(
    allJobs(model).flatMap(({ name, span, foreach }) => (foreach === undefined ? [] : [[name, span]]))
  );
  if (dynamic.size === 0) return [];
  return [...model.units, ...(model.onExit === undefined ? [] : [model.onExit])].flatMap(({ name, span }) => {
    const base = /^(.*)-\d+$/.exec(name)?.[1];
    const other = base === undefined ? undefined : dynamic.get(base);
    if (base === undefined || other === undefined) return [];
    const related = [{ message: 'the job with the copies is here', span: other }];
    const message = `a copy of \`${base}\` can be called \`${name}\` too`;
    return [{ ...error('job-name-duplicate', span, message, `Rename it: ${base}-b`), related }];
  });
}

function checkName(name: string, copied: boolean): Problem | undefined {
  const nowhere = { start: 0, end: 0 };
  if (!NAME.test(name)) {
    const words = name.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-+|-+$/g, '');
    const safe = /^\d/.test(words) ? `step-${words}` : words;
    const hint = `Use letters, digits and -, with a letter first${safe === '' ? '.' : `: ${safe}`}`;
    return error('job-name-invalid', nowhere, `\`${name}\` can't be the name of a job`, hint);
  }
  const max = copied ? MAX - COPY : MAX;
  if (name.length > max) {
    const which = copied ? 'the limit of a job with copies' : 'the limit';
    return error(
      'job-name-invalid',
      nowhere,
      `the name has ${name.length} characters; ${which} is ${max}`,
      'Choose a shorter one.'
    );
  }
  // The graph of the jobs is a template of this name beside them.
  if (name === 'dag')
    return error('job-name-reserved', nowhere, '`dag` is the name of the graph itself', 'Choose another name.');
  return undefined;
}
