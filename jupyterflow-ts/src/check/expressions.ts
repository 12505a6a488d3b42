import type { DiagnosticId } from '../catalogue/index.js';
import { findExpressions, type Expression, type ExpressionToken } from '../expression/syntax.js';
import {
  entryOf,
  itemsOf,
  spanWithin,
  valueOf,
  type MapNode,
  type ScalarNode,
  type SourceNode
} from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { dynamicList, repeatOf } from './model.js';
import { didYouMean, MOST_GUESSES, nearest } from './nearest.js';
import type { ReadParams } from './params.js';

/** What an expression may stand in. */
type Place =
  /** Nothing of a run is known: `params` itself. */
  | 'params'
  /** Known before the run, and the same for all copies: names, edges. */
  | 'fixed'
  /** Known before the run. */
  | 'setting'
  /** A text that may wait for what the run brings. */
  | 'text'
  | 'env'
  | 'foreach';

/** The part of the file that an expression stands in. */
interface Around {
  readonly place: Place;
  /** Absent outside of jobs. */
  readonly job?: SourceNode;
  readonly exit?: boolean;
}

const PLACES: Readonly<Record<string, Place>> = {
  name: 'fixed',
  copies: 'fixed',
  foreach: 'foreach',
  command: 'text',
  script: 'text',
  parameters: 'text',
  when: 'text',
  env: 'env'
};

const FORMS =
  '${{ params.NAME }}, ${{ item }}, ${{ item.KEY }}, ${{ index }}, ${{ jobs.JOB.outputs.NAME }}, ${{ jobs.JOB.status }}, ' +
  '${{ workflow.status }}, ${{ secrets.NAME.KEY }}';

/** Every `${{ ... }}` must be one that is known, and stand where its value can be known. */
export function checkExpressions(root: MapNode, params: ReadParams): readonly Problem[] {
  const checker = new Checker(params);
  for (const { key, value } of root.entries) {
    if (key === 'jobs') for (const job of itemsOf(value)) checker.checkJob(job, false);
    else if (key === 'onExit') checker.checkJob(value, true);
    else if (key === 'params') checker.checkNode(value, { place: 'params' });
    else checker.checkNode(value, { place: key === 'env' ? 'env' : 'fixed' });
  }
  return checker.problems;
}

class Checker {
  readonly problems: Problem[] = [];
  readonly #params: ReadParams;
  /** For each job with a list of maps, the keys that all items have. */
  readonly #itemKeys = new Map<SourceNode, ReadonlySet<string>>();

  constructor(params: ReadParams) {
    this.#params = params;
  }

  checkJob(job: SourceNode, exit: boolean): void {
    if (job.kind !== 'map') {
      this.checkNode(job, { place: 'text', job, exit });
      return;
    }
    for (const { key, value } of job.entries) {
      if (key === 'parameters' && value.kind === 'map') {
        // papermill takes what comes late as a value of its own, never as a part of a list or a map.
        for (const { value: parameter } of value.entries) {
          this.checkNode(parameter, { place: parameter.kind === 'scalar' ? 'text' : 'setting', job, exit });
        }
      } else this.checkNode(value, { place: placeOf(key, value), job, exit });
    }
  }

  checkNode(node: SourceNode, around: Around): void {
    switch (node.kind) {
      case 'list':
        for (const item of node.items) this.checkNode(item, around);
        return;
      case 'map':
        for (const entry of node.entries) this.checkNode(entry.value, around);
        return;
      case 'scalar':
        if (typeof node.value === 'string') this.#checkText(node, around);
    }
  }

  #checkText(node: ScalarNode, around: Around): void {
    for (const token of findExpressions(node.text)) {
      const found = this.#checkToken(token, node, around);
      if (found !== undefined) this.problems.push({ ...found, span: spanWithin(node, token.start, token.end) });
    }
  }

  #checkToken(token: ExpressionToken, node: ScalarNode, around: Around): Problem | undefined {
    const { expression, closed, inner, start, end } = token;
    if (!closed) return problem('expression-unclosed', '`${{` is not closed by `}}`');
    const text = `\`\${{ ${inner.trim()} }}\``;
    if (expression === undefined) {
      return problem('expression-unknown', `${text} is not an expression of a workflow`, `Known are ${FORMS}.`);
    }
    if (around.place === 'params') return problem('expression-place', `${text} can't be part of a parameter itself`);
    const alone = node.text.trim().length === end - start;
    switch (expression.kind) {
      case 'param':
        return this.#checkParam(expression.name);
      case 'item':
      case 'index':
        return this.#checkItem(expression, text, around);
      case 'output':
      case 'status':
        return checkReference(expression, text, around, alone);
      case 'run-status':
        if (around.exit === true && isOpen(around.place)) return undefined;
        return problem('expression-place', `${text} is known only in the texts of \`onExit\``);
      case 'secret':
        if (around.place === 'env' && alone) return undefined;
        return problem('expression-place', `${text} can only be the whole value of a variable`, 'Put it under `env:`.');
    }
  }

  #checkParam(name: string): Problem | undefined {
    const { declared } = this.#params;
    if (declared.has(name)) return undefined;
    const close = this.problems.length < MOST_GUESSES ? nearest(name, [...declared]) : undefined;
    const hint = didYouMean(close) ?? `Declare it:\nparams:\n  ${name}: a default`;
    return problem('param-unknown', `there is no parameter \`${name}\``, hint);
  }

  #checkItem(
    expression: Extract<Expression, { kind: 'item' | 'index' }>,
    text: string,
    { place, job, exit }: Around
  ): Problem | undefined {
    const foreach = valueOf(job, 'foreach');
    const copies = valueOf(job, 'copies');
    if (job === undefined || exit === true || (foreach === undefined && copies === undefined)) {
      const keys = expression.kind === 'item' ? '`foreach`' : '`foreach` or `copies`';
      return problem('item-unknown', `${text} is known only in a job with ${keys}`);
    }
    if (place === 'fixed' || place === 'foreach') {
      return problem('expression-place', `${text} can't stand here: it differs between the copies of the job`);
    }
    if (dynamicList(foreach) !== undefined) return checkDynamicItem(expression, text, place);
    if (expression.kind === 'index') return undefined;
    if (foreach === undefined) {
      return problem('item-unknown', `${text} is known only in a job with \`foreach\``, 'Use ${{ index }}.');
    }
    return expression.key === undefined ? undefined : this.#checkItemKey(job, expression.key);
  }

  #checkItemKey(job: SourceNode, key: string): Problem | undefined {
    const items = repeatOf(job, this.#params.params)?.items;
    if (items === undefined) return undefined;
    const known = this.#keysOf(job, items);
    if (known.has(key)) return undefined;
    const without = items.find(item => entryOf(item, key) === undefined);
    const message = `not every item of \`foreach\` has the key \`${key}\``;
    return {
      ...problem('item-unknown', message, didYouMean(nearest(key, [...known]))),
      ...(without === undefined ? {} : { related: [{ message: 'this one has not', span: without.span }] })
    };
  }

  #keysOf(job: SourceNode, items: readonly SourceNode[]): ReadonlySet<string> {
    const known = this.#itemKeys.get(job);
    if (known !== undefined) return known;
    const count = new Map<string, number>();
    for (const item of items) {
      if (item.kind !== 'map') continue;
      for (const { key } of item.entries) count.set(key, (count.get(key) ?? 0) + 1);
    }
    const keys = new Set([...count].flatMap(([key, times]) => (times === items.length ? [key] : [])));
    this.#itemKeys.set(job, keys);
    return keys;
  }
}

function placeOf(key: string, value: SourceNode): Place {
  // A list is known as a whole or not at all.
  if (key === 'foreach' && value.kind !== 'scalar') return 'fixed';
  return PLACES[key] ?? 'setting';
}

function checkDynamicItem(expression: Expression, text: string, place: Place): Problem | undefined {
  if (expression.kind === 'index') {
    return problem('expression-place', `${text} is not known when the list comes from another job`);
  }
  if (isOpen(place)) return undefined;
  const message = `${text} is known only while the run goes`;
  return problem('expression-place', message, 'Use it in the command, script, parameters, variables or `when`.');
}

function checkReference(
  expression: Extract<Expression, { kind: 'output' | 'status' }>,
  text: string,
  { place, job, exit }: Around,
  alone: boolean
): Problem | undefined {
  if (exit === true) {
    return problem('expression-place', `${text} is not known in \`onExit\`, which waits for no job`);
  }
  if (job !== undefined && isOpen(place)) return undefined;
  if (place === 'foreach' && expression.kind === 'output') {
    return alone ? undefined : problem('expression-place', `${text} must stand alone to be a list`);
  }
  const message = `${text} is known only while the run goes`;
  const hint =
    job === undefined
      ? 'Use it in a job.'
      : 'Use it in the command, script, parameters, variables or `when` of the job.';
  return problem('expression-place', message, hint);
}

function isOpen(place: Place): boolean {
  return place === 'text' || place === 'env';
}

function problem(id: DiagnosticId, message: string, hint?: string): Problem {
  return error(id, { start: 0, end: 0 }, message, hint);
}
