import { defined } from '../defined.js';

export type KubernetesErrorCode =
  /** There is no kubeconfig, or it can't be used. */
  | 'NO_CLUSTER'
  | 'NO_CONTEXT'
  | 'UNREACHABLE'
  /** The certificate of the server is not one that the kubeconfig trusts. */
  | 'UNTRUSTED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  /** The cluster does not know this kind of object. */
  | 'NOT_INSTALLED'
  | 'NOT_FOUND'
  | 'EXISTS'
  | 'CONFLICT'
  /** What was asked for is too old to be had. */
  | 'GONE'
  | 'INVALID'
  | 'TOO_LARGE'
  | 'BUSY'
  | 'REFUSED';

/** One field of an object that the API server does not take. */
export interface FieldProblem {
  /** As Kubernetes writes it: `spec.templates[1].container.image`. */
  readonly path: string;
  readonly message: string;
}

/** A right that a Role gives. */
export interface RbacRule {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  readonly namespace?: string;
  /** Who lacks it, as the server calls them. */
  readonly user?: string;
}

interface Details {
  readonly hint?: string | undefined;
  readonly fields?: readonly FieldProblem[] | undefined;
  readonly rule?: RbacRule | undefined;
  /** When to ask again, in seconds. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Why a cluster did not do what it was asked for. Neither message nor hint holds a credential. */
export class KubernetesError extends Error {
  readonly hint: string | undefined;
  readonly fields: readonly FieldProblem[];
  readonly rule: RbacRule | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: KubernetesErrorCode,
    message: string,
    { hint, fields, rule, retryAfter, cause }: Details = {}
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'KubernetesError';
    this.hint = hint;
    this.fields = fields ?? [];
    this.rule = rule;
    this.retryAfter = retryAfter;
  }
}

/** `Status` of Kubernetes' API conventions (sig-architecture/api-conventions.md, "Response status kind"). */
interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly causes?: readonly { readonly field?: string; readonly message?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

const INSTALL_ARGO = 'Ask who runs the cluster to install Argo Workflows (https://argo-workflows.readthedocs.io).';

/** What an answer that is no success says. `body` is whatever the server, or something before it, wrote. */
export function problemOf(httpStatus: number, body: string): KubernetesError {
  const status = parseStatus(body);
  const message = status?.message ?? (body.trim().slice(0, 300) || `the cluster answered ${httpStatus}`);
  if (/request is too large|too large:/i.test(message)) return tooLarge();
  const make = BY_STATUS[httpStatus];
  if (make !== undefined) return make(message, status);
  return new KubernetesError(httpStatus >= 500 ? 'BUSY' : 'REFUSED', message);
}

type Maker = (message: string, status: ApiStatus | undefined) => KubernetesError;

const invalid: Maker = (message, status) =>
  new KubernetesError('INVALID', message, { fields: fieldsOf(status, message) });

const BY_STATUS: Readonly<Record<number, Maker>> = {
  400: invalid,
  401: () =>
    new KubernetesError('UNAUTHENTICATED', 'the cluster does not accept these credentials', {
      hint: 'Log in to the cluster again; a token may have expired.'
    }),
  403: forbidden,
  404: notFound,
  409: (message, status) =>
    new KubernetesError(status?.reason === 'AlreadyExists' ? 'EXISTS' : 'CONFLICT', message, {
      fields: fieldsOf(status, message)
    }),
  410: message => new KubernetesError('GONE', message),
  413: tooLarge,
  422: invalid,
  429: (message, status) =>
    new KubernetesError('BUSY', message, { retryAfter: status?.details?.retryAfterSeconds ?? 1 })
};

function parseStatus(body: string): ApiStatus | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function forbidden(message: string): KubernetesError {
  const match =
    /User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?/.exec(
      message
    );
  if (match === null) return new KubernetesError('FORBIDDEN', message.replace(/^.*? is forbidden: /, ''));
  const [, user, verb = '', resource = '', group = '', namespace] = match;
  const rule = defined({ verb, resource, group, namespace, user });
  const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  return new KubernetesError('FORBIDDEN', `${user ?? 'you'} may not ${verb} ${resource}${where}`, {
    rule,
    hint: `Ask who runs the cluster to apply:\n${roleFor([rule])}`
  });
}

function notFound(message: string, status: ApiStatus | undefined): KubernetesError {
  const { kind, name } = status?.details ?? {};
  if (kind === 'namespaces')
    return new KubernetesError('NOT_FOUND', `there is no namespace ${name ?? ''}`, {
      hint: 'Name another one with --namespace.'
    });
  if (name !== undefined && name !== '') return new KubernetesError('NOT_FOUND', message);
  return new KubernetesError('NOT_INSTALLED', 'the cluster has no Argo Workflows', { hint: INSTALL_ARGO });
}

function tooLarge(): KubernetesError {
  return new KubernetesError('TOO_LARGE', 'the cluster does not take an object that large', {
    hint: 'Split the workflow, or fold jobs that differ in a value only with `foreach` or `copies`.'
  });
}

/** Fields in `details.causes`, or in the text of a strict decoding error. */
function fieldsOf(status: ApiStatus | undefined, message: string): readonly FieldProblem[] {
  const causes = status?.details?.causes ?? [];
  const named = causes.flatMap(({ field, message: text }) =>
    field === undefined || field === '<nil>' ? [] : [{ path: field, message: text ?? 'is not valid' }]
  );
  if (named.length > 0) return named;
  return [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)].map(([, what, path]) => ({
    path: path ?? '',
    message: what === 'unknown' ? 'this Argo does not know the field' : 'the field is there twice'
  }));
}

/** A connection that could not be made, in words. */
export function connectionProblem(server: string, error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (/^(?:UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT)/.test(code)) {
    return new KubernetesError('UNTRUSTED', `the certificate of ${server} is not trusted: ${message}`, {
      hint: 'The kubeconfig must hold the authority that signed it (certificate-authority-data).',
      cause: error
    });
  }
  return new KubernetesError('UNREACHABLE', `the cluster at ${server} can't be reached: ${message || code}`, {
    hint: 'Is the cluster running, and the context the right one? See `kubectl config get-contexts`.',
    cause: error
  });
}

/** The Role and its RoleBinding that give rights to a service account, as YAML to apply. */
export function roleFor(rules: readonly RbacRule[]): string {
  const [first] = rules;
  const account = /^system:serviceaccount:([^:]+):(.+)$/.exec(first?.user ?? '');
  const namespace = first?.namespace ?? account?.[1] ?? 'default';
  const subject =
    account === null
      ? [`  - {kind: User, name: ${JSON.stringify(first?.user ?? 'NAME')}, apiGroup: rbac.authorization.k8s.io}`]
      : [`  - {kind: ServiceAccount, name: ${account[2] ?? ''}, namespace: ${account[1] ?? ''}}`];
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    `metadata: {name: jupyterflow, namespace: ${namespace}}`,
    'rules:',
    ...groupRules(rules),
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: RoleBinding',
    `metadata: {name: jupyterflow, namespace: ${namespace}}`,
    'roleRef: {kind: Role, name: jupyterflow, apiGroup: rbac.authorization.k8s.io}',
    'subjects:',
    ...subject
  ].join('\n');
}

function groupRules(rules: readonly RbacRule[]): readonly string[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verb } of rules) {
    const key = `apiGroups: ["${group}"], resources: [${resource}]`;
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb));
  }
  return [...verbs].map(([key, of]) => `  - {${key}, verbs: [${[...of].join(', ')}]}`);
}
