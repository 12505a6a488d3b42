import type { LedgerPolicy } from '../commands.js';
import { MAX_CONCURRENCY, MAX_DURATION, MAX_LIST, MAX_RENEWALS, MIN_DURATION } from './limits.js';
import { either, id, integer, line, list, matching, oneOf, optional, sha256, type Field } from './shape.js';

/** What there is to know of a field of a policy. */
export interface PolicyField {
  readonly shape: Field;
  /** Its values in words. */
  readonly values: string;
  /** What holds when it is absent; undefined: it must be there. */
  readonly absent?: string;
  readonly meaning: string;
}

/** Where a job may connect to: a host, at one port or at every one. */
export const destination = matching(
  /^(\*|(?=.{1,253}(:|$))[a-z0-9](-*[a-z0-9])*(\.[a-z0-9](-*[a-z0-9])*)*(:[1-9][0-9]{0,4})?)$/,
  'must be a host in lower case, with a port or without, such as example.org:443, or *'
);

/** The fields of a policy, one row each: their shape and their documentation come from here. */
export const policyFields: Readonly<Record<keyof LedgerPolicy, PolicyField>> = {
  mode: {
    shape: optional(oneOf('access', 'compute')),
    values: '`access`, `compute`',
    absent: '`access`',
    meaning:
      'whether the holder runs what they like on the data, or only algorithms that are allowed: what is allowed says `algorithms`'
  },
  concurrency: {
    shape: integer(1, MAX_CONCURRENCY),
    values: `1 to ${MAX_CONCURRENCY}`,
    meaning: 'most leases that may be active at once; 1 is exclusive'
  },
  approval: {
    shape: oneOf('auto', 'owner'),
    values: '`auto`, `owner`',
    meaning: 'whether a request is granted at once or waits for the owner'
  },
  maxDuration: {
    shape: integer(MIN_DURATION, MAX_DURATION),
    values: 'ms, one second to ten years',
    meaning: 'longest lease, and longest renewal counted from when it is given'
  },
  renewals: {
    shape: integer(0, MAX_RENEWALS),
    values: `0 to ${MAX_RENEWALS}`,
    meaning: 'how often a lease may be renewed'
  },
  purposes: {
    shape: list(line(200), MAX_LIST),
    values: 'list of texts',
    meaning: 'purposes that it is lent for; empty: any'
  },
  organizations: {
    shape: list(id, MAX_LIST),
    values: 'list of ids',
    meaning: 'organizations that it is lent to; empty: every member'
  },
  algorithms: {
    shape: optional(either(['reviewed', 'any', 'raw'], list(sha256, MAX_LIST))),
    values: 'list of SHA-256, `reviewed`, `any`, `raw`',
    absent: '`[]` under `compute`, `raw` under `access`',
    meaning:
      'what may run on it: just these, what its owner approved, what any member approved, or whatever the holder writes'
  },
  sites: {
    shape: optional(list(id, MAX_LIST)),
    values: 'list of ids',
    absent: '`[]`',
    meaning: 'sites where runs on it may run; empty: every site'
  },
  egress: {
    shape: optional(list(destination, MAX_LIST)),
    values: 'list of `host`, `host:port` or `*`',
    absent: '`[]`',
    meaning: 'where the jobs of runs on it may connect to; without a port at every port; empty: nowhere; `*`: anywhere'
  },
  resultRelease: {
    shape: optional(oneOf('auto', 'owner')),
    values: '`auto`, `owner`',
    absent: '`auto`',
    meaning: 'whether the results of a run on it wait until the owner releases them'
  }
};

/** A policy with what holds for the fields that are absent. */
export function wholePolicy(policy: LedgerPolicy): Required<LedgerPolicy> {
  const mode = policy.mode ?? 'access';
  return {
    mode,
    algorithms: mode === 'compute' ? [] : 'raw',
    sites: [],
    egress: [],
    resultRelease: 'auto',
    ...policy
  };
}
