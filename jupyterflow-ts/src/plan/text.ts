import type {
  PlanCondition,
  PlanEnvSource,
  PlanEnvValue,
  PlanJob,
  PlanOperand,
  PlanReference,
  PlanText,
  StoredReference
} from './plan.js';

/** Puts what is known only while a run goes into a text. */
export function renderText(text: PlanText, valueOf: (reference: PlanReference) => string): string {
  if (typeof text === 'string') return text;
  return text.map(part => (typeof part === 'string' ? part : valueOf(part))).join('');
}

/** What a text needs to know while the run goes; nothing of a plain text. */
export function referencesOf(text: PlanText): readonly PlanReference[] {
  return typeof text === 'string' ? [] : text.filter(part => typeof part !== 'string');
}

/** All that a job needs to know while the run goes. */
export function referencesOfJob(job: PlanJob): readonly PlanReference[] {
  return [
    ...[...job.argv, job.script ?? ''].flatMap(referencesOf),
    ...job.env.flatMap(({ value }) => (isStored(value) ? [] : referencesOf(value))),
    ...(job.foreach === undefined ? [] : [job.foreach]),
    ...(job.when === undefined ? [] : referencesOfCondition(job.when))
  ];
}

export function referencesOfCondition(condition: PlanCondition): readonly PlanReference[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(referencesOfCondition);
    case 'not':
      return referencesOfCondition(condition.of);
    default:
      return [condition.left, condition.right].filter(
        (operand: PlanOperand): operand is PlanReference => typeof operand === 'object'
      );
  }
}

export function isStored(value: PlanEnvValue): value is StoredReference {
  return typeof value === 'object' && 'key' in value;
}

/** Where a value is kept, as sets of variables say it. */
export function storeOf(reference: StoredReference): Pick<PlanEnvSource, 'kind' | 'name'> {
  return 'secret' in reference
    ? { kind: 'secret', name: reference.secret }
    : { kind: 'configMap', name: reference.configMap };
}

/**
 * A text that is known before the run.
 * @throws RangeError when a part of it is not.
 */
export function staticText(value: PlanEnvValue): string {
  if (typeof value === 'string') return value;
  throw new RangeError('this text is known only while the run goes');
}
