import { entryOf, valueOf, type MapEntry, type SourceNode } from '../source/node.js';
import { error, warning, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

const PLAIN = ['cpu', 'memory', 'gpu', 'disk'];
const KUBERNETES = ['requests', 'limits'];

/** One spelling of resources, and in that of Kubernetes one amount for what is needed and what may be used. */
export function checkResources(model: Model): readonly Problem[] {
  return settingMaps(model).flatMap(map => checkOne(valueOf(map, 'resources')));
}

function checkOne(resources: SourceNode | undefined): readonly Problem[] {
  const plain = PLAIN.flatMap(key => entryOf(resources, key) ?? [])[0];
  const kubernetes = KUBERNETES.flatMap(key => entryOf(resources, key) ?? [])[0];
  if (plain !== undefined && kubernetes !== undefined) {
    const message = `\`${plain.key}\` and \`${kubernetes.key}\` are of two spellings`;
    const related = [{ message: 'the other is here', span: kubernetes.keySpan }];
    return [{ ...error('resources-mixed', plain.keySpan, message, 'Use one of them.'), related }];
  }
  const requests = valueOf(resources, 'requests');
  return entriesOf(valueOf(resources, 'limits')).flatMap(({ key, value }) => {
    const request = valueOf(requests, key);
    if (request?.kind !== 'scalar' || value.kind !== 'scalar' || request.text === value.text) return [];
    const message = `the job asks for ${request.text} and may use ${value.text} of \`${key}\`; it is given ${value.text}`;
    const related = [{ message: 'what it asks for is here', span: request.span }];
    return [
      { ...warning('resources-differ', value.span, message, 'Write one amount: `resources: {cpu, memory}`.'), related }
    ];
  });
}

function entriesOf(node: SourceNode | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}
