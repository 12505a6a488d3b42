import type { PlanCondition, PlanOperand, PlanReference } from '../plan/plan.js';
import { BRACE_REFERENCE } from './literal.js';

/**
 * Expressions of the language that Argo evaluates in `{{= ... }}` (expr-lang.org), kept to what all of Argo 3.5 to 4 read:
 * - No `?`: Argo 3.5 takes a text with `?` and `:` for a ternary and cuts it there.
 * - Texts of users are quoted, never pasted; other jobs are named by `tasks['name']`, for a name may hold a `-`.
 * - What may be missing is got by `get`, for Argo 4 refuses a path that leads nowhere.
 */

/** How an expression of a task gets at what a reference stands for. */
export interface References {
  /** An expression whose value is the text that a reference stands for. */
  readonly valueOf: (reference: PlanReference) => string;
}

/** The tag of an expression. */
export function tag(expression: string): string {
  // Two braces side by side would end or begin a tag.
  return `{{=${expression.replace(/\}(?=\})/g, '} ')}}}`;
}

/** A string literal. What could end it, or mean something to Argo's search for tags and ternaries, is escaped. */
export function quote(text: string): string {
  const escaped = text.replace(
    /["'\\{}?:\u0000-\u001f\u007f-\u009f\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
  return `'${escaped}'`;
}

/** The output of a task that certainly has it. */
export function outputOf(task: string, output: string): string {
  return `tasks[${quote(task)}].outputs.parameters[${quote(output)}]`;
}

/** The output of a task that may have been skipped: then nil. */
export function outputIfAny(task: string, output: string): string {
  return `get(get(get(tasks[${quote(task)}], 'outputs'), 'parameters'), ${quote(output)})`;
}

/** The output of a task if it Succeeded, else nil: Argo also keeps what a failed one has left. */
export function outputIfSucceeded(task: string, output: string): string {
  return `first(filter([${outputIfAny(task, output)}], {${statusOf(task)} == 'Succeeded'}))`;
}

/** What an expression is, or a text when that is nil. */
export function orElse(expression: string, missing: string): string {
  return `first(filter([${expression}, ${quote(missing)}], {# != nil}))`;
}

/** The value of a parameter of the Workflow, whoever gave it. */
export function parameterOf(name: string): string {
  return `workflow.parameters[${quote(name)}]`;
}

export function statusOf(task: string): string {
  return `tasks[${quote(task)}].status`;
}

/** The worst of the statuses of several tasks. */
export function worstStatusOf(tasks: readonly string[]): string {
  const worst = ['Error', 'Failed', 'Omitted', 'Succeeded', 'Skipped'].map(quote).join(', ');
  return `first(filter([${worst}], {# in [${tasks.map(statusOf).join(', ')}]}))`;
}

/** JSON list of texts, without those that are nil. */
export function listOf(expressions: readonly string[]): string {
  return `toJson(filter([${expressions.join(', ')}], {# != nil}))`;
}

/** An item of a JSON list, where its position is known: a text as it is, all else as JSON. */
export function itemOf(list: string, key: string | undefined): string {
  const item = `fromJSON(${list})[#]${key === undefined ? '' : `[${quote(key)}]`}`;
  return `first(filter([${item}, toJson(${item})], {type(#) == 'string'}))`;
}

/**
 * A JSON list of maps with these texts, one for each item of a JSON list, where its position is `#`. Without a value when
 * what should be a list is none: a map has a length too, and an empty one would be an empty list.
 */
export function mapOf(list: string, texts: ReadonlyMap<string, string>): string {
  const fields = [...texts].map(([name, text]) => `${quote(name)}: ${text}`).join(', ');
  const onlyList = `filter([fromJSON(${list})], {type(#) == 'array'})[0]`;
  return `toJson(map(0..(len(${onlyList}) - 1), { {${fields}} }))`;
}

/** The position in {@link mapOf}, as a text. */
export const POSITION = 'toJson(#)';

/** A text in the form in which Kubernetes and Argo give it to the container unchanged, see `literal`. */
export function encoded(expression: string): string {
  return `replace(replace(${expression}, '$', '$$'), '{', '${BRACE_REFERENCE}')`;
}

/** Decimal numbers, as both this language and JavaScript read them; an empty alternative stands for `?`. */
const NUMBER = '^(|[-+])([0-9]+|[0-9]+[.][0-9]*|[.][0-9]+)(|[eE](|[-+])[0-9]+)$';
const IS_NUMBER = new RegExp(NUMBER);

/** What is known before the run of the two sides of a comparison. */
type Side = { readonly text: string; readonly number: string | undefined } | { readonly expression: string };

/** The condition as an expression that is true or false. */
export function conditionOf(condition: PlanCondition, references: References): string {
  switch (condition.kind) {
    case 'all':
    case 'any': {
      const parts = condition.of.map(part => conditionOf(part, references));
      if (parts.length === 0) return String(condition.kind === 'all');
      return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(condition.kind === 'all' ? ' && ' : ' || ')})`;
    }
    case 'not':
      return `!(${conditionOf(condition.of, references)})`;
    default:
      return comparison(condition.kind, sideOf(condition.left, references), sideOf(condition.right, references));
  }
}

function sideOf(operand: PlanOperand, { valueOf }: References): Side {
  if (typeof operand === 'object') return { expression: valueOf(operand) };
  const text = String(operand);
  return { text, number: IS_NUMBER.test(text.trim()) ? String(Number(text)) : undefined };
}

/** Of numbers when both sides are numbers, else of texts: which of the two is known only when the values are. */
function comparison(operator: string, left: Side, right: Side): string {
  const texts = `${asText(left)} ${operator} ${asText(right)}`;
  if (neverNumber(left) || neverNumber(right)) return texts;
  const numbers = `${asNumber(left)} ${operator} ${asNumber(right)}`;
  const checks = [left, right].flatMap(side => ('text' in side ? [] : [`${side.expression} matches '${NUMBER}'`]));
  if (checks.length === 0) return numbers;
  const both = checks.join(' && ');
  // No text that is no number equals one.
  if (checks.length === 1 && operator === '==') return `(${both} && ${numbers})`;
  if (checks.length === 1 && operator === '!=') return `(!(${both}) || ${numbers})`;
  return `((${both} && ${numbers}) || (!(${both}) && ${texts}))`;
}

function neverNumber(side: Side): boolean {
  return 'text' in side && side.number === undefined;
}

function asText(side: Side): string {
  return 'text' in side ? quote(side.text) : side.expression;
}

function asNumber(side: Side): string {
  return 'text' in side ? (side.number ?? '') : `float(${side.expression})`;
}
