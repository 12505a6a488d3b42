import type { Plan } from '../plan/plan.js';

/** Argo `Workflow` manifest, argoproj.io/v1alpha1. */
export interface Workflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Workflow';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface ArgoOptions {
  /** Absolute folder of the workflow in the containers. Default /home/jovyan. */
  readonly workspace?: string;
}

/** The plan as an Argo Workflow. */
export function toArgo(plan: Plan, options: ArgoOptions = {}): Workflow {
  void options;
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { generateName: `${plan.name}-` }, spec: {} };
}
