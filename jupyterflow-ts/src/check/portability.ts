import { entryOf } from '../source/node.js';
import { warning, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

/** Raw fields of Argo mean nothing to any other place where the file may run. */
export function checkPortability(model: Model): readonly Problem[] {
  return settingMaps(model).flatMap(map => {
    const argo = entryOf(map, 'argo');
    if (argo === undefined) return [];
    return [warning('argo-not-portable', argo.keySpan, 'raw fields of Argo are left aside where a run is local')];
  });
}
