/** An organization of the machine's consortium. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  /** Hub group of its members. */
  readonly group: string;
  /** Hub group of those who may publish for it. */
  readonly stewards: string;
}

export interface Person {
  /** User name at the Hub. */
  readonly name: string;
  /** Id of the organization. */
  readonly organization: string;
  readonly steward: boolean;
}

const organization = (id: string, name: string): Organization => ({ id, name, group: id, stewards: `${id}-stewards` });

/** The organizations of a machine. */
export const organizations: readonly Organization[] = [
  organization('uis', 'UiS'),
  organization('uib', 'UiB'),
  organization('uio', 'UiO')
];

/** Who may log in. */
export const people: readonly Person[] = [
  { name: 'kari', organization: 'uis', steward: true },
  { name: 'siri', organization: 'uib', steward: true },
  { name: 'nils', organization: 'uio', steward: true },
  { name: 'ola', organization: 'uio', steward: false },
  { name: 'ida', organization: 'uib', steward: false }
];

/** Hub groups of a person: their organization, and its stewards where they are one. */
export function groupsOf(person: Person): readonly string[] {
  const home = organizations.find(({ id }) => id === person.organization);
  if (!home) return [];
  return person.steward ? [home.group, home.stewards] : [home.group];
}
