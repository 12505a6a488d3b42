import { isString, valueOf } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import type { Model } from './model.js';
import { checkFilePath } from './file-path.js';

const NAME = /^[A-Za-z_][-\w]*$/;

/** Outputs have names that expressions can use, and stand in files below the working folder or at absolute paths. */
export function checkOutputs(model: Model): readonly Problem[] {
  return model.jobs.flatMap(({ map }) => {
    const outputs = valueOf(map, 'outputs');
    if (outputs?.kind !== 'map') return [];
    return outputs.entries.flatMap(({ key, keySpan, value }) => {
      if (!NAME.test(key)) {
        const hint = 'Use letters, digits, - and _, with no digit first.';
        return [error('output-name', keySpan, `\`${key}\` can't be the name of an output`, hint)];
      }
      return isString(value) ? checkFilePath('output-path', value) : [];
    });
  });
}
