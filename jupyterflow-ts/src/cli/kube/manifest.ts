import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import type { Diagnostic } from '@jupyterflow/schema';
import { toArgo, type ArgoOutput } from '../../argo/argo.js';
import { diagnose, diagnoseFields } from '../../argo/diagnose.js';
import type { ArgoOptions } from '../../argo/options.js';
import type { JupyterflowConfig } from '../../config/config.js';
import { ANNOTATION } from '../../engines/argo/marks.js';
import { KubernetesError } from '../../engines/argo/api/problem.js';
import { inheritPod, type Inheritance, type Pod } from '../../inherit/inherit.js';
import type { Plan } from '../../plan/plan.js';
import type { SubmitRequest } from '../backend.js';
import { digestOf } from '../direct-run.js';
import { EXIT, Failure } from '../failure.js';
import { compileQuietly } from '../input.js';
import { selectPlan } from '../selection.js';
import { sayDiagnostics } from '../terminal.js';

export interface ManifestParts {
  readonly request: SubmitRequest;
  readonly plan: Plan;
  /** Of the run; a schedule has the plan's name. */
  readonly name: string;
  readonly config: JupyterflowConfig;
  /** The notebook's, when this program runs in one. */
  readonly pod: Pod | undefined;
}

/**
 * What a cluster gets for a workflow; tells its warnings.
 * @throws Failure with diagnostics of the file when there is no manifest for it
 */
export function manifestOf({ request, plan, name, config, pod }: ManifestParts): ArgoOutput {
  const { source, compilation } = request;
  const output = toArgo(withParameters(plan, request), {
    ...pick(config, ['argoVersion', 'sites', 'gpuTypes', 'temporaryStorage']),
    ...placesOf(request, pod),
    inherited: inheritanceOf(pod, config).spec,
    ...(plan.schedule === undefined ? { name } : {}),
    sourceDigest: digestOf(source.text),
    cache: { digest: sha256 }
  });
  const diagnostics = diagnose(output.problems, compilation, source.file);
  if (diagnostics.some(({ severity }) => severity === 'error')) throw invalid(diagnostics);
  sayDiagnostics(diagnostics, source);
  return output;
}

/** The plan whose texts refer to parameters, so that they can be changed in the cluster. */
function withParameters(plan: Plan, { source, workspace, params, select }: SubmitRequest): Plan {
  if (plan.params === undefined) return plan;
  const kept = compileQuietly({ source, workspace }, { params, name: plan.name, keepParams: true });
  return kept.plan === undefined ? plan : selectPlan({ ...kept, plan: kept.plan }, select).plan;
}

/** What jobs get from the notebook and the configuration, and where each value comes from. */
export function inheritanceOf(pod: Pod | undefined, { spec }: JupyterflowConfig): Inheritance {
  return inheritPod(pod, spec, pod === undefined ? {} : notebook());
}

/** Fields that the API server did not take, as problems of the workflow file. */
export function fieldFailure(
  error: unknown,
  { sourcePathOf }: Pick<ArgoOutput, 'sourcePathOf'>,
  { source, compilation }: Pick<SubmitRequest, 'source' | 'compilation'>
): unknown {
  if (!(error instanceof KubernetesError) || error.code !== 'INVALID' || error.fields.length === 0) return error;
  return invalid(diagnoseFields(error.fields, sourcePathOf, compilation, source.file));
}

function invalid(diagnostics: readonly Diagnostic[]): Failure {
  return new Failure(EXIT.invalidFile, '', { code: 'INVALID_WORKFLOW', diagnostics });
}

/** In a pod the folders are as they are here; elsewhere those of this machine are not in the cluster. */
function placesOf({ workspace }: SubmitRequest, pod: Pod | undefined): ArgoOptions {
  const places = pod === undefined ? {} : { workspace, home: homedir() };
  return { ...places, annotations: { [ANNOTATION.workspace]: workspace } };
}

function notebook(): { readonly uid?: number; readonly gid?: number; readonly env: NodeJS.ProcessEnv } {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }), env: process.env };
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key as K))) as Pick<T, K>;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
