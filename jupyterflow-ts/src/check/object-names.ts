import { entryOf, isString, itemsOf, valueOf, type MapNode, type ScalarNode, type SourceNode } from '../source/node.js';
import { error, type Problem } from '../source/problem.js';
import { settingMaps, type Model } from './model.js';

/** Name of an object of a cluster: a DNS subdomain (RFC 1123). */
const NAME = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const STORE_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

const KEY_REFERENCES = [
  ['a secret', 'secretKeyRef'],
  ['a ConfigMap', 'configMapKeyRef']
] as const;

/** Names of service accounts, secrets, ConfigMaps, priority classes and sites, as clusters allow them. */
export function checkObjectNames(model: Model): readonly Problem[] {
  return settingMaps(model).flatMap(map => [
    ...objectNames(map).flatMap(([what, node]) => checkName(what, node)),
    ...envFromOf(map).flatMap(checkSource),
    ...itemsOf(valueOf(map, 'env')).flatMap(item => {
      return KEY_REFERENCES.flatMap(([what, reference]) => {
        const key = valueOf(valueOf(valueOf(item, 'valueFrom'), reference), 'key');
        if (!isString(key) || STORE_KEY.test(key.value)) return [];
        return [error('object-name', key.span, `\`${key.text}\` can't be the key of ${what}`)];
      });
    }),
    ...doubleEnvFrom(map)
  ]);
}

/** Either spelling; of both the new one. */
export function envFromOf(map: MapNode): readonly SourceNode[] {
  return itemsOf(valueOf(map, 'envFrom') ?? valueOf(map, 'env_from'));
}

function doubleEnvFrom(map: MapNode): readonly Problem[] {
  const [old, now] = [entryOf(map, 'env_from'), entryOf(map, 'envFrom')];
  if (old === undefined || now === undefined) return [];
  const related = [{ message: 'the other is here', span: now.keySpan }];
  const message = '`env_from` is the old spelling of `envFrom`, which is here too';
  return [{ ...error('env-from-twice', old.keySpan, message, 'Keep `envFrom`.'), related }];
}

function objectNames(map: MapNode): readonly (readonly [string, SourceNode | undefined])[] {
  return [
    ['a service account', valueOf(map, 'serviceAccountName')],
    ['a priority class', valueOf(map, 'priority')],
    ['a site', valueOf(map, 'site')],
    ...itemsOf(valueOf(map, 'imagePullSecrets')).map(
      item => ['a secret', item.kind === 'map' ? valueOf(item, 'name') : item] as const
    ),
    ...envFromOf(map).flatMap(
      item =>
        [
          ['a secret', valueOf(valueOf(item, 'secretRef'), 'name')],
          ['a ConfigMap', valueOf(valueOf(item, 'configMapRef'), 'name')]
        ] as const
    ),
    ...itemsOf(valueOf(map, 'env')).flatMap(item =>
      KEY_REFERENCES.map(
        ([what, reference]) => [what, valueOf(valueOf(valueOf(item, 'valueFrom'), reference), 'name')] as const
      )
    )
  ];
}

function checkName(what: string, node: SourceNode | undefined): readonly Problem[] {
  if (!isString(node) || NAME.test(node.value)) return [];
  const hint = 'Use small letters, digits and -.';
  return [error('object-name', node.span, `\`${node.text}\` can't be the name of ${what}`, hint)];
}

function checkSource(source: SourceNode): readonly Problem[] {
  const refs = ['secretRef', 'configMapRef'].flatMap(key => entryOf(source, key) ?? []);
  const [first, second] = refs;
  if (source.kind !== 'map') return [];
  if (first === undefined) {
    const message = 'this set of variables does not say where it comes from';
    return [
      error('env-from-source', source.entries[0]?.keySpan ?? source.span, message, 'Add `secretRef` or `configMapRef`.')
    ];
  }
  if (second !== undefined) {
    const message = 'this set of variables says twice where it comes from';
    return [error('env-from-source', second.keySpan, message, 'Keep one of them.')];
  }
  const prefix = valueOf(source, 'prefix');
  return isString(prefix) && !/^([A-Za-z_][A-Za-z0-9_]*)?$/.test(prefix.value) ? [badPrefix(prefix)] : [];
}

function badPrefix(node: ScalarNode): Problem {
  const hint = 'Use letters, digits and _, with no digit first.';
  return error('env-name-invalid', node.span, `\`${node.text}\` can't begin the name of a variable`, hint);
}
