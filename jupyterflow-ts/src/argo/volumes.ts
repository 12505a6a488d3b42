import type { Plan, PlanJob, PlanVolume } from '../plan/plan.js';
import type { Volume, VolumeMount } from '../inherit/inherited.js';
import { optional } from './manifest.js';

/** Names of a plan's volumes beside the inherited ones, which keep theirs. */
export function volumeNames(inherited: readonly Volume[]): (volume: PlanVolume) => string {
  const taken = new Set(inherited.map(({ name }) => name));
  return ({ name }) => {
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
    return free;
  };
}

/** The claims of all volumes of a plan, each once. */
export function claimsOf(
  plan: Plan,
  claim: (volume: PlanVolume) => string,
  nameOf: (volume: PlanVolume) => string
): readonly Volume[] {
  const jobs = [...plan.jobs, ...(plan.onExit === undefined ? [] : [plan.onExit])];
  const byName = new Map<string, PlanVolume>();
  for (const { volumes } of jobs) for (const volume of volumes) byName.set(volume.name, volume);
  return [...byName.values()].map(volume => ({
    name: nameOf(volume),
    persistentVolumeClaim: { claimName: claim(volume), readOnly: true }
  }));
}

export function mountsOf({ volumes }: PlanJob, nameOf: (volume: PlanVolume) => string): readonly VolumeMount[] {
  return volumes.map(volume => ({
    name: nameOf(volume),
    mountPath: volume.mountPath,
    readOnly: true,
    ...optional('subPath', volume.subPath)
  }));
}

/**
 * Name of the claim for a lease or dataset, e.g. `jupyterflow-lease-ls-5f-k3p9`. Two references never get one name:
 * what is no letter or digit becomes its hexadecimal code between hyphens.
 */
export function claimName({ kind, ref }: Pick<PlanVolume, 'kind' | 'ref'>): string {
  const encoded = ref.replace(/[^a-z0-9]/g, char => `-${char.charCodeAt(0).toString(16)}-`);
  return `jupyterflow-${kind}-${encoded.replace(/-$/, '')}`;
}
