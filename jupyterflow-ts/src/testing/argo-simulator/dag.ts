import type { NodeStatus } from '../../engines/argo/objects.js';
import { evaluate } from './expression.js';
import type { SimulatedTask } from './template.js';

/** A task that never began has no node. */
export type TaskEnd = NodeStatus | undefined;

export function isBad(end: TaskEnd): boolean {
  return end?.phase === 'Failed' || end?.phase === 'Error';
}

export function parentsOf({ dependencies, depends = '' }: SimulatedTask): readonly string[] {
  return dependencies ?? [...new Set(depends.match(/(?<![-.\w])[A-Za-z0-9_][-\w]*/g) ?? [])];
}

/** Argo's enhanced depends logic: a bare name is `(t.Succeeded || t.Skipped || t.Daemoned)`. */
export function mayBegin(task: SimulatedTask, ends: ReadonlyMap<string, TaskEnd>): boolean {
  const isDone = (name: string): boolean => ['Succeeded', 'Skipped'].includes(ends.get(name)?.phase ?? '');
  if (task.depends === undefined) return (task.dependencies ?? []).every(isDone);
  const expression = task.depends.replace(
    /(?<![-.\w])([A-Za-z0-9_][-\w]*)(?:\.([A-Za-z]+))?/g,
    (_, name: string, result: string | undefined) => {
      const phase = ends.get(name)?.phase ?? 'Omitted';
      if (result === undefined) return String(isDone(name));
      return String(result === (phase === 'Error' ? 'Errored' : phase));
    }
  );
  return evaluate(expression, {}) === true;
}

/** The worst of the last tasks; one that was not executed has the phase of what it waited for (assessDAGPhase). */
export function dagPhase(tasks: readonly SimulatedTask[], ends: ReadonlyMap<string, TaskEnd>): string {
  const byName = new Map(tasks.map(task => [task.name, task]));
  const phases = new Map<string, string>();
  const branch = (name: string): string => {
    const found = phases.get(name);
    if (found !== undefined) return found;
    const phase = ends.get(name)?.phase ?? 'Omitted';
    const inherited =
      phase === 'Omitted' || phase === 'Skipped'
        ? worst(parentsOf(byName.get(name) ?? { name, template: '' }).map(branch))
        : phase;
    phases.set(name, inherited);
    return inherited;
  };
  const inner = new Set(tasks.flatMap(parentsOf));
  return worst(tasks.filter(({ name }) => !inner.has(name)).map(({ name }) => branch(name)));
}

function worst(phases: readonly string[]): string {
  return ['Error', 'Failed'].find(bad => phases.includes(bad)) ?? 'Succeeded';
}
