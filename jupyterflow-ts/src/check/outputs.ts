import { isString, itemsOf, valueOf, type ScalarNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingOf, type JobModel, type Model } from './model.js';
import { checkFilePath } from './file-path.js';
import { isWithin, normalPath, readOnlyFolderOf } from './paths.js';

const NAME = /^[A-Za-z_][-\w]*$/;
const PLACES = 'Write a path below the working folder, or below /tmp/jupyterflow, which the jobs of a run share.';

/** Outputs have names that expressions can use, and stand where a job can leave a file. */
export function checkOutputs(model: Model): readonly Problem[] {
  return model.jobs.flatMap(job => {
    const outputs = valueOf(job.map, 'outputs');
    if (outputs?.kind !== 'map') return [];
    return outputs.entries.flatMap(({ key, keySpan, value }) => {
      if (!NAME.test(key)) {
        const hint = 'Use letters, digits, - and _, with no digit first.';
        return [error('output-name', keySpan, `\`${key}\` can't be the name of an output`, hint)];
      }
      return isString(value) ? checkPath(value, job, model) : [];
    });
  });
}

function checkPath(node: ScalarNode, job: JobModel, model: Model): readonly Problem[] {
  const problems = checkFilePath('output-path', node);
  if (problems.length > 0 || node.text === '') return problems;
  const refuse = (why: string): readonly Problem[] => [
    error('output-path', node.span, `no job can write a file at \`${node.text}\`: ${why}`, PLACES)
  ];
  const path = normalPath(node.text);
  if (node.text.endsWith('/') || path === '') return refuse('it is a folder');
  const mount = itemsOf(settingOf(model, job, 'volumes'))
    .map(volume => valueOf(volume, 'path'))
    .find(at => isString(at) && isWithin(path, normalPath(at.value)));
  if (mount?.kind === 'scalar') return refuse(`the data at ${mount.text} can only be read`);
  const folder = readOnlyFolderOf(path);
  return folder === undefined ? [] : refuse(`${folder} belongs to the system`);
}
