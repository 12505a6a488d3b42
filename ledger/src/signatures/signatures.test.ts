import { generateKeyPairSync } from 'node:crypto';
import { createKeyPair, signWith, verifyWith } from '../keys.js';
import type { SignatureCheck } from './batch.js';
import { SignatureChecker } from './checker.js';
import { quickVerifier } from './quick.js';

const keys = createKeyPair();
const bytes = Buffer.from('what was signed');
const good = signWith(bytes, keys.privateKey);
const spki = (hex: string): string => Buffer.from(`302a300506032b6570032100${hex}`, 'hex').toString('base64');

const TORSION = [
  {
    order: 8,
    key: 'c54148efea26fea270014dab719eeefa9d5617c9987ffb48eb348ea79f2ee5a6',
    signature:
      '0b2b0e853f2fdd7c213cd06add9144c3fa01c1ece49f4ec3b9f472a75c352238' +
      '8cf3a777655715265ee1ebc64c0166d4576a66f33ba09a58e9606ffb853cc60d'
  },
  {
    order: 2,
    key: 'c54148efea26fea270014dab719eeefa9d5617c9987ffb48eb348ea79f2ee5a6',
    signature:
      '78deea306290334964c4ed28844500e3f2691f42a9606a01ef1b09e3aa41a8ec' +
      'cad2af3436e16483889d982f06438bf79a59836182bdd0698238aea3d584ac05'
  }
];
/** A thread that ends when it gets something to do. */
const DYING = `import { parentPort } from 'node:worker_threads';
parentPort.once('message', () => { throw new Error('out of memory'); });`;

/** The signature with the order of the group, 2^252 + 27742317777372353535851937790883648493, added to its S. */
function malleated(signature: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()]);
}

describe('the quick check says what that of Node says, of', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' });
  const identity = `01${'00'.repeat(31)}`;
  test('itself', () => expect(quickVerifier()).not.toBe(verifyWith));

  test.each<[string, boolean, Partial<Record<'message' | 'signature' | 'key', string>>]>([
    ['a good signature', true, {}],
    ['other bytes', false, { message: 'what was not signed' }],
    ['another key', false, { key: createKeyPair().publicKey }],
    ['a key of another kind', false, { key: other.toString('base64') }],
    ['no key', false, { key: 'AAAA' }],
    ['a signature that is cut', false, { signature: good.subarray(0, 63).toString('base64') }],
    ['a signature that is too long', false, { signature: Buffer.concat([good, good]).toString('base64') }],
    ['no signature', false, { signature: '' }],
    ['S that is not reduced (RFC 8032, 5.1.7)', false, { signature: malleated(good).toString('base64') }],
    // OpenSSL takes the neutral element for a key: its R = S B holds for S = 0 and the neutral R, over any bytes.
    [
      'a key of small order',
      true,
      { key: spki(identity), signature: Buffer.from(`${identity}${'00'.repeat(32)}`, 'hex').toString('base64') }
    ]
  ])('%s', (_of, expected, { message, signature, key }) => {
    const asked = [
      message === undefined ? bytes : Buffer.from(message),
      signature ?? good.toString('base64'),
      key ?? keys.publicKey
    ] as const;
    expect([verifyWith(...asked), quickVerifier()(...asked)]).toEqual([expected, expected]);
  });

  // R = r B + T, where T has order 8 or 2: such signatures hold when the equation is multiplied by 8, and only then.
  // RFC 8032 allows both; two who verify must not differ.
  test.each(TORSION)('R with a part of order $order', ({ key, signature }) => {
    const asked = [Buffer.from('hello'), Buffer.from(signature, 'hex').toString('base64'), spki(key)] as const;
    expect([verifyWith(...asked), quickVerifier()(...asked)]).toEqual([false, false]);
  });
});

describe('of many signatures the first bad one is found', () => {
  const check = (n: number, bad: readonly number[]): SignatureCheck => {
    const message = Buffer.from(`message ${n}`);
    const signature = signWith(message, keys.privateKey);
    signature[n % 64]! ^= bad.includes(n) ? 1 : 0;
    return { bytes: message, signature: signature.toString('base64'), publicKey: keys.publicKey };
  };
  const built = new URL('../../dist/signatures/worker.js', import.meta.url);
  test.each([
    ['by threads', built, 1],
    ['by this one, for they are few', built, 10_000],
    ['by this one, for no other can start', new URL('./nowhere.js', import.meta.url), 1]
  ])('%s', async (_by, file, worthwhile) => {
    const checker = new SignatureChecker(file, worthwhile);
    for (const [bad, first] of [
      [[], undefined],
      [[0], 0],
      [[1299], 1299],
      [[700, 699, 1200], 699]
    ] as const) {
      const checks = Array.from({ length: 1300 }, (_, n) => check(n, bad));
      expect(await checker.firstBad(checks)).toBe(first === undefined ? undefined : checks[first]);
    }
    expect(await checker.firstBad<SignatureCheck>([])).toBeUndefined();
    await checker.close();
  });

  test('though a thread ends in the middle of them', async () => {
    const dying = new URL(`data:text/javascript,${encodeURIComponent(DYING)}`);
    const checker = new SignatureChecker(dying, 1);
    const checks = Array.from({ length: 1300 }, (_, n) => check(n, [800]));
    expect(await checker.firstBad(checks)).toBe(checks[800]);
    await checker.close();
  });
});
