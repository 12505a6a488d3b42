import { normalPath } from '../check/paths.js';
import { valueOf, type SourceNode } from '../source/node.js';
import { dnsLabel, MAX_LABEL } from './names.js';
import type { PlanVolume } from './plan.js';
import { textOf } from './read.js';

export function makeVolume(volume: SourceNode, names: VolumeNames): PlanVolume {
  const lease = textOf(valueOf(volume, 'lease'));
  const ref = lease ?? textOf(valueOf(volume, 'dataset')) ?? textOf(valueOf(volume, 'id')) ?? '';
  const kind =
    lease !== undefined || (valueOf(volume, 'id') !== undefined && ref.startsWith('ls_')) ? 'lease' : 'dataset';
  const subPath = normalPath(textOf(valueOf(volume, 'subPath')) ?? '');
  return {
    name: names.nameOf(`${kind} ${ref}`, textOf(valueOf(volume, 'name')) ?? ref),
    kind,
    ref,
    mountPath: normalPath(textOf(valueOf(volume, 'path')) ?? ''),
    ...(subPath === '' ? {} : { subPath })
  };
}

/** One name for one source in the whole plan, whatever each job calls it. */
export class VolumeNames {
  readonly #bySource = new Map<string, string>();
  readonly #taken = new Map<string, number>();

  nameOf(source: string, wish: string): string {
    const known = this.#bySource.get(source);
    if (known !== undefined) return known;
    const label = dnsLabel(wish, MAX_LABEL - 6);
    let count = this.#taken.get(label) ?? 0;
    let name: string;
    do {
      count += 1;
      name = count === 1 ? label : `${label}-${count}`;
    } while (count > 1 && this.#taken.has(name));
    this.#taken.set(label, count);
    this.#taken.set(name, Math.max(1, this.#taken.get(name) ?? 0));
    this.#bySource.set(source, name);
    return name;
  }
}
