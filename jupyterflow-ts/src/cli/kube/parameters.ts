import type { WorkflowObject } from '../../engines/argo/objects.js';
import { EXIT, Failure } from '../failure.js';

/**
 * A Workflow with other values of its parameters.
 * @throws Failure when it has no such parameter, or that does not allow the value
 */
export function withParameters(workflow: WorkflowObject, params: Readonly<Record<string, string>>): WorkflowObject {
  const { parameters = [] } = workflow.spec.arguments ?? {};
  for (const [name, value] of Object.entries(params)) {
    const parameter = parameters.find(one => one.name === name);
    if (parameter === undefined)
      throw unknown(
        name,
        parameters.map(one => one.name)
      );
    if (parameter.enum?.includes(value) === false) {
      const message = `\`${name}\` must be one of ${parameter.enum.join(', ')}, not \`${value}\``;
      throw new Failure(EXIT.usage, message, { code: 'PARAMS' });
    }
    if (value.includes('{{')) {
      const hint = 'Run the file again, with -p: then it stays as it is.';
      throw new Failure(EXIT.usage, `Argo would read the {{ in the value of \`${name}\``, { code: 'PARAMS', hint });
    }
  }
  const given = new Map(Object.entries(params));
  if (given.size === 0) return workflow;
  const changed = parameters.map(one => ({ ...one, value: given.get(one.name) ?? one.value ?? '' }));
  return { ...workflow, spec: { ...workflow.spec, arguments: { parameters: changed } } };
}

function unknown(name: string, names: readonly string[]): Failure {
  const known = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
  const hint = `${known} Others are a part of its shape: run the file again, with -p.`;
  return new Failure(EXIT.usage, `the run has no parameter \`${name}\` that can be changed`, { code: 'PARAMS', hint });
}
