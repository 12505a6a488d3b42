import { error, type Problem } from '../source/problem.js';
import { givenName, type JobModel, type Model } from './model.js';

const NAME = /^[a-zA-Z][-a-zA-Z0-9]*$/;
const MAX = 128;

/** Names of jobs become names of Argo templates and tasks. */
export function checkJobNames(model: Model): readonly Problem[] {
  const first = new Map<string, JobModel>();
  return model.jobs.flatMap(job => {
    const given = givenName(job);
    const problem = given === undefined ? undefined : checkName(given.text);
    if (given !== undefined && problem !== undefined) return [{ ...problem, span: given.span }];
    const other = first.get(job.name);
    if (other === undefined) {
      first.set(job.name, job);
      return [];
    }
    const related = [{ message: 'the other is here', span: other.span }];
    return [{ ...error('job-name-duplicate', job.span, `two jobs are called \`${job.name}\``), related }];
  });
}

function checkName(name: string): Problem | undefined {
  const nowhere = { start: 0, end: 0 };
  if (!NAME.test(name)) {
    const safe = name.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^[^a-zA-Z]+|-+$/g, '');
    const hint = `Use letters, digits and -, with a letter first${safe === '' ? '.' : `: ${safe}`}`;
    return error('job-name-invalid', nowhere, `\`${name}\` can't be the name of a job`, hint);
  }
  if (name.length > MAX) {
    return error('job-name-invalid', nowhere, `the name has ${name.length} characters; the limit is ${MAX}`);
  }
  // The graph of the jobs is a template of this name beside them.
  if (name === 'dag')
    return error('job-name-reserved', nowhere, '`dag` is the name of the graph itself', 'Choose another name.');
  return undefined;
}
