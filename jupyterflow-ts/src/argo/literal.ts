/** Stands for `{` where Argo would read two of them as a template tag. */
const BRACE = 'JUPYTERFLOW_BRACE';
export const BRACE_REFERENCE = `$(${BRACE})`;

/** To be put before the variables and commands that use {@link literal} on a text with `{{`. */
export const BRACE_VARIABLE = { name: BRACE, value: '{' };

/** Does the literal form of this text refer to {@link BRACE_VARIABLE}? */
export function needsBrace(text: string): boolean {
  return text.includes('{{');
}

/**
 * Writes a text so that it reaches the container unchanged through both that would expand it:
 * Kubernetes, which reads `$(NAME)` as a variable and `$$` as `$` in commands and variables
 * (k8s.io/kubernetes/third_party/forked/golang/expansion), and Argo, which replaces `{{...}}` anywhere in a template
 * and knows no escape. So `$` is doubled where it would be read, and of braces side by side all but the first become
 * a reference to a variable that holds one.
 */
export function literal(text: string): string {
  if (!text.includes('$') && !text.includes('{{')) return text;
  const dollars = text.replace(/\$+(?=\()|\${2,}/g, run => run + run);
  return dollars.replace(/(?<=\{)\{/g, BRACE_REFERENCE);
}

/** {@link literal} of a text that is followed by one that is known only while the run goes, and may begin with anything. */
export function literalBefore(text: string): string {
  const [, start = '', end = ''] = /^(.*?)([${]*)$/s.exec(text) ?? [];
  return literal(start) + end.replace(/\$/g, '$$$$').replace(/\{/g, BRACE_REFERENCE);
}
