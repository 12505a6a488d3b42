import { pathOf, type KubernetesClient } from '../../engines/argo/api/client.js';
import { KubernetesError, roleFor, type RbacRule } from '../../engines/argo/api/problem.js';
import { Failure } from '../failure.js';
import type { Check } from './check.js';

const ARGO = 'argoproj.io';

/** What the command does on a cluster; without the first ones it can do nothing. */
const RIGHTS: readonly (readonly [group: string, resource: string, verbs: readonly string[], needed: boolean])[] = [
  [ARGO, 'workflows', ['create', 'get', 'list'], true],
  [ARGO, 'workflows', ['watch', 'patch', 'update', 'delete'], false],
  [ARGO, 'cronworkflows', ['get', 'list', 'create', 'patch', 'delete'], false],
  ['', 'pods', ['get', 'delete'], false],
  ['', 'pods/log', ['get'], false]
];

/** Is there a cluster, does it run Argo Workflows, and may the caller use it? Later checks need the earlier ones. */
export async function checkCluster(
  open: () => KubernetesClient,
  serviceAccount = 'default'
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  try {
    const client = open();
    checks.push(await checkServer(client));
    checks.push(await checkArgo(client));
    checks.push(await checkRights(client));
    checks.push(await checkJobs(client, serviceAccount));
  } catch (error) {
    checks.push({ name: NAMES[checks.length] ?? 'cluster', ...failed(error) });
  }
  return checks;
}

const NAMES = ['cluster', 'Argo Workflows', 'rights', 'rights of jobs'];

async function checkServer(client: KubernetesClient): Promise<Check> {
  const { gitVersion = 'unknown' } = await client.json<{ readonly gitVersion?: string }>({ path: '/version' });
  const detail = `Kubernetes ${gitVersion} at ${client.server}, namespace ${client.namespace}`;
  return { name: 'cluster', status: 'ok', detail };
}

async function checkArgo(client: KubernetesClient): Promise<Check> {
  const path = pathOf('apis', ARGO, 'v1alpha1');
  const { resources = [] } = await client.json<{ readonly resources?: readonly { readonly name: string }[] }>({ path });
  const names = new Set(resources.map(({ name }) => name));
  const missing = ['workflows', 'cronworkflows', 'workflowtaskresults'].filter(kind => !names.has(kind));
  if (missing.length > 0) {
    const mend = 'Ask who runs the cluster to install all CustomResourceDefinitions of Argo Workflows';
    return { name: 'Argo Workflows', status: 'fail', detail: `the cluster does not know ${missing.join(', ')}`, mend };
  }
  return { name: 'Argo Workflows', status: 'ok', detail: `${ARGO}/v1alpha1, ${await releaseOf(client)}` };
}

/** The releases differ in the fields of a CronWorkflow. */
async function releaseOf(client: KubernetesClient): Promise<string> {
  const path = pathOf('apis', 'apiextensions.k8s.io', 'v1', 'customresourcedefinitions', `cronworkflows.${ARGO}`);
  try {
    const definition = await client.json<Definition>({ path });
    const [version] = definition.spec?.versions ?? [];
    const fields = version?.schema?.openAPIV3Schema?.properties?.['spec']?.properties;
    if (fields === undefined) return 'without the schema of its fields: mistakes in them are found by Argo only';
    if (!('schedules' in fields)) return 'release 3.5 or before: set `argoVersion: "3.5"` in ~/.jupyterflow.yaml';
    return 'schedule' in fields ? 'release 3.6 or 3.7' : 'release 4';
  } catch (error) {
    if (error instanceof KubernetesError)
      return 'its release can not be seen without the right to read CustomResourceDefinitions';
    throw error;
  }
}

interface Definition {
  readonly spec?: {
    readonly versions?: readonly { readonly schema?: { readonly openAPIV3Schema?: Schema } }[];
  };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

async function checkRights(client: KubernetesClient): Promise<Check> {
  const name = 'rights';
  const asked = RIGHTS.flatMap(([group, resource, verbs, needed]) =>
    verbs.map(verb => ({ verb, resource, group, namespace: client.namespace, needed }))
  );
  const allowed = await Promise.all(asked.map(rule => isAllowed(client, rule)));
  const missing = asked.filter((_, at) => allowed[at] !== true);
  if (missing.length === 0) return { name, status: 'ok', detail: `all that the command does in ${client.namespace}` };
  return {
    name,
    status: missing.some(({ needed }) => needed) ? 'fail' : 'warn',
    detail: `missing: ${missing.map(({ verb, resource }) => `${verb} ${resource}`).join(', ')}`,
    mend: `Ask who runs the cluster to apply:\n${roleFor(missing)}`
  };
}

/** Asks the cluster what the caller may do (authorization.k8s.io/v1 SelfSubjectAccessReview); everybody may ask that. */
async function isAllowed(client: KubernetesClient, rule: RbacRule): Promise<boolean> {
  const { status } = await client.json<Review>({
    method: 'POST',
    path: pathOf('apis', 'authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'),
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: attributes(rule) }
    }
  });
  return status?.allowed === true;
}

interface Review {
  readonly status?: { readonly allowed?: boolean };
}

/** May the pods of jobs report their results? Only who may ask about others can know. */
async function checkJobs(client: KubernetesClient, account: string): Promise<Check> {
  const name = 'rights of jobs';
  const { namespace } = client;
  const user = `system:serviceaccount:${namespace}:${account}`;
  const rules = ['create', 'patch'].map(verb => ({
    verb,
    resource: 'workflowtaskresults',
    group: ARGO,
    namespace,
    user
  }));
  const mend = `Jobs run as the service account ${account}. Ask who runs the cluster to apply:\n${roleFor(rules)}`;
  try {
    const answers = await Promise.all(rules.map(rule => mayBeDone(client, rule)));
    if (answers.every(Boolean))
      return { name, status: 'ok', detail: `${account} may create and patch workflowtaskresults` };
    return { name, status: 'fail', detail: `${account} may not create and patch workflowtaskresults`, mend };
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.code !== 'FORBIDDEN') throw error;
    const detail = `whether ${account} may create and patch workflowtaskresults can not be known without the right to ask about others`;
    return { name, status: 'warn', detail, mend: `If jobs end with an error about workflowtaskresults: ${mend}` };
  }
}

async function mayBeDone(client: KubernetesClient, rule: RbacRule): Promise<boolean> {
  const spec = {
    user: rule.user,
    groups: ['system:serviceaccounts', 'system:authenticated'],
    resourceAttributes: attributes(rule)
  };
  const { status } = await client.json<Review>({
    method: 'POST',
    path: pathOf('apis', 'authorization.k8s.io', 'v1', 'subjectaccessreviews'),
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec }
  });
  return status?.allowed === true;
}

function attributes({ verb, resource, group, namespace }: RbacRule): object {
  const [kind = '', subresource] = resource.split('/');
  return { verb, group, resource: kind, namespace, ...(subresource === undefined ? {} : { subresource }) };
}

function failed(error: unknown): Omit<Check, 'name'> {
  if (!(error instanceof KubernetesError || error instanceof Failure)) throw error;
  const { message, hint } = error;
  return { status: 'fail', detail: message, ...(hint === undefined ? {} : { mend: hint }) };
}
