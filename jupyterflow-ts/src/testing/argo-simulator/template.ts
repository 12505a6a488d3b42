import type { Parameter } from '../../engines/argo/objects.js';
import type { PodContainer } from './container.js';
import type { PodVolume } from './kubelet.js';

/** What the simulator reads of a spec. */
export interface SimulatedSpec {
  readonly entrypoint: string;
  readonly onExit?: string;
  readonly shutdown?: string;
  readonly parallelism?: number;
  readonly activeDeadlineSeconds?: number;
  readonly templates: readonly SimulatedTemplate[];
  readonly templateDefaults?: Partial<SimulatedTemplate>;
  readonly volumes?: readonly PodVolume[];
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  readonly arguments?: { readonly parameters?: readonly Parameter[] };
}

export interface SimulatedTemplate {
  readonly name: string;
  readonly inputs?: { readonly parameters?: readonly Parameter[] };
  readonly outputs?: {
    readonly parameters?: readonly { readonly name: string; readonly valueFrom: { readonly path: string } }[];
  };
  readonly dag?: { readonly failFast?: boolean; readonly tasks: readonly SimulatedTask[] };
  readonly steps?: readonly (readonly SimulatedTask[])[];
  readonly container?: PodContainer;
  readonly script?: PodContainer & { readonly source: string };
  readonly retryStrategy?: RetryStrategy;
  readonly activeDeadlineSeconds?: number;
  readonly memoize?: { readonly key: string; readonly cache: { readonly configMap: { readonly name: string } } };
}

export interface SimulatedTask {
  readonly name: string;
  readonly template: string;
  readonly dependencies?: readonly string[];
  readonly depends?: string;
  readonly when?: string;
  readonly withItems?: readonly unknown[];
  readonly withParam?: string;
  readonly arguments?: { readonly parameters?: readonly Parameter[] };
}

export interface RetryStrategy {
  readonly limit?: number | string;
  readonly retryPolicy?: string;
  readonly backoff?: { readonly duration?: string; readonly factor?: number | string; readonly maxDuration?: string };
}

/** A template with the defaults of the spec in it, as a strategic merge puts them: lists by their keys, own values first. */
export function withDefaults(
  template: SimulatedTemplate,
  defaults: Partial<SimulatedTemplate> = {}
): SimulatedTemplate {
  const { container, script } = template;
  return {
    ...template,
    ...(container === undefined ? {} : { container: merge(container, defaults.container) }),
    ...(script === undefined ? {} : { script: { ...merge(script, defaults.script), source: script.source } })
  };
}

function merge<T extends PodContainer>(own: T, defaults: PodContainer | undefined): T {
  if (defaults === undefined) return own;
  return {
    ...defaults,
    ...own,
    env: byKey(own.env, defaults.env, ({ name }) => name),
    volumeMounts: byKey(own.volumeMounts, defaults.volumeMounts, ({ mountPath }) => mountPath)
  };
}

function byKey<T>(own: readonly T[] = [], defaults: readonly T[] = [], keyOf: (value: T) => string): readonly T[] {
  const keys = new Set(own.map(keyOf));
  return [...own, ...defaults.filter(value => !keys.has(keyOf(value)))];
}

/** Go's durations, in milliseconds; a number without a unit is seconds. */
export function milliseconds(duration: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (/^\d+$/.test(duration)) return Number(duration) * 1000;
  return [...duration.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0),
    0
  );
}

/** How a node of an item is called: its place and what it holds (workflow/controller/steps.go, processItem). */
export function itemName(place: number, item: unknown): string {
  if (typeof item !== 'object' || item === null) return `${place}:${String(item)}`;
  const fields = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${place}:${fields.map(([key, value]) => `${key}:${String(value)}`).join(',')}`;
}
