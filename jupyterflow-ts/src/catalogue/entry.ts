import type { ArgoVersion } from '../argo/manifest.js';

/** Who tells a diagnostic: the compiler of workflow files, Argo's, the reader of the configuration, or a cluster. */
export type Teller = 'compile' | 'argo' | 'config' | 'cluster';

/** What a page about a diagnostic says. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning' | 'info';
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly why: string;
  readonly mend: string;
  /** A file that gets this diagnostic: a configuration when its reader tells it, else a workflow file. */
  readonly bad: string;
  /** The same file, mended. */
  readonly mended: string;
  /** Values of parameters given with both. */
  readonly params?: Readonly<Record<string, string>>;
  /** Default: the compiler. */
  readonly by?: Teller;
  /** Release of Argo that the manifest is made for. Default: the latest. */
  readonly argoVersion?: ArgoVersion;
  /** What a cluster answers to the bad file, as Kubernetes tells it (meta/v1 `StatusCause`). */
  readonly answer?: { readonly field: string; readonly message: string };
}
