import type { ClusterSettings, PlanVolume, RawFields } from '../plan/plan.js';
import type { InheritedSpec } from '../inherit/inherited.js';
import type { ArgoVersion } from './manifest.js';

export interface ArgoOptions {
  /** Release of Argo that reads the manifests. Default 4, which 3.6 and 3.7 read too. */
  readonly argoVersion?: ArgoVersion;
  /** Absolute folder of the workflow in the containers; where relative working folders begin. Default: the home. */
  readonly workspace?: string;
  /** The user's home in the containers. Default /home/jovyan. */
  readonly home?: string;
  /** Image of the jobs that name none. Default: the inherited one, else python:3.12-slim. */
  readonly image?: string;
  /** Namespace of the objects. Default: the one of whoever submits them. */
  readonly namespace?: string;
  /** Whole name of the object. Default: Argo makes one from the plan's name; a schedule has the plan's name. */
  readonly name?: string;
  /** Further labels of the objects and their pods; they win over the plan's. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Further annotations of the objects; they win over the plan's. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Hash of the workflow file, `sha256:<hex>`; kept as an annotation. */
  readonly sourceDigest?: string;
  /** PersistentVolumeClaim that holds what a volume mounts. Default: `claimName`. */
  readonly claim?: (volume: PlanVolume) => string;
  /** What all jobs have in common with the notebook. A job's own settings win. */
  readonly inherited?: InheritedSpec;
  /** Places by name. A site that is not here is a label of its nodes: `jupyterflow.io/site: NAME`. */
  readonly sites?: Readonly<Record<string, Site>>;
  /** Kinds of GPU by the name that files use. One that is not here is a label of its nodes: `nvidia.com/gpu.product`. */
  readonly gpuTypes?: Readonly<Record<string, GpuType>>;
  /** How results are kept; absent: jobs with a `cache` always run. */
  readonly cache?: CacheOptions;
  /**
   * Size of a volume that is made for each run and removed with it, for what its jobs share, e.g. `10Gi`. Default: a folder
   * of the home when that is an inherited volume, else nothing is shared.
   */
  readonly temporaryStorage?: string;
  /** Most bytes of a Workflow's spec. Default 600 KiB: with its status it has to fit into one object of about 1 MiB. */
  readonly budget?: number;
}

export type Site = Pick<ClusterSettings, 'nodeSelector' | 'tolerations' | 'affinity'>;

export interface GpuType {
  /** Resource that is asked for. Default nvidia.com/gpu. */
  readonly resource?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly RawFields[];
}

export interface CacheOptions {
  /** SHA-256 of a text, in hexadecimal. */
  readonly digest: (text: string) => string;
  /**
   * What a file, folder or pattern of a cache's key contains now, relative to the job's working folder; undefined when that
   * can't be known.
   */
  readonly digestOf?: (path: string, workdir: string | undefined) => string | undefined;
  /** ConfigMap that holds the results. Default `jupyterflow-cache-` and the plan's name. */
  readonly configMap?: string;
}

export const DEFAULT_IMAGE = 'python:3.12-slim';
export const DEFAULT_HOME = '/home/jovyan';
/** Kubernetes keeps a Workflow with its status in one object of at most 1 MiB. */
export const DEFAULT_BUDGET = 600 * 1024;
