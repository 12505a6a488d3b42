import { existsSync, readFileSync } from 'node:fs';
import { defined } from '../../engines/argo/defined.js';
import type { NodeStatus, Parameter } from '../../engines/argo/objects.js';
import { fnv1a32, podName } from '../../engines/argo/pod-name.js';
import { Signal } from '../../engines/local/signal.js';
import { dagPhase, isBad, mayBegin, parentsOf, type TaskEnd } from './dag.js';
import { evaluate } from './expression.js';
import type { Pod, PodEnd, ProcessKubelet } from './kubelet.js';
import { substitute, type Scope } from './substitute.js';
import {
  itemName,
  milliseconds,
  withDefaults,
  type RetryStrategy,
  type SimulatedSpec,
  type SimulatedTask,
  type SimulatedTemplate
} from './template.js';

type MutableNode = { -readonly [key in keyof NodeStatus]: NodeStatus[key] };

/** What one run reports, and what it needs of the others. */
export interface RunParts {
  readonly name: string;
  readonly spec: SimulatedSpec;
  readonly kubelet: ProcessKubelet;
  /** Results by the keys of `memoize`. */
  readonly cache: Map<string, readonly Parameter[]>;
  /** Nodes from before, of a run that is gone on with. */
  readonly done: readonly NodeStatus[];
  /** The nodes changed. */
  readonly report: (nodes: readonly NodeStatus[]) => void;
}

interface Options {
  readonly isExit: boolean;
  readonly arguments: readonly Parameter[];
  /** Whether nothing of it may begin any more. */
  readonly isBarred: () => boolean;
}

/** Argo keeps at most this much of a parameter (256 KiB). */
const MAX_PARAMETER = 256 * 1024;

export interface RunEnd {
  readonly phase: string;
  readonly message?: string;
}

/** One run as Argo's controller executes it (workflow/controller: operator.go, dag.go, steps.go). */
export class SimulatedRun {
  readonly #parts: RunParts;
  readonly #templates: ReadonlyMap<string, SimulatedTemplate>;
  readonly #nodes = new Map<string, MutableNode>();
  /** Outputs of the items of a task as lists, by the node of the task. */
  readonly #aggregates = new Map<string, readonly Parameter[]>();
  /** Of the Workflow, by name. */
  readonly #parameters: Scope;
  readonly #slots = new Signal();
  readonly #ended = new Signal();
  /** Pods that run, with whether they belong to the exit handler. */
  readonly #pods = new Map<string, boolean>();
  #active = 0;
  #shutdown: string | undefined;
  #isLate = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { parameters = [] } = parts.spec.arguments ?? {};
    this.#parameters = Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
    for (const node of parts.done) this.#nodes.set(node.name, node);
    this.#templates = new Map(
      parts.spec.templates.map(template => [template.name, withDefaults(template, parts.spec.templateDefaults)])
    );
  }

  /** Carries the run out; gives its last phase. */
  async execute(): Promise<RunEnd> {
    const { name, spec } = this.#parts;
    const { activeDeadlineSeconds: seconds, onExit } = spec;
    const timer =
      seconds === undefined ? undefined : setTimeout(() => this.#end(() => (this.#isLate = true)), seconds * 1000);
    const given = spec.arguments?.parameters ?? [];
    const options = { isExit: false, arguments: given, isBarred: () => this.#isEnding(false) };
    const node = await this.#executeTemplate(name, spec.entrypoint, options);
    clearTimeout(timer);
    const phase = this.#isEnding(false) ? 'Failed' : (node.phase ?? 'Error');
    const message = this.#shutdown === undefined ? node.message : `Stopped with strategy '${this.#shutdown}'`;
    const end = defined({ phase, message });
    if (onExit === undefined || this.#shutdown === 'Terminate') return end;
    const last = { ...options, isExit: true, isBarred: () => this.#isEnding(true) };
    const exit = await this.#executeTemplate(`${name}.onExit`, onExit, last, { status: phase });
    return isBad(exit) ? defined({ phase: exit.phase ?? 'Error', message: exit.message }) : end;
  }

  /** As when `spec.shutdown` is set: ends the pods, those of the exit handler only with Terminate. */
  shutdown(strategy: string): void {
    this.#end(() => (this.#shutdown = strategy));
  }

  #end(mark: () => void): void {
    mark();
    for (const [pod, isExit] of this.#pods)
      if (!isExit || this.#shutdown === 'Terminate') this.#parts.kubelet.kill(pod);
    this.#slots.notify();
    this.#ended.notify();
  }

  #isEnding(isExit: boolean): boolean {
    return isExit ? this.#shutdown === 'Terminate' : this.#shutdown !== undefined || this.#isLate;
  }

  #endReason(): string {
    return this.#shutdown === undefined
      ? 'Step exceeded its deadline'
      : `workflow shutdown with strategy:  ${this.#shutdown}`;
  }

  async #executeTemplate(
    name: string,
    templateName: string,
    options: Options,
    workflow: Scope = {}
  ): Promise<NodeStatus> {
    const found = this.#templates.get(templateName);
    if (found === undefined)
      return this.#set(name, { type: 'Skipped', phase: 'Error', message: `template ${templateName} not found` });
    const inputs = Object.fromEntries(options.arguments.map(({ name: input, value }) => [input, value]));
    const scope = {
      workflow: { name: this.#parts.name, parameters: this.#parameters, ...workflow },
      inputs: { parameters: inputs },
      node: { name }
    };
    const template = found.dag === undefined && found.steps === undefined ? substitute(found, scope) : found;
    const node = { templateName };
    if (template.dag !== undefined) return this.#executeDag(name, template.dag, node, options, scope);
    if (template.steps !== undefined) return this.#executeSteps(name, template.steps, node, options, scope);
    const hit = this.#memoized(template);
    if (hit !== undefined)
      return this.#set(name, {
        ...node,
        type: 'Pod',
        phase: 'Succeeded',
        outputs: { parameters: hit },
        memoizationStatus: { hit: true }
      });
    if (!(await this.#slot(options.isBarred))) return { id: this.#idOf(name), name, type: 'Skipped', phase: 'Omitted' };
    const { retryStrategy } = template;
    const end =
      retryStrategy === undefined
        ? await this.#executePod(name, template, node, options.isExit)
        : await this.#retry(name, template, node, retryStrategy, options);
    if (end.phase === 'Succeeded' && template.memoize !== undefined)
      this.#parts.cache.set(cacheKey(template.memoize), end.outputs?.parameters ?? []);
    return end;
  }

  #memoized({ memoize }: SimulatedTemplate): readonly Parameter[] | undefined {
    return memoize === undefined ? undefined : this.#parts.cache.get(cacheKey(memoize));
  }

  async #retry(
    name: string,
    template: SimulatedTemplate,
    node: Partial<NodeStatus>,
    strategy: RetryStrategy,
    { isExit }: Options
  ): Promise<NodeStatus> {
    this.#set(name, { ...node, type: 'Retry', phase: 'Running' });
    const begun = Date.now();
    for (let attempt = 0; ; attempt++) {
      const child = `${name}(${attempt})`;
      this.#adopt(name, child);
      const last = await this.#executePod(child, substitute(template, { retries: String(attempt) }), node, isExit);
      const next = nextAttempt(strategy, attempt, last, Date.now() - begun);
      if (next === undefined || this.#isEnding(isExit))
        return this.#set(name, defined({ phase: last.phase ?? 'Error', message: last.message, outputs: last.outputs }));
      if (typeof next === 'string') return this.#set(name, { phase: last.phase ?? 'Error', message: next });
      if (next > 0) {
        this.#set(name, { message: `Backoff for ${next / 1000} seconds` });
        await this.#ended.next(AbortSignal.timeout(next));
      }
      if (!(await this.#slot(() => this.#isEnding(isExit))))
        return this.#set(name, { phase: 'Failed', message: this.#endReason() });
    }
  }

  async #executePod(
    name: string,
    template: SimulatedTemplate,
    node: Partial<NodeStatus>,
    isExit: boolean
  ): Promise<NodeStatus> {
    this.#set(name, { ...node, type: 'Pod', phase: 'Pending' });
    const pod = this.#podOf(name, template);
    this.#pods.set(pod.name, isExit);
    this.#set(name, { phase: 'Running' });
    const end = await this.#parts.kubelet.run(pod);
    this.#pods.delete(pod.name);
    this.#active -= 1;
    const result = this.#isEnding(isExit)
      ? { phase: 'Failed', message: this.#endReason() }
      : this.#resultOf(pod, template, end);
    const last = this.#set(name, result);
    this.#slots.notify();
    return last;
  }

  /** Waits for a place among the pods that may run at once; false when it must not begin any more. */
  async #slot(isBarred: () => boolean): Promise<boolean> {
    const { parallelism = Infinity } = this.#parts.spec;
    // Whoever ended just now has its consequences first.
    await Promise.resolve();
    while (this.#active >= parallelism && !isBarred()) await this.#slots.next();
    if (isBarred()) return false;
    this.#active += 1;
    return true;
  }

  #podOf(node: string, template: SimulatedTemplate): Pod {
    const { name, spec } = this.#parts;
    const claims = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${name}-${metadata.name}` }
    }));
    const container = template.container ?? template.script;
    if (container === undefined)
      throw new TypeError(`the simulator does not know the kind of template ${template.name}`);
    return {
      name: podName(name, node, template.name),
      container,
      volumes: [...(spec.volumes ?? []), ...claims],
      ...defined({ source: template.script?.source, activeDeadlineSeconds: template.activeDeadlineSeconds })
    };
  }

  #resultOf(pod: Pod, template: SimulatedTemplate, end: PodEnd): Partial<NodeStatus> {
    switch (end.kind) {
      case 'waiting':
        return { phase: 'Error', message: end.message };
      case 'deadline':
        return { phase: 'Failed', message: 'Pod was active on the node longer than the specified deadline' };
      case 'killed':
        return { phase: 'Error', message: 'pod deleted' };
      case 'exited': {
        const saved = this.#withOutputs(pod, template);
        if (end.code === 0) return saved;
        const said = end.code === 64 ? `: ${lastLine(this.#parts.kubelet.textOf(pod.name))}` : '';
        // The wait container saves what is there, however the main one ended.
        const outputs = { ...saved.outputs, exitCode: String(end.code) };
        return { phase: 'Failed', message: `main: Error (exit code ${end.code})${said}`, outputs };
      }
    }
  }

  #withOutputs(pod: Pod, { outputs }: SimulatedTemplate): Partial<NodeStatus> {
    const parameters: Parameter[] = [];
    for (const { name, valueFrom } of outputs?.parameters ?? []) {
      const path = this.#parts.kubelet.hostPath(pod, valueFrom.path);
      if (!existsSync(path)) return unsaved(`open ${valueFrom.path}: no such file or directory`);
      // Go writes U+FFFD into JSON for what is no UTF-8, and so does this.
      const value = readFileSync(path, 'utf8').replace(/\n$/, '');
      if (Buffer.byteLength(value) > MAX_PARAMETER)
        return unsaved(`output ${name} is larger than ${MAX_PARAMETER} bytes`);
      parameters.push({ name, value });
    }
    return { phase: 'Succeeded', outputs: { exitCode: '0', ...(parameters.length === 0 ? {} : { parameters }) } };
  }

  async #executeSteps(
    name: string,
    steps: readonly (readonly SimulatedTask[])[],
    node: Partial<NodeStatus>,
    options: Options,
    scope: Scope
  ): Promise<NodeStatus> {
    this.#set(name, { ...node, type: 'Steps', phase: 'Running' });
    for (const [place, group] of steps.entries()) {
      for (const step of group) {
        const child = `${name}[${place}].${step.name}`;
        this.#adopt(name, child);
        const end = await this.#executeOne(child, substitute(step, scope), options, scope);
        if (isBad(end)) return this.#set(name, { phase: end.phase ?? 'Error', message: `child '${end.id}' failed` });
      }
    }
    return this.#set(name, { phase: 'Succeeded' });
  }

  async #executeDag(
    name: string,
    { tasks, failFast = true }: NonNullable<SimulatedTemplate['dag']>,
    node: Partial<NodeStatus>,
    options: Options,
    scope: Scope
  ): Promise<NodeStatus> {
    this.#set(name, { ...node, type: 'DAG', phase: 'Running' });
    const ends = new Map<string, TaskEnd>();
    const changed = new Signal();
    await Promise.all(
      tasks.map(async task => {
        while (!parentsOf(task).every(parent => ends.has(parent))) await changed.next();
        ends.set(
          task.name,
          await this.#executeTask(`${name}.${task.name}`, task, { ends, tasks, failFast }, options, scope)
        );
        changed.notify();
      })
    );
    return this.#set(name, { phase: dagPhase(tasks, ends) });
  }

  async #executeTask(
    name: string,
    task: SimulatedTask,
    {
      ends,
      tasks,
      failFast
    }: { ends: ReadonlyMap<string, TaskEnd>; tasks: readonly SimulatedTask[]; failFast: boolean },
    options: Options,
    scope: Scope
  ): Promise<TaskEnd> {
    // With failFast only what asks for another end than success begins after a failure.
    const asksForMore = /\.(?:Failed|Errored|Omitted)\b/.test(task.depends ?? '');
    const isBarred = (): boolean => options.isBarred() || (failFast && !asksForMore && [...ends.values()].some(isBad));
    if (isBarred()) return undefined;
    const within = { ...options, isBarred };
    if (!mayBegin(task, ends)) {
      if (parentsOf(task).some(parent => ends.get(parent) === undefined)) return undefined;
      return this.#set(name, { type: 'Skipped', phase: 'Omitted', message: 'omitted: depends condition not met' });
    }
    const scopeNow = { ...scope, tasks: this.#scopeOf(ends, tasks) };
    const { withItems, ...rest } = task;
    const done = this.#done(name);
    if (done !== undefined) return done;
    try {
      const resolved = substitute(rest, scopeNow);
      const items = resolved.withParam === undefined ? withItems : itemsOfParam(resolved.withParam);
      if (items === undefined) return await this.#executeOne(name, resolved, within, scopeNow);
      return await this.#executeGroup(name, resolved, items, within, scopeNow);
    } catch (error) {
      const { message } = error as Error;
      return this.#set(name, { type: 'Skipped', phase: 'Error', message });
    }
  }

  async #executeGroup(
    name: string,
    task: SimulatedTask,
    items: readonly unknown[],
    options: Options,
    scope: Scope
  ): Promise<NodeStatus> {
    if (items.length === 0)
      return this.#set(name, { type: 'Skipped', phase: 'Skipped', message: 'Skipped, empty params' });
    this.#set(name, { type: 'TaskGroup', phase: 'Running' });
    const ends = await Promise.all(
      items.map((item, place) => {
        const child = `${name}(${itemName(place, item)})`;
        const done = this.#done(child);
        if (done !== undefined) return Promise.resolve(done);
        this.#adopt(name, child);
        return this.#executeOne(child, substitute(task, { item }), options, scope);
      })
    );
    this.#aggregate(name, ends);
    const phase = ['Error', 'Failed'].find(bad => ends.some(end => end.phase === bad)) ?? 'Succeeded';
    return this.#set(name, { phase });
  }

  async #executeOne(name: string, task: SimulatedTask, options: Options, scope: Scope): Promise<NodeStatus> {
    if (task.when !== undefined && evaluate(task.when, {}) !== true)
      return this.#set(name, { type: 'Skipped', phase: 'Skipped', message: `when '${task.when}' evaluated false` });
    const { parameters = [] } = task.arguments ?? {};
    return this.#executeTemplate(
      name,
      task.template,
      { ...options, arguments: parameters },
      scope['workflow'] as Scope
    );
  }

  /** The outputs of items as lists. */
  #aggregate(name: string, ends: readonly NodeStatus[]): void {
    const names = new Set(ends.flatMap(end => (end.outputs?.parameters ?? []).map(parameter => parameter.name)));
    const lists = [...names].map(of => ({
      name: of,
      value: JSON.stringify(
        ends.flatMap(end => (end.outputs?.parameters ?? []).flatMap(one => (one.name === of ? [one.value] : [])))
      )
    }));
    this.#aggregates.set(name, lists);
  }

  /** The node of what was done before the run was gone on with. */
  #done(name: string): NodeStatus | undefined {
    const node = this.#nodes.get(name);
    if (node?.phase !== 'Succeeded' && node?.phase !== 'Skipped') return undefined;
    const items = (node.children ?? []).flatMap(id => [...this.#nodes.values()].filter(one => one.id === id));
    if (node.type === 'TaskGroup') this.#aggregate(name, items);
    return node;
  }

  /** What expressions of later tasks see of those that have ended. */
  #scopeOf(ends: ReadonlyMap<string, TaskEnd>, tasks: readonly SimulatedTask[]): Scope {
    return Object.fromEntries(
      tasks.flatMap(({ name }) => {
        const end = ends.get(name);
        if (end === undefined) return [];
        const parameters = this.#aggregates.get(end.name) ?? end.outputs?.parameters ?? [];
        return [[name, { status: end.phase, ...outputsOf(parameters) }]];
      })
    );
  }

  #adopt(parent: string, child: string): void {
    const node = this.#nodes.get(parent);
    if (node !== undefined) node.children = [...(node.children ?? []), this.#idOf(child)];
  }

  #idOf(name: string): string {
    const { name: workflow } = this.#parts;
    return name === workflow ? workflow : `${workflow}-${fnv1a32(name)}`;
  }

  #set(name: string, change: Partial<NodeStatus>): NodeStatus {
    const now = new Date().toISOString();
    const before = this.#nodes.get(name) ?? { id: this.#idOf(name), name, type: 'Pod', startedAt: now };
    const isOver = change.phase !== undefined && change.phase !== 'Pending' && change.phase !== 'Running';
    const node: MutableNode = { ...before, ...change, ...(isOver ? { finishedAt: now } : {}) };
    if (isOver && change.message === undefined) delete node.message;
    this.#nodes.set(name, node);
    this.#parts.report([...this.#nodes.values()]);
    return node;
  }
}

function outputsOf(parameters: readonly Parameter[]): object {
  if (parameters.length === 0) return {};
  return { outputs: { parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])) } };
}

/** The main container did its work, but the wait container did not (workflow/controller/operator.go, inferFailedReason). */
function unsaved(why: string): Partial<NodeStatus> {
  return { phase: 'Error', message: `wait: Error (exit code 64): ${why}`, outputs: { exitCode: '0' } };
}

/** workflow/controller/dag.go, expandTask. */
function itemsOfParam(text: string): readonly unknown[] {
  try {
    const items: unknown = JSON.parse(text);
    if (Array.isArray(items)) return items;
  } catch {
    // It is told below.
  }
  throw new TypeError(`withParam value could not be parsed as a JSON list: ${text.trim()}`);
}

/** When the next attempt begins, in milliseconds; a text is why there is none after a failure. */
function nextAttempt(
  { limit = Infinity, retryPolicy = 'OnFailure', backoff = {} }: RetryStrategy,
  attempt: number,
  { phase }: NodeStatus,
  passed: number
): number | string | undefined {
  const isRetried = phase === 'Failed' ? retryPolicy !== 'OnError' : phase === 'Error' && retryPolicy !== 'OnFailure';
  if (!isRetried) return undefined;
  if (attempt >= Number(limit)) return 'No more retries left';
  const pause = milliseconds(backoff.duration ?? '0') * Number(backoff.factor ?? 1) ** attempt;
  const longest = backoff.maxDuration === undefined ? Infinity : milliseconds(backoff.maxDuration);
  return passed + pause > longest ? 'Max duration limit exceeded' : pause;
}

function cacheKey({ key, cache }: NonNullable<SimulatedTemplate['memoize']>): string {
  return `${cache.configMap.name}/${key}`;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
