import type { Envelope } from '../commands.js';
import { accept, refuse, type Rule } from './decision.js';
import { memberRecord } from './organization.js';

/** An organization takes a new key: from the next command on the old one is refused. What it signed stays valid. */
export const rotateKey: Rule<'organization.rotate'> = function* ({ publicKey, witness }, given) {
  const before = yield* memberRecord(given.organization);
  const organization = { ...before, publicKey, ...(witness !== undefined && { witness }) };
  if (organization.publicKey === before.publicKey && organization.witness === before.witness) {
    return refuse('INVALID', `Organization ${before.id} has these keys already. Name a new key, or a new witness.`);
  }
  return accept([{ type: 'organization.rotated', organization }]);
};

/** What proves that the organization has the private half of a new key. */
export interface Possession {
  /** Ed25519 public key, SPKI DER in base64. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
  /** What is signed: the canonical JSON (RFC 8785) of this. */
  readonly statement: object;
}

/**
 * The proof that a command must carry besides its signature: who rotates signs the envelope, as it is without the proof,
 * with the new key. So nobody takes the key of another, and no proof serves twice.
 */
export function proofOfPossession(envelope: Envelope): Possession | undefined {
  if (envelope.command.type !== 'organization.rotate') {
    return undefined;
  }
  const { proof: signature, ...command } = envelope.command;
  return { publicKey: command.publicKey, signature, statement: { ...envelope, command } };
}
