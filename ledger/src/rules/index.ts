/**
 * The rules of leasing as pure functions: nothing of Node, Fabric or a browser is needed to decide a command.
 */
export type * from '../commands.js';
export type * from '../state.js';
export type * from '../ledger.js';
export { leaseState, resultState } from '../state.js';
export { envelopeProblem, signedProblem } from './check.js';
export { decide, decideLater, signingKey } from './decide.js';
export { isRefusal, type Accepted, type CommandType, type Decision, type Write } from './decision.js';
export {
  readLater,
  readNow,
  type AsyncView,
  type Reading,
  type RecordKind,
  type StateKey,
  type StateRecord,
  type View
} from './reads.js';
export { commands, commonRefusals, type CommandEntry } from './table.js';
export * from './limits.js';
export { explainLater, type Explanation, type ExplainedWish } from './explain.js';
export type { PolicyCheck, PolicyCheckName } from './policy.js';
export { refusalKinds } from './refusal-kinds.js';
export { policyFields, wholePolicy, type PolicyField } from './policy-fields.js';
