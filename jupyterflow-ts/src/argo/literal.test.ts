import fc from 'fast-check';
import { BRACE_VARIABLE, literal, needsBrace } from './literal.js';

/** Kubernetes' expansion: k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go. */
function expand(input: string, env: Readonly<Record<string, string>>): string {
  let output = '';
  for (let at = 0; at < input.length; at++) {
    const next = input[at + 1];
    if (input[at] !== '$' || next === undefined) output += input.charAt(at);
    else if (next === '$') {
      output += '$';
      at += 1;
    } else if (next === '(' && input.includes(')', at)) {
      const close = input.indexOf(')', at);
      const name = input.slice(at + 2, close);
      output += env[name] ?? `$(${name})`;
      at = close;
    } else output += '$';
  }
  return output;
}

const env = { [BRACE_VARIABLE.name]: BRACE_VARIABLE.value, HOME: 'expanded' };

test.each([
  ['echo hello', 'echo hello'],
  ["awk '{print $1}'", "awk '{print $1}'"],
  ['{{x}}', '{$(JUPYTERFLOW_BRACE)x}}'],
  ['{{{', '{$(JUPYTERFLOW_BRACE)$(JUPYTERFLOW_BRACE)'],
  ['echo $(HOME)', 'echo $$(HOME)'],
  ['echo $$', 'echo $$$$']
])('%s is written as %s', (text, written) => {
  expect(literal(text)).toBe(written);
});

test('any text comes out of Kubernetes as it was, and Argo finds no tag in it', () => {
  const text = fc.string({ unit: fc.constantFrom('$', '(', ')', '{', '}', 'HOME', 'x', ' ') });
  fc.assert(
    fc.property(text, original => {
      const written = literal(original);
      expect(written).not.toContain('{{');
      expect(expand(written, env)).toBe(original);
      expect(written.includes('$(JUPYTERFLOW_BRACE)') && !needsBrace(original)).toBe(false);
    })
  );
});
