import type { Plan, PlanJob, StoredReference } from '../../../plan/plan.js';
import { isStored, storeOf } from '../../../plan/text.js';
import type { Home, Mount } from '../../engine.js';
import { digestOf } from '../canonical.js';
import type { Command } from '../command.js';
import type { Inputs } from './inputs.js';

/** What the result of a job depends on, each as a digest: nothing can be read from it, but two can be compared. */
export interface Parts {
  readonly command: string;
  readonly environment: string;
  readonly image: string;
  readonly folder: string;
  readonly parameters: string;
  readonly data: string;
  readonly outputs: string;
  /** By path. */
  readonly files: Inputs;
  /** Keys of the cached jobs before it, by name. */
  readonly parents: Readonly<Record<string, string>>;
}

export interface KeyOptions {
  readonly job: PlanJob;
  /** With all that it refers to put in. */
  readonly command: Pick<Command, 'argv' | 'script' | 'env'>;
  readonly params: Plan['params'];
  readonly home: Home;
  readonly mounts: readonly Mount[];
  /** The machine's environment of jobs. */
  readonly machine: Readonly<Record<string, string>>;
  readonly files: Inputs;
  readonly parents: Readonly<Record<string, string>>;
}

export function partsOf({ job, command, params, home, mounts, machine, files, parents }: KeyOptions): Parts {
  const counted = job.cache?.params ?? [];
  const places = mounts.map(({ mountPath, version }) => [mountPath, version ?? null]);
  return {
    command: digestOf([command.argv, command.script ?? null]),
    environment: digestOf([machine, command.env]),
    image: digestOf(job.image ?? null),
    folder: digestOf([home.hostPath, home.mountPath, home.workspace, job.workdir ?? null]),
    parameters: digestOf(counted.map(name => [name, params?.[name] ?? null])),
    data: digestOf(places.sort()),
    outputs: digestOf(job.outputs ?? {}),
    files,
    parents
  };
}

/** Equal for two jobs that leave the same. */
export function keyOf(parts: Parts): string {
  return digestOf({ format: 1, ...parts });
}

/** The variables of a job as a key holds them: secrets and ConfigMaps by their names alone. */
export function declaredEnvironment(job: PlanJob, command: Command): Command['env'] {
  const stored = new Map(job.env.flatMap(({ name, value }) => (isStored(value) ? [[name, value] as const] : [])));
  const sets = (job.envFrom ?? []).map(({ kind, name, prefix = '' }) => [`${kind} ${name}`, prefix] as const);
  const own = command.env.slice(command.env.length - job.env.length);
  return [
    ...sets,
    ...own.map(([name, value]) => {
      const reference = stored.get(name);
      return [name, reference === undefined ? `=${value}` : inWords(reference)] as const;
    })
  ];
}

function inWords(reference: StoredReference): string {
  const { kind, name } = storeOf(reference);
  return `${kind} ${name} ${reference.key}`;
}

/** What is other than before, in words: `its command and data.csv changed`. */
export function whatChanged(before: Parts, now: Parts): string {
  const words: Readonly<Record<string, string>> = {
    command: 'its command',
    environment: 'its environment',
    image: 'its image',
    folder: 'its folder',
    parameters: 'its parameters',
    data: 'its data',
    outputs: 'its outputs'
  };
  const own = Object.entries(words).filter(([part]) => before[part as keyof Parts] !== now[part as keyof Parts]);
  const changed = [
    ...own.map(([, word]) => word),
    ...differing(before.files, now.files),
    ...differing(before.parents, now.parents).map(name => `the result of ${name}`)
  ];
  const shown = changed.length > 4 ? [...changed.slice(0, 3), `${changed.length - 3} more`] : changed;
  return `${[shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' and ')} changed`;
}

function differing(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): readonly string[] {
  const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return [...new Set([...one.keys(), ...other.keys()])].filter(name => one.get(name) !== other.get(name)).sort();
}
