import type { PlanCondition, PlanOperand } from './plan.js';

/** What a condition compares, in its order. */
export function operandsOf(condition: PlanCondition): readonly PlanOperand[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(operandsOf);
    case 'not':
      return operandsOf(condition.of);
    default:
      return [condition.left, condition.right];
  }
}
