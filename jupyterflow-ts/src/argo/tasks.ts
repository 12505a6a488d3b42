import type { OutputReference, Plan, PlanCondition, PlanJob, PlanReference } from '../plan/plan.js';
import { referencesOfCondition, referencesOfJob } from '../plan/text.js';
import * as expression from './expression.js';
import type { Copy, Unit } from './fold.js';
import type { Inputs } from './inputs.js';
import { literal } from './literal.js';
import { optional, type Json } from './manifest.js';
import { taskName, templateName } from './names.js';

/** What a name of the plan, of a job or a group, is in the graph of Argo's tasks. */
interface Target {
  readonly tasks: readonly string[];
  /** One task with items: its outputs are a list. */
  readonly isList: boolean;
  /** Several tasks, for the group did not become one. */
  readonly isGroup: boolean;
  /** It may be Skipped, and then has no outputs. */
  readonly maySkip: boolean;
}

/** Parameter of a template that stands for several copies: the number of the copy. */
export const COPY = 'copy';
/** Every way in which a task can end (Argo's enhanced depends logic). */
const OUTCOMES = ['Succeeded', 'Failed', 'Errored', 'Skipped', 'Omitted'];

/** The graph of a plan as tasks: who waits for whom, and how one gets at what another found out. */
export class Tasks {
  readonly #targets: ReadonlyMap<string, Target>;
  /** Somebody waits for more than success; then the whole graph has to say for what it waits. */
  readonly #usesDepends: boolean;
  /** Each job is a task of its own name. */
  readonly #sameNames: boolean;

  constructor(plan: Plan, units: readonly Unit[]) {
    this.#targets = targetsOf(units);
    this.#sameNames = [...this.#targets].every(([name, { tasks, isGroup }]) => !isGroup && tasks[0] === name);
    this.#usesDepends = plan.jobs.some(job => referencesOfJob(job).some(({ kind }) => kind === 'status'));
  }

  /** The task of a unit; its arguments fill the inputs of the template. */
  taskOf(unit: Unit, inputs: Inputs): Json {
    const { job } = unit;
    const parameters = inputs.arguments;
    return {
      name: this.#target(unit.name).tasks[0],
      template: templateName(unit.name),
      ...this.#waitsOf(job),
      ...optional('when', this.#whenOf(job)),
      ...(parameters.length === 0 ? {} : { arguments: { parameters } }),
      ...optional(
        'withItems',
        unit.copies?.map((copy, index) => itemOfCopy(copy, index, inputs))
      ),
      ...optional('withParam', this.#itemsOf(job, inputs))
    };
  }

  /** An expression for what a job refers to. */
  valueOf(job: PlanJob, reference: PlanReference): string {
    switch (reference.kind) {
      case 'output':
        return this.#outputOf(job, reference, '');
      case 'status': {
        const { tasks, isGroup } = this.#target(reference.job);
        return isGroup ? expression.worstStatusOf(tasks) : expression.statusOf(tasks[0] ?? '');
      }
      case 'item':
        return expression.itemOf(this.#listOf(job), reference.key);
      case 'run-status':
        return 'workflow.status';
      case 'param':
        return expression.parameterOf(reference.name);
    }
  }

  /** @param missing what the output of one job is that did not succeed; of several it is left out. */
  #outputOf(job: PlanJob, { job: name, output }: OutputReference, missing: string): string {
    const { tasks, isGroup, isList, maySkip } = this.#target(name);
    const anyEnd = this.#awaitedInAnyEnd(job);
    const outputs = tasks.map(task => {
      if (anyEnd.has(task)) return expression.outputIfSucceeded(task, output);
      return maySkip ? expression.outputIfAny(task, output) : expression.outputOf(task, output);
    });
    if (isGroup) return expression.listOf(outputs);
    const [only = "''"] = outputs;
    const isSure = !maySkip && !anyEnd.has(tasks[0] ?? '');
    return isSure ? only : expression.orElse(only, isList ? '[]' : missing);
  }

  #listOf(job: PlanJob): string {
    return job.foreach === undefined ? "'[]'" : this.#outputOf(job, job.foreach, '[]');
  }

  #waitsOf(job: PlanJob): Json {
    if (job.dependsOn.length === 0) return {};
    if (!this.#usesDepends) {
      if (this.#sameNames) return { dependencies: job.dependsOn };
      const tasks = job.dependsOn.flatMap(name => this.#target(name).tasks);
      return { dependencies: [...new Set(tasks)] };
    }
    const anyEnd = this.#awaitedInAnyEnd(job);
    const terms = job.dependsOn.flatMap(name =>
      this.#target(name).tasks.map(task =>
        anyEnd.has(task) ? `(${OUTCOMES.map(outcome => `${task}.${outcome}`).join(' || ')})` : task
      )
    );
    return { depends: [...new Set(terms)].join(' && ') };
  }

  #whenOf(job: PlanJob): string | undefined {
    if (job.when === undefined) return undefined;
    // Only where the items are made are they as they came.
    if (usesItem(job.when)) return '{{item.when}}';
    return expression.tag(this.#conditionOf(job, job.when));
  }

  #conditionOf(job: PlanJob, condition: PlanCondition): string {
    return expression.conditionOf(condition, { valueOf: reference => this.valueOf(job, reference) });
  }

  #itemsOf(job: PlanJob, inputs: Inputs): string | undefined {
    if (job.foreach === undefined) return undefined;
    const list = this.#listOf(job);
    const texts = new Map([[COPY, expression.POSITION]]);
    for (const [name, key] of inputs.items) texts.set(name, expression.encoded(expression.itemOf(list, key)));
    if (job.when !== undefined && usesItem(job.when)) texts.set('when', `toJson(${this.#conditionOf(job, job.when)})`);
    return expression.tag(expression.mapOf(list, texts));
  }

  /** Tasks whose status a job asks for: it begins however they end. */
  #awaitedInAnyEnd(job: PlanJob): ReadonlySet<string> {
    if (!this.#usesDepends) return new Set();
    return new Set(referencesOfJob(job).flatMap(one => (one.kind === 'status' ? this.#target(one.job).tasks : [])));
  }

  #target(name: string): Target {
    return this.#targets.get(name) ?? { tasks: [name], isList: false, isGroup: false, maySkip: false };
  }
}

function targetsOf(units: readonly Unit[]): ReadonlyMap<string, Target> {
  const taken = new Set(units.map(({ name }) => templateName(name)));
  const targets = new Map<string, Target>();
  const groups = new Map<string, Target[]>();
  for (const { name, job, copies } of units) {
    const isList = copies !== undefined || job.foreach !== undefined;
    const maySkip = job.when !== undefined || job.foreach !== undefined;
    const target = { tasks: [taskName(name, taken)], isList, isGroup: false, maySkip };
    targets.set(name, target);
    if (copies !== undefined || job.group === undefined) continue;
    const members = groups.get(job.group);
    if (members === undefined) groups.set(job.group, [target]);
    else members.push(target);
  }
  for (const [group, members] of groups) {
    const tasks = members.flatMap(member => member.tasks);
    targets.set(group, { tasks, isList: false, isGroup: true, maySkip: members.some(member => member.maySkip) });
  }
  return targets;
}

function itemOfCopy(copy: Copy, index: number, { slots }: Inputs): Json {
  const texts = [...copy].map(([slot, text]) => [slots.get(slot) ?? slot, literal(text)] as const);
  return { [COPY]: String(index), ...Object.fromEntries(texts) };
}

function usesItem(condition: PlanCondition): boolean {
  return referencesOfCondition(condition).some(({ kind }) => kind === 'item');
}
