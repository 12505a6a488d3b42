import { valueOf, type MapEntry, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** All annotations of an object together (k8s.io/apimachinery, TotalAnnotationSizeLimitB). */
const MAX_ANNOTATIONS = 262_144;
const OURS = 'jupyterflow.io/';

/** Labels, annotations and node selectors as Kubernetes takes them (kubernetes.io, "Labels and Selectors"). */
export function checkLabels(model: Model): readonly Problem[] {
  const labels = entriesOf(valueOf(model.root, 'labels'));
  const annotations = entriesOf(valueOf(model.root, 'annotations'));
  const selectors = settingMaps(model).flatMap(map => entriesOf(valueOf(map, 'nodeSelector')));
  const size = annotations.reduce((sum, { key, value }) => sum + key.length + textOf(value).length, 0);
  const [first] = annotations;
  return [
    ...[...labels, ...annotations].flatMap(entry => checkKey(entry, true)),
    ...selectors.flatMap(entry => checkKey(entry, false)),
    ...[...labels, ...selectors].flatMap(checkValue),
    ...(size > MAX_ANNOTATIONS && first !== undefined
      ? [
          error(
            'annotations-too-large',
            first.keySpan,
            `all annotations together have ${size} characters; the limit is ${MAX_ANNOTATIONS}`
          )
        ]
      : [])
  ];
}

function entriesOf(node: SourceNode | undefined): readonly MapEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

function checkKey({ key, keySpan }: MapEntry, reserved: boolean): readonly Problem[] {
  const slash = key.indexOf('/');
  const [prefix, name] = slash === -1 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)];
  if (!NAME.test(name) || (prefix !== undefined && !PREFIX.test(prefix))) {
    const hint = 'Letters, digits, -, _ and ., at most 63; before it may stand a domain and /.';
    return [error('label-key', keySpan, `\`${key}\` can't be the key of a label`, hint)];
  }
  if (!reserved || !key.startsWith(OURS)) return [];
  return [error('label-reserved', keySpan, `\`${key}\` is set by JupyterFlow itself`, 'Choose another prefix.')];
}

function checkValue({ key, value }: MapEntry): readonly Problem[] {
  if (VALUE.test(textOf(value))) return [];
  const hint = 'Letters, digits, -, _ and ., at most 63. Longer texts can be annotations.';
  return [error('label-value', value.span, `\`${textOf(value)}\` can't be the value of the label \`${key}\``, hint)];
}

function textOf(value: SourceNode): string {
  return value.kind === 'scalar' ? value.text : '';
}
