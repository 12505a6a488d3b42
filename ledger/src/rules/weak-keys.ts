// The y coordinates of the eight points whose order divides 8 (edwards25519, RFC 8032 section 5.1): orders 1, 2, 4 and 8.
const SMALL_ORDER = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'
]);
/** A coordinate of at least 2^255 - 19: another spelling of a small one. */
const NOT_REDUCED = /^(e[d-f]|f.)(ff){30}7f$/;

/**
 * Whether an Ed25519 public key lets everybody sign: a point of small order has no private key, and constant signatures
 * hold for it. A coordinate that is not reduced is no key either (RFC 8032, section 5.1.3), though libraries take it.
 *
 * @param base64 - the 32 bytes of the key
 */
export function isWeakKey(base64: string): boolean {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  // The highest bit is the sign of x.
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  const y = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return SMALL_ORDER.has(y) || NOT_REDUCED.test(y);
}
