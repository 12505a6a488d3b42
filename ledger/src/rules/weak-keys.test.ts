import { createKeyPair } from '../keys.js';
import { publicKey } from './shape.js';

const spki = (hex: string): string => Buffer.from(`302a300506032b6570032100${hex}`, 'hex').toString('base64');
const zeros = (bytes: number): string => '00'.repeat(bytes);
const ones = (bytes: number): string => 'ff'.repeat(bytes);

// Computed as multiples of a point of order 8, and compared with the list in "Taming the many EdDSAs" (2020), table 6.
test.each([
  ['order 1', `01${zeros(31)}`],
  ['order 2', `ec${ones(30)}7f`],
  ['order 4', zeros(32)],
  ['order 4, the other x', `${zeros(31)}80`],
  ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order 8, the other x', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
  ['order 8, the other y', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['order 8, both others', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
  ['order 1 and the sign that zero does not have', `01${zeros(30)}80`],
  ['order 4, not reduced', `ed${ones(30)}7f`],
  ['order 1, not reduced', `ee${ones(30)}ff`],
  ['the largest that is not reduced', `${ones(31)}7f`]
])('a public key of %s is refused, for everybody can sign for it', (_order, hex) => {
  expect(publicKey.problem(spki(hex), 'command.publicKey')).toBe(
    'command.publicKey must be the public half of a private key: for this one everybody can sign. Make a new pair of keys'
  );
});

test('keys that were made are not', () => {
  const keys = Array.from({ length: 50 }, () => createKeyPair().publicKey);
  expect(keys.map(key => publicKey.problem(key, 'key'))).toEqual(keys.map(() => undefined));
});
