import type { LedgerPolicy } from '../commands.js';
import type { Refusal } from '../ledger.js';
import type { DatasetRecord, OrganizationRecord } from '../state.js';
import { retiredMessage } from './dataset.js';
import { refuse } from './decision.js';
import { wholePolicy } from './policy-fields.js';
import { duration, names } from './wording.js';

/** A check of a policy; most are named as its field. */
export type PolicyCheckName = keyof LedgerPolicy | 'owner' | 'state' | 'holder';

/** What came of one check. */
export interface PolicyCheck {
  readonly check: PolicyCheckName;
  /** Why it passed, or did not, in words. */
  readonly why: string;
  /** Absent: it passed. */
  readonly refusal?: Refusal;
}

/** What is asked of a dataset. */
export interface Terms {
  readonly organization: string;
  readonly purpose: string;
  /** ms */
  readonly duration: number;
}

/** What a run does with a dataset. */
export interface Use {
  /** Absent: there is none yet. */
  readonly lease: string | undefined;
  /** SHA-256 of what the jobs that mount it execute, hex; absent: the run does not say. */
  readonly algorithm: string | undefined;
  /** Members who approve that algorithm. */
  readonly approvers: readonly string[];
  readonly site: string | undefined;
  readonly egress: readonly string[];
}

export function passed(check: PolicyCheckName, why: string): PolicyCheck {
  return { check, why };
}

export function failed(check: PolicyCheckName, refusal: Refusal): PolicyCheck {
  return { check, why: refusal.message, refusal };
}

/** The first check that did not pass. */
export function firstProblem(checks: readonly PolicyCheck[]): Refusal | undefined {
  return checks.find(({ refusal }) => refusal !== undefined)?.refusal;
}

function policy(check: PolicyCheckName, message: string, lease?: string): PolicyCheck {
  return failed(check, refuse('POLICY', message, { check, ...(lease === undefined ? {} : { lease }) }));
}

/** Whether the owner allows a lease. Asked at the request and again before each grant and renewal. */
export function termChecks(
  dataset: DatasetRecord,
  owner: OrganizationRecord | undefined,
  terms: Terms
): readonly PolicyCheck[] {
  return [
    ownerCheck(dataset, owner),
    stateCheck(dataset),
    organizationCheck(dataset, terms),
    purposeCheck(dataset, terms),
    lengthCheck(dataset, terms)
  ];
}

/** Whether the owner allows what a run does under an active lease. Asked at its start. */
export function useChecks(
  dataset: DatasetRecord,
  owner: OrganizationRecord | undefined,
  use: Use
): readonly PolicyCheck[] {
  return [ownerCheck(dataset, owner), algorithmCheck(dataset, use), siteCheck(dataset, use), egressCheck(dataset, use)];
}

function ownerCheck({ id, owner }: DatasetRecord, record: OrganizationRecord | undefined): PolicyCheck {
  return record?.gone === undefined
    ? passed('owner', `Its owner ${owner} is a member.`)
    : failed('owner', refuse('RETIRED', `Dataset ${id} is of ${owner}, which is no member any more. Choose another.`));
}

function stateCheck(dataset: DatasetRecord): PolicyCheck {
  return dataset.state === 'retired'
    ? failed('state', refuse('RETIRED', retiredMessage(dataset)))
    : passed('state', `Dataset ${dataset.id} is published.`);
}

function organizationCheck({ id, owner, policy: { organizations } }: DatasetRecord, terms: Terms): PolicyCheck {
  if (organizations.length === 0) {
    return passed('organizations', `Dataset ${id} is lent to every organization.`);
  }
  return organizations.includes(terms.organization)
    ? passed('organizations', `Dataset ${id} is lent to ${terms.organization}.`)
    : policy(
        'organizations',
        `Dataset ${id} is lent to ${names(organizations)} only, not to ${terms.organization}. Ask ${owner} to allow it.`
      );
}

function purposeCheck({ id, policy: { purposes } }: DatasetRecord, { purpose }: Terms): PolicyCheck {
  if (purposes.length === 0) {
    return passed('purposes', `Dataset ${id} may be used for any purpose.`);
  }
  return purposes.includes(purpose)
    ? passed('purposes', `Dataset ${id} may be used for ${JSON.stringify(purpose)}.`)
    : policy(
        'purposes',
        `Dataset ${id} may not be used for ${JSON.stringify(purpose)}. Choose one of the purposes: ${names(purposes)}.`
      );
}

function lengthCheck({ id, policy: { maxDuration } }: DatasetRecord, terms: Terms): PolicyCheck {
  const longest = `Dataset ${id} is lent for at most ${duration(maxDuration)}`;
  return terms.duration <= maxDuration
    ? passed('maxDuration', `${longest}, asked were ${duration(terms.duration)}.`)
    : policy('maxDuration', `${longest}, asked were ${duration(terms.duration)}. Ask for less.`);
}

function algorithmCheck({ id, owner, policy: given }: DatasetRecord, use: Use): PolicyCheck {
  const { algorithms } = wholePolicy(given);
  const { algorithm, approvers, lease } = use;
  if (algorithms === 'raw') {
    return passed('algorithms', `Whatever the holder writes may run on dataset ${id}.`);
  }
  if (algorithm === undefined) {
    return policy(
      'algorithms',
      `Only algorithms that are allowed run on dataset ${id}, and the run does not say what it does${lease === undefined ? '' : ` with lease ${lease}`}. ` +
        'Name the SHA-256 of what its jobs execute.',
      lease
    );
  }
  const problem = algorithmProblem(algorithms, algorithm, approvers, owner);
  return problem === undefined
    ? passed('algorithms', `Algorithm ${algorithm} may run on dataset ${id}.`)
    : policy(
        'algorithms',
        `Algorithm ${algorithm} may not run on dataset ${id}: ${problem}. Use one that may, or ask ${owner} to allow it.`,
        lease
      );
}

function algorithmProblem(
  allowed: readonly string[] | 'reviewed' | 'any',
  algorithm: string,
  approvers: readonly string[],
  owner: string
): string | undefined {
  switch (allowed) {
    case 'reviewed':
      return approvers.includes(owner) ? undefined : `${owner} has not approved it`;
    case 'any':
      return approvers.length > 0 ? undefined : 'no member has approved it';
    default:
      return allowed.includes(algorithm) ? undefined : 'its policy does not name it';
  }
}

function siteCheck({ id, owner, policy: given }: DatasetRecord, { site, lease }: Use): PolicyCheck {
  const { sites } = wholePolicy(given);
  if (sites.length === 0) {
    return passed('sites', `Runs on dataset ${id} may run at every site.`);
  }
  const only = `Runs on dataset ${id} run at ${names(sites)} only`;
  if (site === undefined) {
    return policy('sites', `${only}, and this one does not say where. Name one of these sites.`, lease);
  }
  return sites.includes(site)
    ? passed('sites', `Runs on dataset ${id} may run at ${site}.`)
    : policy('sites', `${only}, not at ${site}. Run there, or ask ${owner} to allow it.`, lease);
}

function egressCheck({ id, owner, policy: given }: DatasetRecord, { egress: wanted, lease }: Use): PolicyCheck {
  const { egress } = wholePolicy(given);
  const where = egress.length === 0 ? 'nowhere' : egress.includes('*') ? 'anywhere' : `${names(egress)} only`;
  const may = `Jobs of runs on dataset ${id} may connect ${egress.length === 0 || egress.includes('*') ? '' : 'to '}${where}`;
  const others = wanted.filter(one => !egress.some(allowed => ['*', one, one.replace(/:\d+$/, '')].includes(allowed)));
  return others.length === 0
    ? passed('egress', `${may}.`)
    : policy('egress', `${may}, not to ${names(others)}. Leave that out, or ask ${owner} to allow it.`, lease);
}
