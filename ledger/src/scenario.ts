import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, LedgerPolicy, SignedCommand } from './commands.js';
import { createKeyPair, sign, signRotation, type KeyPair } from './keys.js';

/** A person of an organization with a key: gives commands in tests and demonstrations. */
export class Party {
  readonly organization: string;
  readonly user: string;
  readonly keys: KeyPair;

  constructor(organization: string, user: string, keys: KeyPair = createKeyPair()) {
    this.organization = organization;
    this.user = user;
    this.keys = keys;
  }

  /** A colleague: same organization, same key. */
  colleague(user: string): Party {
    return new Party(this.organization, user, this.keys);
  }

  /** @param time - ms since 1970 */
  signs(command: Command, time: number, id: string = randomUUID()): SignedCommand {
    return sign({ id, organization: this.organization, user: this.user, time, command }, this.keys.privateKey);
  }

  /** @param witness - key of the organization's witness */
  joins(time: number, witness?: string): SignedCommand {
    const { organization, keys } = this;
    const command = { type: 'organization.join', name: organization.toUpperCase(), publicKey: keys.publicKey } as const;
    return this.signs(witness === undefined ? command : { ...command, witness }, time);
  }

  /** Takes new keys, and a new witness if one is given. The party that answers has them. */
  rotates(
    time: number,
    witness?: string,
    keys: KeyPair = createKeyPair()
  ): { readonly party: Party; readonly signed: SignedCommand } {
    const { organization, user } = this;
    const envelope = { id: randomUUID(), organization, user, time };
    const signed = signRotation(envelope, { ...keys, ...(witness !== undefined && { witness }) }, this.keys.privateKey);
    return { party: new Party(organization, user, keys), signed };
  }

  publishes(dataset: string, time: number, policy: Partial<LedgerPolicy> = {}): SignedCommand {
    const sealed = '5ea1'.repeat(16);
    const command = {
      type: 'dataset.publish',
      dataset,
      policy: { ...exclusive, ...policy },
      description: {},
      sealed
    } as const;
    return this.signs(command, time);
  }
}

/** One lease at a time, of at most an hour, granted at once, for anyone and anything. */
export const exclusive: LedgerPolicy = {
  concurrency: 1,
  approval: 'auto',
  maxDuration: 3_600_000,
  renewals: 1,
  purposes: [],
  organizations: []
};

/** A new folder for a log of a test: in memory where the system offers that, for there an fsync costs nothing. */
export function scratchFolder(): Promise<string> {
  return mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'ledger-'));
}
