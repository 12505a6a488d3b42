import { createHash, createPublicKey, verify } from 'node:crypto';
import { createKeyPair } from '../keys.js';
import { signCheckpoint } from './checkpoint.js';
import { cosign, cosignedAt } from './cosignature.js';
import { formatVerifier, parseVerifier } from './signed-note.js';

const log = createKeyPair();
const witness = createKeyPair();
const verifier = { name: 'uio', publicKey: witness.publicKey };
const TIME = 1_679_315_147;
const note = signCheckpoint({ origin: 'test', size: 7, root: Buffer.alloc(32, 7) }, log.privateKey);
const text = note.slice(0, note.indexOf('\n\n') + 1);
const line = cosign(text, 'uio', witness.privateKey, TIME);

test('a cosignature tells when it was given, beside the signature of the log', () => {
  expect(cosignedAt(`${note}${line}`, verifier)).toBe(TIME);
});

test('its bytes are those of C2SP tlog-cosignature', () => {
  const [dash, name, stamp] = line.trimEnd().split(' ');
  const bytes = Buffer.from(stamp!, 'base64');
  const raw = Buffer.from(
    createPublicKey({ key: Buffer.from(witness.publicKey, 'base64'), type: 'spki', format: 'der' }).export({
      format: 'jwk'
    }).x!,
    'base64url'
  );
  // Key id: SHA-256(name || "\n" || 0x04 || key), the first four bytes.
  const id = createHash('sha256')
    .update(Buffer.concat([Buffer.from('uio\n'), Buffer.of(4), raw]))
    .digest();
  expect([dash, name]).toEqual(['—', 'uio']);
  expect(bytes.subarray(0, 4)).toEqual(id.subarray(0, 4));
  // Then the time in seconds, 64 bits, the largest byte first: 1679315147 is 0x641850cb.
  expect(bytes.subarray(4, 12).toString('hex')).toBe('00000000641850cb');
  const message = Buffer.from(`cosignature/v1\ntime 1679315147\ntest\n7\n${Buffer.alloc(32, 7).toString('base64')}\n`);
  const key = createPublicKey({ key: Buffer.from(witness.publicKey, 'base64'), type: 'spki', format: 'der' });
  expect(verify(null, message, key, bytes.subarray(12))).toBe(true);
});

test.each([
  ['of another checkpoint', `${note.replace('\n7\n', '\n8\n')}${line}`, verifier],
  ['of another witness', `${note}${line}`, { name: 'uio', publicKey: log.publicKey }],
  ['of another name', `${note}${line}`, { name: 'uib', publicKey: witness.publicKey }],
  ['that is not there', note, verifier],
  ['in what is no note', line, verifier]
])('a cosignature %s is none', (_what, given, by) => {
  expect(cosignedAt(given, by)).toBeUndefined();
});

test('no bit of it can be changed', () => {
  const [dash, name, stamp] = line.trimEnd().split(' ');
  const bytes = Buffer.from(stamp!, 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 8);
    expect([at, cosignedAt(`${note}${dash} ${name} ${flipped.toString('base64')}\n`, verifier)]).toEqual([
      at,
      undefined
    ]);
  }
});

test('the key of a witness is written with its own type, and is not that of a log', () => {
  const written = formatVerifier(verifier, 'cosignature');
  expect(parseVerifier(written, 'cosignature')).toEqual(verifier);
  expect(parseVerifier(written)).toBeUndefined();
  expect(parseVerifier(formatVerifier(verifier), 'cosignature')).toBeUndefined();
});
