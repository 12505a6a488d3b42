import type { DiagnosticId } from '../catalogue/index.js';
import type { SourcePath } from '../source/locate.js';

/** Releases of Argo Workflows that read the same manifests: 3.6 stands for 3.6 and 3.7, 4 for 4.x. */
export type ArgoVersion = '3.5' | '3.6' | '4';
export const ARGO_VERSIONS: readonly ArgoVersion[] = ['3.5', '3.6', '4'];

/** What is made for a release by one of its names. */
export function argoVersionOf(release: string): ArgoVersion {
  if (release === '3.5') return release;
  return release === '3.6' || release === '3.7' ? '3.6' : '4';
}

export type Json = Readonly<Record<string, unknown>>;

/** Argo `Workflow`, argoproj.io/v1alpha1. */
export interface Workflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'Workflow';
  readonly metadata: Json;
  readonly spec: Json;
}

/** Argo `CronWorkflow`, argoproj.io/v1alpha1. */
export interface CronWorkflow {
  readonly apiVersion: 'argoproj.io/v1alpha1';
  readonly kind: 'CronWorkflow';
  readonly metadata: Json;
  readonly spec: Json;
}

export type Manifest = Workflow | CronWorkflow;

/** Why a manifest is not, or not quite, what the plan says. */
export interface ArgoProblem {
  /** Stable name of the rule. */
  readonly id: Extract<DiagnosticId, `argo-${string}`>;
  /** With an error the manifest must not be used. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
  /** The job of the plan that it is about. */
  readonly job?: string;
  /** Where in the job, or in the file when it is about no job. */
  readonly path: SourcePath;
}

/** A place in the workflow file, which `Compilation.sourceOf` and `locate` find. */
export interface JobPath {
  /** Absent: the path begins at the top of the file. */
  readonly job?: string;
  readonly path: SourcePath;
}

/** An object with one field, or with none when there is no value. */
export function optional<T>(key: string, value: T | undefined): Readonly<Record<string, T>> {
  return value === undefined ? {} : { [key]: value };
}
