import type { Role } from '@jupyterflow/schema';

/** Who the Hub says the owner of a token is. */
export interface HubUser {
  readonly name: string;
  readonly kind: string;
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
}

/** Asks the Hub who owns a token: undefined when nobody does. Rejects with {@link HubUnavailable} when there is no answer. */
export type Identify = (token: string) => Promise<HubUser | undefined>;

/** The Hub gave no answer that can be used. */
export class HubUnavailable extends Error {
  override name = 'HubUnavailable';
}

/** An organization of the consortium and the Hub groups that make its members. */
export interface OrganizationConfig {
  readonly id: string;
  readonly name: string;
  /** Hub group of its researchers. */
  readonly group: string;
  /** Hub group of its stewards, who are researchers too. */
  readonly stewards: string;
}

/** The person behind a request. */
export interface Caller {
  readonly user: string;
  /** Undefined when the groups name none, or more than one. */
  readonly organization: OrganizationConfig | undefined;
  readonly roles: readonly Role[];
}

/** A caller of an organization. */
export type Member = Caller & { readonly organization: OrganizationConfig };

/** Organization and roles that follow from the Hub groups. Nothing that the client says is part of it. */
export function callerOf(user: HubUser, organizations: readonly OrganizationConfig[]): Caller {
  const groups = new Set(user.groups);
  const mine = organizations.filter(one => groups.has(one.group) || groups.has(one.stewards));
  const [organization] = mine;
  if (!organization || mine.length > 1) return { user: user.name, organization: undefined, roles: [] };
  return {
    user: user.name,
    organization,
    roles: groups.has(organization.stewards) ? ['researcher', 'steward'] : ['researcher']
  };
}

/** True when a token with these scopes may be used at the service. */
export function mayAccess(scopes: readonly string[], service: string): boolean {
  return scopes.includes('access:services') || scopes.includes(`access:services!service=${service}`);
}
