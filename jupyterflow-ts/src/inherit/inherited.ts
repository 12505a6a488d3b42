import type { RawFields } from '../plan/plan.js';

/** A variable of a container (core/v1 EnvVar). */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: RawFields;
}

/** core/v1 VolumeMount. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly readOnly?: boolean;
}

/** core/v1 Volume: a name and one kind of source. */
export type Volume = RawFields & { readonly name: string };

/** What the jobs of a cluster have in common with the notebook that they are started from, in the shapes of core/v1. */
export interface InheritedSpec {
  readonly image?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly RawFields[];
  readonly resources?: RawFields;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly RawFields[];
  readonly affinity?: RawFields;
  /** Of the pod. */
  readonly securityContext?: RawFields;
  /** Of the container. */
  readonly containerSecurityContext?: RawFields;
  readonly serviceAccountName?: string;
  readonly runtimeClassName?: string;
  readonly priorityClassName?: string;
  readonly schedulerName?: string;
  readonly hostAliases?: readonly RawFields[];
  readonly dnsPolicy?: string;
  readonly dnsConfig?: RawFields;
  readonly volumes?: readonly Volume[];
  readonly volumeMounts?: readonly VolumeMount[];
}
