import { generateKeyPairSync, sign, verify } from 'node:crypto';

/** Checks to start before the first is done: the threads of Node are never without one. */
const AHEAD = 64;

/**
 * The least that a reader which trusts nobody has to do, with what Node brings: Ed25519 on all its threads, over bytes
 * as long as those of a command.
 *
 * @returns seconds
 */
export async function checkSignatures(count: number): Promise<number> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.alloc(250, 'x');
  const signature = sign(null, bytes, privateKey);
  let left = count;
  const checker = async (): Promise<void> => {
    while (left-- > 0) {
      const good = await new Promise((resolve, reject) =>
        verify(null, bytes, publicKey, signature, (error, good) => (error === null ? resolve(good) : reject(error)))
      );
      if (good !== true) throw new Error('a good signature was refused');
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AHEAD }, checker));
  return (performance.now() - start) / 1000;
}
