import type { ArgoVersion } from '../argo/manifest.js';
import type { GpuType, Site } from '../argo/options.js';
import type { InheritedSpec } from '../inherit/inherited.js';

/** What ~/.jupyterflow.yaml says. */
export interface JupyterflowConfig {
  /** Where runs go. */
  readonly backend?: 'platform' | 'kube' | 'local';
  /** URL of the platform. */
  readonly platform?: string;
  /** Context of the kubeconfig. */
  readonly context?: string;
  readonly namespace?: string;
  readonly argoVersion?: ArgoVersion;
  /** URL of Argo's user interface, for links. */
  readonly argoUrl?: string;
  /** Size of a volume that is made for each run. */
  readonly temporaryStorage?: string;
  readonly sites?: Readonly<Record<string, Site>>;
  readonly gpuTypes?: Readonly<Record<string, GpuType>>;
  /** What jobs on a cluster get in place of what they inherit. */
  readonly spec: InheritedSpec;
}
