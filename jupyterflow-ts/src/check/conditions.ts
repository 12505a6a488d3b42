import { spanWithin, valueOf, type SourceNode } from '../source/node.js';
import { error, warning, type Problem } from '../source/problem.js';
import type { PlanCondition, PlanOperand } from '../plan/plan.js';
import { parseCondition, type ConditionError } from './condition-syntax.js';
import { allJobs, type Model } from './model.js';
import { didYouMean, nearest } from './nearest.js';

const JOB_STATES = ['Succeeded', 'Failed', 'Error', 'Skipped', 'Omitted'];
const RUN_STATES = ['Succeeded', 'Failed', 'Error'];

/** Conditions that can be read, and that compare a status with one that there is. */
export function checkConditions(model: Model): readonly Problem[] {
  return allJobs(model).flatMap(({ map }) => {
    const when = valueOf(map, 'when');
    if (when?.kind !== 'scalar' || when.value === null) return [];
    const condition = conditionOf(when);
    const origin = when.origin ?? when;
    if ('message' in condition) {
      const span = spanWithin(origin, condition.start, condition.end);
      return [error('condition-syntax', span, condition.message, condition.hint)];
    }
    return comparisonsOf(condition).flatMap(([left, right]) => {
      const states = statesOf(left) ?? statesOf(right);
      const word = statesOf(left) === undefined ? left : right;
      if (states === undefined || typeof word !== 'string' || states.includes(word)) return [];
      const hint = didYouMean(nearest(word, states)) ?? `It is one of ${states.join(', ')}.`;
      return [warning('condition-status', when.span, `no status is called \`${word}\``, hint)];
    });
  });
}

/** What a `when` says. */
export function conditionOf(when: SourceNode): PlanCondition | ConditionError {
  if (when.kind !== 'scalar') return { message: '', start: 0, end: 0 };
  return parseCondition((when.origin ?? when).text, when.parts ?? []);
}

function statesOf(operand: PlanOperand): readonly string[] | undefined {
  if (typeof operand !== 'object') return undefined;
  if (operand.kind === 'status') return JOB_STATES;
  return operand.kind === 'run-status' ? RUN_STATES : undefined;
}

function comparisonsOf(condition: PlanCondition): readonly (readonly [PlanOperand, PlanOperand])[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(comparisonsOf);
    case 'not':
      return comparisonsOf(condition.of);
    default:
      return [[condition.left, condition.right]];
  }
}
