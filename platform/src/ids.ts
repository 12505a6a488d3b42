import { createHash, randomBytes } from 'node:crypto';

/** Makes identifiers: random ones, or the same ones again from the same seed. */
export type NewId = (prefix: 'ds' | 'ls' | 'run') => string;

/** 96 random bits: never guessed, never met twice. */
export const randomId: NewId = prefix => `${prefix}_${randomBytes(12).toString('hex')}`;

/** Identifiers that follow from a seed, so that a repeated request names the same thing. */
export const idsFrom =
  (seed: string): NewId =>
  prefix =>
    `${prefix}_${createHash('sha256').update(`${prefix} ${seed}`).digest('hex').slice(0, 24)}`;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Random lower case letters and digits. */
export function randomSuffix(length: number): string {
  // 252 is the largest multiple of 36 in a byte: above it some letters would come more often.
  let text = '';
  while (text.length < length)
    for (const byte of randomBytes(length)) if (byte < 252) text += ALPHABET[byte % 36] ?? '';
  return text.slice(0, length);
}
