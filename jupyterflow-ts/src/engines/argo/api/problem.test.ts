import { connectionProblem, problemOf } from './problem.js';

const status = (reason: string, message: string, details: object = {}): string =>
  JSON.stringify({ kind: 'Status', status: 'Failure', reason, message, details });

const FORBIDDEN =
  'workflows.argoproj.io is forbidden: User "system:serviceaccount:science:ann" cannot create resource "workflows" in API group "argoproj.io" in the namespace "science"';

test.each([
  [401, status('Unauthorized', 'Unauthorized'), 'UNAUTHENTICATED', 'the cluster does not accept these credentials'],
  [
    403,
    status('Forbidden', FORBIDDEN),
    'FORBIDDEN',
    'system:serviceaccount:science:ann may not create workflows in the namespace science'
  ],
  [
    403,
    status('Forbidden', 'workflows.argoproj.io "x" is forbidden: admission webhook "policy" denied the request: no'),
    'FORBIDDEN',
    'admission webhook "policy" denied the request: no'
  ],
  [404, '404 page not found\n', 'NOT_INSTALLED', 'the cluster has no Argo Workflows'],
  [
    404,
    status('NotFound', 'the server could not find the requested resource'),
    'NOT_INSTALLED',
    'the cluster has no Argo Workflows'
  ],
  [
    404,
    status('NotFound', 'workflows.argoproj.io "x" not found', { name: 'x', kind: 'workflows' }),
    'NOT_FOUND',
    'workflows.argoproj.io "x" not found'
  ],
  [
    404,
    status('NotFound', 'namespaces "lab" not found', { name: 'lab', kind: 'namespaces' }),
    'NOT_FOUND',
    'there is no namespace lab'
  ],
  [
    409,
    status('AlreadyExists', 'workflows.argoproj.io "x" already exists'),
    'EXISTS',
    'workflows.argoproj.io "x" already exists'
  ],
  [409, status('Conflict', 'modified'), 'CONFLICT', 'modified'],
  [410, status('Expired', 'too old resource version'), 'GONE', 'too old resource version'],
  [413, 'Request entity too large: limit is 3145728', 'TOO_LARGE', 'the cluster does not take an object that large'],
  [500, status('', 'etcdserver: request is too large'), 'TOO_LARGE', 'the cluster does not take an object that large'],
  [429, status('TooManyRequests', 'slow down', { retryAfterSeconds: 7 }), 'BUSY', 'slow down'],
  [503, 'upstream connect error', 'BUSY', 'upstream connect error'],
  [418, '', 'REFUSED', 'the cluster answered 418']
])('%i %s', (code, body, expected, message) => {
  expect(problemOf(code, body)).toMatchObject({ code: expected, message });
});

test('a missing right comes with the Role to ask for', () => {
  expect(problemOf(403, status('Forbidden', FORBIDDEN)).hint).toBe(`Ask who runs the cluster to apply:
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: jupyterflow, namespace: science}
rules:
  - {apiGroups: ["argoproj.io"], resources: [workflows], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: jupyterflow, namespace: science}
roleRef: {kind: Role, name: jupyterflow, apiGroup: rbac.authorization.k8s.io}
subjects:
  - {kind: ServiceAccount, name: ann, namespace: science}`);
});

test.each([
  [
    422,
    status('Invalid', 'Workflow.argoproj.io "x" is invalid', {
      causes: [
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: "integer"',
          field: 'spec.templates[1].container.image'
        },
        { reason: 'FieldValueInvalid', message: 'too many', field: '<nil>' }
      ]
    }),
    [{ path: 'spec.templates[1].container.image', message: 'Invalid value: "integer"' }]
  ],
  [
    400,
    status('BadRequest', 'strict decoding error: unknown field "spec.templates[0].imag", duplicate field "spec.a"'),
    [
      { path: 'spec.templates[0].imag', message: 'this Argo does not know the field' },
      { path: 'spec.a', message: 'the field is there twice' }
    ]
  ],
  [422, 'not JSON', []]
])('the fields of an invalid object: %i %s', (code, body, fields) => {
  expect(problemOf(code, body)).toMatchObject({ code: 'INVALID', fields });
});

test.each([
  [
    { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' },
    'UNREACHABLE',
    "the cluster at https://k can't be reached: connect ECONNREFUSED 127.0.0.1:1"
  ],
  [
    { code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' },
    'UNTRUSTED',
    'the certificate of https://k is not trusted: certificate has expired'
  ],
  [
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'self-signed certificate in certificate chain' },
    'UNTRUSTED',
    'the certificate of https://k is not trusted: self-signed certificate in certificate chain'
  ],
  [
    { code: 'ERR_TLS_CERT_ALTNAME_INVALID', message: "Host: k. is not in the cert's altnames" },
    'UNTRUSTED',
    "the certificate of https://k is not trusted: Host: k. is not in the cert's altnames"
  ]
])('a connection that fails: %j', (error, code, message) => {
  expect(connectionProblem('https://k', Object.assign(new Error(error.message), error))).toMatchObject({
    code,
    message
  });
});
