import { join } from 'node:path';
import { parseEvents } from './events-line.js';
import { FILES, isThere, readIfThere } from './files.js';
import { publicKeyIfAny, readVerifier } from './identity.js';
import { readLeaf } from './line.js';
import { linesOf, LONGEST_LINE } from './lines.js';
import { segmentsOf } from './segments.js';
import { readSnapshot } from './snapshot.js';
import { verifyLog } from './verify.js';

/** What is wrong in the folder of a log. */
export interface Finding {
  /** `damaged`: restore it from a copy. `mends itself`: the next opening drops it or makes it anew. */
  readonly severity: 'damaged' | 'mends itself';
  readonly file: string;
  /** Index of the entry, where it is one. */
  readonly entry?: number;
  /** Where it starts in the file, bytes. */
  readonly offset?: number;
  readonly problem: string;
}

export interface Inspection {
  /** Whether nothing is damaged. */
  readonly ok: boolean;
  /**
   * Number of entries that agree with the hashes beside them. When nothing is damaged they are those that were written;
   * else one may have been changed together with its hash.
   */
  readonly entries: number;
  readonly findings: readonly Finding[];
}

/** How a cache mends itself. */
const REMEDY = 'the next opening makes it anew from the log';
/** Most findings in one file that are told. */
const MAX_FINDINGS = 100;

/**
 * Looks through the folder of a log for damage, and does not stop at the first: every line of every segment, what is
 * signed, and the caches. Changes nothing; the log should not be in use.
 */
export async function inspect(folder: string, onProgress?: (entries: number) => void): Promise<Inspection> {
  const { entries, findings } = (await isThere(join(folder, FILES.log)))
    ? await inspectLines(folder, onProgress)
    : { entries: 0, findings: [] };
  const verified = await verifyLog(folder, { onProgress });
  if (!verified.ok && !findings.some(({ severity, entry }) => severity === 'damaged' && entry === verified.entry)) {
    const { file, problem, entry, offset } = verified;
    const place = { ...(entry !== undefined && { entry }), ...(offset !== undefined && { offset }) };
    findings.push({ severity: 'damaged', file, problem, ...place });
  }
  if (verified.ok) {
    // What is not whole at the end was never answered.
    findings.forEach((finding, n) => (findings[n] = { ...finding, severity: 'mends itself' }));
    findings.push(...(await inspectKey(folder)), ...(await inspectCaches(folder, verified.size)));
  }
  return { ok: findings.every(({ severity }) => severity !== 'damaged'), entries, findings };
}

async function inspectLines(
  folder: string,
  onProgress: ((entries: number) => void) | undefined
): Promise<{ entries: number; findings: Finding[] }> {
  const findings: Finding[] = [];
  let [index, entries] = [0, 0];
  for (const { file, first } of await segmentsOf(folder)) {
    if (first !== index) {
      const problem = `it begins with entry ${first}, its place is that of entry ${index}`;
      findings.push({ severity: 'damaged', file, entry: index, offset: 0, problem });
      index = first;
    }
    for await (const lines of linesOf(join(folder, file))) {
      for (const { bytes, whole, offset, continues } of lines) {
        if (continues === true) {
          continue;
        }
        const good = whole && readLeaf(bytes) !== undefined;
        entries += good ? 1 : 0;
        if (!good && findings.length < MAX_FINDINGS) {
          const long = bytes.length > LONGEST_LINE;
          const cut = long ? 'it is longer than any entry' : 'it is not whole';
          const problem = whole ? 'its bytes are not those that were written' : cut;
          findings.push({ severity: 'damaged', file, entry: index, offset, problem });
        }
        index += 1;
      }
      onProgress?.(index);
    }
  }
  return { entries, findings };
}

/** A copy of a log that others verify has no secret key. */
async function inspectKey(folder: string): Promise<readonly Finding[]> {
  const { publicKey } = await readVerifier(folder);
  const secret = await readIfThere(join(folder, FILES.key));
  return secret === undefined || publicKeyIfAny(secret.trim()) === publicKey
    ? []
    : [{ severity: 'damaged', file: FILES.key, problem: `it is not the key of ${FILES.publicKey}` }];
}

async function inspectCaches(folder: string, size: number): Promise<readonly Finding[]> {
  const anew = (file: string, problem: string): Finding => ({ severity: 'mends itself', file, problem });
  const { publicKey } = await readVerifier(folder);
  const snapshot = await readSnapshot(folder, publicKey);
  if (snapshot === undefined) {
    return (await isThere(join(folder, FILES.snapshot))) ? [anew(FILES.snapshot, `it is damaged; ${REMEDY}`)] : [];
  }
  if (snapshot.head.size > size) {
    return [anew(FILES.snapshot, `it is of another log; ${REMEDY}`)];
  }
  let index = 0;
  for await (const lines of (await isThere(join(folder, FILES.events))) ? linesOf(join(folder, FILES.events)) : []) {
    for (const { bytes, offset } of lines) {
      if (index < snapshot.head.size && parseEvents(bytes, index) === undefined) {
        return [{ ...anew(FILES.events, `it is damaged; ${REMEDY}`), entry: index, offset }];
      }
      index += 1;
    }
  }
  return index < snapshot.head.size ? [anew(FILES.events, `it ends before entry ${index}; ${REMEDY}`)] : [];
}
