import { HASH_SIZE } from '../merkle/hash.js';

/**
 * What a log asks a witness to cosign. The body is that of `add-checkpoint` (https://c2sp.org/tlog-witness), and after
 * it an empty line and the newest entry with the proof that it is the last one of the tree: from it the witness learns
 * the time of the log.
 */
export interface CosignRequest {
  /** Size that the witness cosigned last. */
  readonly old: number;
  /** That the tree begins with the one of that size. */
  readonly consistency: readonly Buffer[];
  /** The signed checkpoint. */
  readonly note: string;
  /** Bytes of the newest entry. */
  readonly entry: Buffer;
  /** That it is the last one of the tree. */
  readonly inclusion: readonly Buffer[];
}

/** Most lines of a proof: enough for 2^63 entries. */
const MAX_PROOF = 63;
const ENTRY = 'entry ';

export function formatRequest({ old, consistency, note, entry, inclusion }: CosignRequest): string {
  return [
    `old ${old}\n`,
    ...consistency.map(hashLine),
    `\n${note}\n${ENTRY}${entry.toString('base64')}\n`,
    ...inclusion.map(hashLine)
  ].join('');
}

/** Reads what {@link formatRequest} wrote; undefined when it is anything else. */
export function parseRequest(body: string): CosignRequest | undefined {
  const first = body.indexOf('\n\n');
  const last = body.lastIndexOf(`\n\n${ENTRY}`);
  if (first === -1 || last <= first) {
    return undefined;
  }
  const [oldLine = '', ...consistencyLines] = body.slice(0, first).split('\n');
  const [entryLine = '', ...inclusionLines] = body.slice(last + 2).split('\n');
  const old = /^old (0|[1-9]\d{0,15})$/.exec(oldLine)?.[1];
  const entry = Buffer.from(entryLine.slice(ENTRY.length), 'base64');
  const consistency = hashesOf(consistencyLines);
  // The last line ends with a newline too.
  const inclusion = inclusionLines.pop() === '' ? hashesOf(inclusionLines) : undefined;
  return old === undefined || !Number.isSafeInteger(Number(old)) || consistency === undefined || inclusion === undefined
    ? undefined
    : { old: Number(old), consistency, note: body.slice(first + 2, last + 1), entry, inclusion };
}

function hashLine(hash: Buffer): string {
  return `${hash.toString('base64')}\n`;
}

function hashesOf(lines: readonly string[]): readonly Buffer[] | undefined {
  const hashes = lines.map(line => Buffer.from(line, 'base64'));
  const exact = hashes.every((hash, n) => hash.length === HASH_SIZE && hash.toString('base64') === lines[n]);
  return exact && hashes.length <= MAX_PROOF ? hashes : undefined;
}
