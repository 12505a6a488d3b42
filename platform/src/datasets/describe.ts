import type { DatasetRecord, LedgerPolicy, PublicDescription } from '@jupyterflow/ledger';
import { wholePolicy } from '@jupyterflow/ledger/rules';
import type { DatasetDraft, DatasetPatch, Folder, Policy, PolicyDraft } from '@jupyterflow/schema';
import { formatDuration, parseDuration } from '../duration.js';
import { Problem } from '../http/problem.js';

/** What of a dataset is public: the description that goes on the ledger. */
export interface Description {
  readonly title: string;
  readonly name: string;
  readonly description: string;
  readonly tags: string[];
  readonly structure: Folder[];
  readonly columns: string[];
  readonly size?: string;
  readonly licence?: string;
  readonly storageKind: 'directory';
}

/** The public description of a record: it was written by {@link describe} or {@link redescribe}. */
export function descriptionOf(record: DatasetRecord): Description {
  return record.description as unknown as Description;
}

/** The description of a new dataset. Where the data lies is not in it. */
export function describe(draft: DatasetDraft & { readonly name: string }): PublicDescription {
  const { title, name, description = '', tags = [], structure = [], columns = [], size, licence } = draft;
  return {
    title,
    name,
    description,
    tags: unique(tags),
    structure,
    columns,
    storageKind: draft.storage.kind,
    ...(size !== undefined && { size }),
    ...(licence !== undefined && { licence })
  };
}

/** The description after a change. */
export function redescribe(record: DatasetRecord, patch: DatasetPatch): PublicDescription {
  const { title, description, tags } = patch;
  return {
    ...record.description,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags: unique(tags) })
  };
}

const DEFAULT_POLICY: Required<LedgerPolicy> = {
  mode: 'access',
  concurrency: 1,
  approval: 'auto',
  maxDuration: parseDuration('PT8H') ?? 0,
  renewals: 3,
  purposes: [],
  organizations: [],
  algorithms: 'raw',
  sites: [],
  egress: [],
  resultRelease: 'auto'
};

/**
 * A policy with what a draft says; the rest stays. With another mode the algorithms are those of that mode, unless the
 * draft says which: what was open under `access` must not stay so under `compute`.
 * @throws Problem INVALID_BODY
 */
export function policyFrom(draft: PolicyDraft = {}, kept: LedgerPolicy = DEFAULT_POLICY): LedgerPolicy {
  const before = wholePolicy(kept);
  const { maxDuration, ...rest } = draft;
  const algorithms = {
    algorithms: rest.mode === undefined || rest.mode === before.mode ? before.algorithms : ALGORITHMS[rest.mode]
  };
  const policy = { ...before, ...algorithms, ...rest };
  return {
    ...policy,
    maxDuration: maxDuration === undefined ? before.maxDuration : durationOf(maxDuration, 'policy.maxDuration'),
    purposes: unique(policy.purposes),
    organizations: unique(policy.organizations),
    algorithms: listOr(policy.algorithms),
    sites: unique(policy.sites),
    egress: unique(policy.egress)
  };
}

/** What may run on a dataset, by its mode, unless its owner says. */
const ALGORITHMS = { access: 'raw', compute: [] } as const satisfies Record<string, LedgerPolicy['algorithms']>;

/** The policy as the API shows it. */
export function showPolicy(policy: LedgerPolicy): Policy {
  const whole = wholePolicy(policy);
  const { maxDuration, purposes, organizations, algorithms, sites, egress } = whole;
  return {
    ...whole,
    maxDuration: formatDuration(maxDuration),
    purposes: [...purposes],
    organizations: [...organizations],
    algorithms: listOr(algorithms),
    sites: [...sites],
    egress: [...egress]
  };
}

const DEFAULT_DURATION = 4 * 3600 * 1000;

/** How long a lease is asked for, ms; by default 4 h, or the policy's longest if that is shorter. */
export function durationWished(text: string | undefined, policy: LedgerPolicy): number {
  return text === undefined ? Math.min(DEFAULT_DURATION, policy.maxDuration) : durationOf(text, 'duration');
}

/** Milliseconds of a duration in a body. @throws Problem INVALID_BODY */
export function durationOf(text: string, field: string): number {
  const duration = parseDuration(text);
  if (duration === undefined)
    throw new Problem('INVALID_BODY', `body.${field}: must be from one second to 9999 days, e.g. PT4H`);
  return duration;
}

/** A short name made from a title: a letter, then letters, digits and hyphens. */
export function nameFrom(title: string): string {
  const plain = title.normalize('NFKD').toLowerCase().replace(/ø/g, 'o').replace(/æ/g, 'ae').replace(/ß/g, 'ss');
  const words = plain.replace(/\p{Mark}/gu, '').match(/[a-z0-9]+/g) ?? [];
  const name = words.join('-').replace(/^(?=\d)/, 'data-');
  return name.slice(0, 63).replace(/-+$/, '') || 'data';
}

/** A name that is not taken: the wanted one, or with the first number behind it that makes it free. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  for (let i = 1; ; i++) {
    const suffix = i === 1 ? '' : `-${i}`;
    const name = `${wanted.slice(0, 63 - suffix.length)}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

const listOr = <T extends string>(value: readonly string[] | T): string[] | T =>
  typeof value === 'string' ? value : unique(value);
const unique = (values: readonly string[]): string[] => [...new Set(values)];
