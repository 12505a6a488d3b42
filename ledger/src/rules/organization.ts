import type { OrganizationRecord } from '../state.js';
import type { Write } from './decision.js';
import { read, type Reading } from './reads.js';

/** The record of the organization that gives a command: it is there, or the command would not have come this far. */
export function* memberRecord(id: string): Reading<OrganizationRecord> {
  const organization = yield* read('organization', id);
  if (organization === undefined) {
    throw new Error(`the state has no organization ${id}`);
  }
  return organization;
}

/** Counts what an organization offers. */
export function* offering(id: string, more: 1 | -1): Reading<Write> {
  const organization = yield* memberRecord(id);
  return { key: `organization/${id}`, value: { ...organization, offers: (organization.offers ?? 0) + more } };
}
