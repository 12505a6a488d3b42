/** What a page about a diagnostic says. */
export interface CatalogueEntry {
  readonly severity: 'error' | 'warning' | 'info';
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly why: string;
  readonly mend: string;
  /** A workflow file that gets this diagnostic. */
  readonly bad: string;
  /** The same file, mended. */
  readonly mended: string;
  /** Values of parameters given with both. */
  readonly params?: Readonly<Record<string, string>>;
  /** It is told when the file is made for a cluster, and not before. */
  readonly cluster?: true;
}
