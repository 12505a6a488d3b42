import type { Compilation } from '../compile.js';
import type { Plan } from '../plan/plan.js';
import { selectJobs, type Selection } from '../plan/select.js';
import { EXIT, Failure } from './failure.js';

/** Names of jobs; each flag may be repeated and may hold several names with commas between. */
export interface SelectFlags {
  readonly only?: readonly string[];
  readonly until?: readonly string[];
  readonly from?: readonly string[];
  readonly skip?: readonly string[];
}

/** Undefined when all jobs run. */
export function selectionOf(flags: SelectFlags): Selection | undefined {
  const entries = (['only', 'until', 'from', 'skip'] as const).flatMap(key => {
    const names = flags[key]?.flatMap(text => text.split(',').map(name => name.trim())).filter(name => name !== '');
    return names === undefined ? [] : [[key, names] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** With only the selected jobs in the plan. @throws Failure when they can't be run without the others */
export function selectPlan<T extends Compilation & { readonly plan: Plan }>(
  compilation: T,
  selection: Selection | undefined
): T {
  if (selection === undefined) return compilation;
  const result = selectJobs(compilation.plan, selection);
  if ('plan' in result) return { ...compilation, plan: result.plan };
  const { problems } = result;
  const hints = problems.flatMap(({ hint }) => hint ?? []);
  throw new Failure(EXIT.usage, problems.map(({ message }) => message).join('; '), {
    code: problems[0]?.code ?? 'NOTHING_SELECTED',
    ...(hints.length === 0 ? {} : { hint: hints.join('\n') })
  });
}
