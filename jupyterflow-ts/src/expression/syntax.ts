/** What may stand in `${{ ... }}`. */
export type Expression =
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'item'; readonly key?: string }
  | { readonly kind: 'index' }
  | { readonly kind: 'output'; readonly job: string; readonly output: string }
  | { readonly kind: 'status'; readonly job: string }
  | { readonly kind: 'run-status' }
  | { readonly kind: 'secret'; readonly secret: string; readonly key: string };

/** One `${{ ... }}` of a text. */
export interface ExpressionToken {
  /** Where it begins in the text, and ends: up to, not including. */
  readonly start: number;
  readonly end: number;
  /** What stands between the braces. */
  readonly inner: string;
  readonly closed: boolean;
  /** Absent when it is none that is known. */
  readonly expression?: Expression;
}

const TOKEN = /\$\{\{([^}]*(?:\}(?!\})[^}]*)*)(\}\})?/g;

type Form = readonly [RegExp, (first: string, second: string) => Expression];

const FORMS: readonly Form[] = [
  [/^params\.([A-Za-z_][-\w]*)$/, name => ({ kind: 'param', name })],
  [/^item$/, () => ({ kind: 'item' })],
  [/^item\.([A-Za-z_][-\w]*)$/, key => ({ kind: 'item', key })],
  [/^index$/, () => ({ kind: 'index' })],
  [/^jobs\.([A-Za-z][-A-Za-z0-9]*)\.outputs\.([A-Za-z_][-\w]*)$/, (job, output) => ({ kind: 'output', job, output })],
  [/^jobs\.([A-Za-z][-A-Za-z0-9]*)\.status$/, job => ({ kind: 'status', job })],
  [/^workflow\.status$/, () => ({ kind: 'run-status' })],
  [/^secrets\.([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.([-.\w]+)$/, (secret, key) => ({ kind: 'secret', secret, key })]
];

/** Every `${{ ... }}` of a text, in order. */
export function findExpressions(text: string): readonly ExpressionToken[] {
  if (!text.includes('${{')) return [];
  return [...text.matchAll(TOKEN)].map(match => {
    const [whole, inner = '', close] = match;
    const token = { start: match.index, end: match.index + whole.length, inner, closed: close !== undefined };
    const expression = token.closed ? parseExpression(inner.trim()) : undefined;
    return expression === undefined ? token : { ...token, expression };
  });
}

function parseExpression(text: string): Expression | undefined {
  for (const [form, make] of FORMS) {
    const match = form.exec(text);
    if (match !== null) return make(match[1] ?? '', match[2] ?? '');
  }
  return undefined;
}

/** The text with every expression made one word of the same length. */
export function maskExpressions(text: string): string {
  return text.replace(TOKEN, (whole, _, close: string | undefined) =>
    close === undefined ? whole : '_'.repeat(whole.length)
  );
}
