import rfc9162Module from '@transmute/rfc9162';
import { isConsistent } from './consistency.js';
import { leafHash } from './hash.js';
import { rootOfProof } from './inclusion.js';
import { MerkleTree } from './tree.js';

/** What is used of the package; it is CommonJS with a default export inside. */
interface Rfc9162 {
  leaf(entry: Uint8Array): Promise<Uint8Array>;
  treeHead(entries: readonly Uint8Array[]): Promise<Uint8Array>;
  inclusionProof(entry: Uint8Array, entries: readonly Uint8Array[]): Promise<Inclusion>;
  verifyInclusionProof(root: Uint8Array, leaf: Uint8Array, proof: Inclusion): Promise<boolean>;
  consistencyProof(from: Inclusion, entries: readonly Uint8Array[]): Promise<Consistency>;
  verifyConsistencyProof(old: Uint8Array, now: Uint8Array, proof: Consistency): Promise<boolean>;
}
interface Inclusion {
  readonly log_id: string;
  readonly tree_size: number;
  readonly leaf_index: number;
  readonly inclusion_path: readonly Uint8Array[];
}
interface Consistency {
  readonly consistency_path: readonly Uint8Array[];
}
const { default: rfc9162 } = rfc9162Module as unknown as { readonly default: Rfc9162 };

// An implementation of others, from the registry, beside ours: the hashes, the paths and the roots must be the same.
const entries = Array.from({ length: 33 }, (_, n) => new Uint8Array(Buffer.from(`entry ${n}`)));
const tree = new MerkleTree();
entries.forEach(entry => tree.append(leafHash(entry)));

const buffers = (hashes: readonly Uint8Array[]) => hashes.map(hash => Buffer.from(hash));

test('the root of each size', async () => {
  for (let size = 1; size <= entries.length; size++) {
    expect(Buffer.from(await rfc9162.treeHead(entries.slice(0, size)))).toEqual(tree.root(size));
  }
});

test('the audit path of each entry: they accept ours, we accept theirs', async () => {
  for (const size of [1, 2, 3, 4, 7, 8, 9, 31, 32, 33]) {
    const root = tree.root(size);
    for (let index = 0; index < size; index++) {
      const entry = entries[index]!;
      const theirs = await rfc9162.inclusionProof(entry, entries.slice(0, size));
      expect(buffers(theirs.inclusion_path)).toEqual(tree.inclusion(index, size));
      const hashes = theirs.inclusion_path.map(hash => Buffer.from(hash).toString('base64'));
      expect(rootOfProof(leafHash(entry), { index, size, hashes })).toEqual(root);
      const ours = { ...theirs, inclusion_path: tree.inclusion(index, size).map(hash => new Uint8Array(hash)) };
      const leaf = await rfc9162.leaf(entry);
      expect(await rfc9162.verifyInclusionProof(new Uint8Array(root), leaf, ours)).toBe(true);
    }
  }
});

test('the proof of consistency between each two sizes', async () => {
  for (const size of [2, 3, 4, 7, 8, 9, 20, 32, 33]) {
    for (let old = 1; old < size; old++) {
      const from = { log_id: '', tree_size: old, leaf_index: 0, inclusion_path: [] };
      const theirs = await rfc9162.consistencyProof(from, entries.slice(0, size));
      // Where the old size is a power of two they begin with its root, which RFC 6962 leaves out: who checks has it.
      const extra = Number.isInteger(Math.log2(old)) ? [tree.root(old)] : [];
      const ours = tree.consistency(old, size);
      expect(buffers(theirs.consistency_path)).toEqual([...extra, ...ours]);
      const [before, now] = [
        { size: old, root: tree.root(old) },
        { size, root: tree.root(size) }
      ];
      expect(isConsistent(before, now, buffers(theirs.consistency_path).slice(extra.length))).toBe(true);
      const given = { ...theirs, consistency_path: [...extra, ...ours].map(hash => new Uint8Array(hash)) };
      const accepted = await rfc9162.verifyConsistencyProof(
        new Uint8Array(before.root),
        new Uint8Array(now.root),
        given
      );
      expect([old, size, accepted]).toEqual([old, size, true]);
    }
  }
});
