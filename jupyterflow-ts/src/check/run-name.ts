import { isString, valueOf } from '../source/node.js';
import { info, type Problem } from '../source/problem.js';
import { dnsLabel, MAX_RUN_NAME } from '../plan/names.js';
import type { Model } from './model.js';

/** Says which name a run gets when the one in the file is no DNS label. */
export function checkRunName(model: Model): readonly Problem[] {
  const name = valueOf(model.root, 'name');
  if (!isString(name) || name.value === '') return [];
  const label = dnsLabel(name.value, MAX_RUN_NAME);
  return label === name.value ? [] : [info('name-made-safe', name.span, `runs will be called \`${label}-...\``)];
}
