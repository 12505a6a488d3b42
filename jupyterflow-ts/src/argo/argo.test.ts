import fc from 'fast-check';
import type { Plan } from '../plan/plan.js';
import { claimName, toArgo } from './argo.js';

const job = { argv: ['true'], dependsOn: [], env: [], volumes: [], retries: 0, resources: {} };

test('the smallest workflow says what Argo needs and no more', () => {
  const plan: Plan = { name: 'small', failFast: true, jobs: [{ ...job, name: 'job-1', argv: ['echo', 'hello'] }] };
  expect(toArgo(plan)).toEqual({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'small-', labels: { 'jupyterflow.io/workflow': 'small' } },
    spec: {
      entrypoint: 'dag',
      podMetadata: {
        annotations: { 'sidecar.istio.io/inject': 'false' },
        labels: { 'jupyterflow.io/workflow': 'small' }
      },
      templateDefaults: {
        container: {
          image: 'python:3.12-slim',
          workingDir: '/home/jovyan',
          env: [{ name: 'JUPYTERFLOW_RUN', value: '{{workflow.name}}' }]
        }
      },
      templates: [
        { name: 'dag', dag: { tasks: [{ name: 'job-1', template: 'job-1' }] } },
        {
          name: 'job-1',
          container: {
            image: 'python:3.12-slim',
            command: ['echo', 'hello'],
            env: [{ name: 'JUPYTERFLOW_JOB', value: 'job-1' }]
          }
        }
      ]
    }
  });
});

test('what a platform knows is taken over', () => {
  const volume = { name: 'uis', kind: 'lease', ref: 'ls_abcdefgh', mountPath: '/home/jovyan/uis' } as const;
  const plan: Plan = { name: 'small', failFast: true, jobs: [{ ...job, name: 'a', volumes: [volume] }] };
  const { metadata, spec } = toArgo(plan, {
    name: 'small-x7k2p',
    namespace: 'uis',
    labels: { 'jupyterflow.io/run': 'run_abc' },
    claim: ({ ref }) => `pvc-${ref.slice(3)}`
  });
  expect(metadata).toEqual({
    name: 'small-x7k2p',
    namespace: 'uis',
    labels: { 'jupyterflow.io/workflow': 'small', 'jupyterflow.io/run': 'run_abc' }
  });
  expect(spec['volumes']).toEqual([
    { name: 'uis', persistentVolumeClaim: { claimName: 'pvc-abcdefgh', readOnly: true } }
  ]);
});

test('two references never share a claim', () => {
  const ref = fc.string({ unit: fc.constantFrom('a', 'A', '2', 'f', '-', '_', '/', '.'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(ref, ref, (a, b) => {
      const [first, second] = [claimName({ kind: 'dataset', ref: a }), claimName({ kind: 'dataset', ref: b })];
      expect(first === second).toBe(a === b);
      expect(first).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
    })
  );
});

test('variables that all jobs share are said once, those of one job with it', () => {
  const shared = { name: 'SHARED', value: '{{' };
  const jobs = ['a', 'b'].map(name => ({ ...job, name, env: [shared] }));
  const envOf = (plan: Plan): unknown[] => {
    const { templateDefaults, templates } = toArgo(plan).spec as {
      templateDefaults: { container: { env: { name: string }[] } };
      templates: { container?: { env: { name: string }[] } }[];
    };
    return [templateDefaults, ...templates.slice(1)].map(({ container }) => container?.env.map(({ name }) => name));
  };
  const plan = { name: 'x', failFast: true, jobs };
  const brace = ['JUPYTERFLOW_BRACE', 'SHARED'];
  expect(envOf(plan)).toEqual([['JUPYTERFLOW_RUN', ...brace], ['JUPYTERFLOW_JOB'], ['JUPYTERFLOW_JOB']]);
  expect(envOf({ ...plan, jobs: [...jobs, { ...job, name: 'c' }] })).toEqual([
    ['JUPYTERFLOW_RUN'],
    ['JUPYTERFLOW_JOB', ...brace],
    ['JUPYTERFLOW_JOB', ...brace],
    ['JUPYTERFLOW_JOB']
  ]);
});

test('a thousand jobs of one kind stay small', () => {
  const volumes = Array.from({ length: 5 }, (_, index) => ({
    name: `v${index}`,
    kind: 'dataset' as const,
    ref: `ds_${index}`,
    mountPath: `/home/jovyan/v${index}`
  }));
  const env = Array.from({ length: 25 }, (_, index) => ({ name: `VARIABLE_${index}`, value: 'x'.repeat(40) }));
  const jobs = Array.from({ length: 1000 }, (_, index) => ({ ...job, name: `job-${index + 1}`, volumes, env }));
  const bytes = JSON.stringify(toArgo({ name: 'many', failFast: true, jobs })).length;
  expect(bytes / jobs.length).toBeLessThan(210);
});
