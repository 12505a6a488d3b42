import fc from 'fast-check';
import type { Plan } from '../plan/plan.js';
import { toArgo } from './argo.js';
import { claimName } from './volumes.js';

const job = { argv: ['true'], dependsOn: [], env: [], volumes: [], retries: 0, resources: {} };

test('the smallest workflow says what Argo needs and no more', () => {
  const plan: Plan = { name: 'small', failFast: true, jobs: [{ ...job, name: 'job-1', argv: ['echo', 'hello'] }] };
  expect(toArgo(plan).objects).toEqual([
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Workflow',
      metadata: { generateName: 'small-', labels: { 'jupyterflow.io/workflow': 'small' } },
      spec: {
        entrypoint: 'dag',
        podMetadata: {
          annotations: { 'sidecar.istio.io/inject': 'false' },
          labels: { 'jupyterflow.io/workflow': 'small' }
        },
        volumes: [{ name: 'jupyterflow-temporary', emptyDir: {} }],
        podGC: { strategy: 'OnWorkflowCompletion', deleteDelayDuration: '86400s' },
        ttlStrategy: { secondsAfterCompletion: 604_800 },
        templateDefaults: {
          container: {
            image: 'python:3.12-slim',
            env: [
              { name: 'JUPYTERFLOW_RUN', value: '{{workflow.name}}' },
              { name: 'JUPYTERFLOW_ATTEMPT', value: '1' },
              { name: 'TEMPORARY_FOLDER', value: '/tmp/jupyterflow' },
              { name: 'OUTPUT_DIR', value: '/tmp/jupyterflow-outputs' }
            ],
            volumeMounts: [
              { name: 'jupyterflow-temporary', mountPath: '/tmp/jupyterflow' },
              {
                name: 'jupyterflow-temporary',
                mountPath: '/tmp/jupyterflow-outputs',
                subPathExpr: 'outputs/$(JUPYTERFLOW_JOB)'
              }
            ]
          }
        },
        templates: [
          { name: 'dag', dag: { tasks: [{ name: 'job-1', template: 'job-1' }] } },
          {
            name: 'job-1',
            container: {
              image: 'python:3.12-slim',
              command: ['echo', 'hello'],
              workingDir: '/home/jovyan',
              env: [{ name: 'JUPYTERFLOW_JOB', value: 'job-1' }]
            }
          }
        ]
      }
    }
  ]);
});

test('what a platform knows is taken over', () => {
  const volume = { name: 'uis', kind: 'lease', ref: 'ls_abcdefgh', mountPath: '/home/jovyan/uis' } as const;
  const plan: Plan = { name: 'small', failFast: true, jobs: [{ ...job, name: 'a', volumes: [volume] }] };
  const { metadata, spec } = toArgo(plan, {
    name: 'small-x7k2p',
    namespace: 'uis',
    labels: { 'jupyterflow.io/run': 'run_abc' },
    claim: ({ ref }) => `pvc-${ref.slice(3)}`
  }).workflow;
  expect(metadata).toEqual({
    name: 'small-x7k2p',
    namespace: 'uis',
    labels: { 'jupyterflow.io/workflow': 'small', 'jupyterflow.io/run': 'run_abc' }
  });
  expect(spec['volumes']).toEqual([
    { name: 'jupyterflow-temporary', emptyDir: {} },
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

test('a thousand jobs of one kind stay small', () => {
  const volumes = Array.from({ length: 5 }, (_, index) => ({
    name: `v${index}`,
    kind: 'dataset' as const,
    ref: `ds_${index}`,
    mountPath: `/home/jovyan/v${index}`
  }));
  const env = Array.from({ length: 25 }, (_, index) => ({ name: `VARIABLE_${index}`, value: 'x'.repeat(40) }));
  const jobs = Array.from({ length: 1000 }, (_, index) => ({ ...job, name: `job-${index + 1}`, volumes, env }));
  const bytes = JSON.stringify(toArgo({ name: 'many', failFast: true, jobs }).objects).length;
  expect(bytes / jobs.length).toBeLessThan(210);
});
