import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { isConsistent } from './consistency.js';
import { leafHash, nodeHash } from './hash.js';
import { Peaks } from './peaks.js';
import { MerkleTree } from './tree.js';

const entry = (n: number) => Buffer.from(`entry ${n}`);

function treeOf(size: number): MerkleTree {
  const tree = new MerkleTree();
  for (let n = 0; n < size; n++) {
    tree.append(leafHash(entry(n)));
  }
  return tree;
}

/*
 * The tree of the example in RFC 6962, section 2.1.3, with its names of nodes:
 *
 *             hash
 *            /    \
 *           k      l
 *          / \    / \
 *         /   \  i   j
 *        g     h    (d6)
 *       / \   / \  / \
 *       a b   c d  e f
 *       | |   | |  | |
 *      d0 d1 d2 d3 d4 d5
 */
describe('the example of RFC 6962, section 2.1.3', () => {
  const tree = treeOf(7);
  const [a, b, c, d, e, f, j] = [0, 1, 2, 3, 4, 5, 6].map(n => leafHash(entry(n))) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer
  ];
  const [g, h, i] = [nodeHash(a, b), nodeHash(c, d), nodeHash(e, f)];
  const [k, l] = [nodeHash(g, h), nodeHash(i, j)];

  test('the root', () => expect(tree.root()).toEqual(nodeHash(k, l)));

  test.each([
    ['d0', 0, [b, h, l]],
    ['d3', 3, [c, g, l]],
    ['d4', 4, [f, j, k]],
    ['d6', 6, [i, k]]
  ])('the audit path for %s', (_what, index, path) => expect(tree.inclusion(index)).toEqual(path));

  test.each([
    // hash0 is the root of d0 to d2: g and c. PROOF(3, D[7]) = [c, d, g, l]: c and g give hash0, with d and l the root.
    [3, [c, d, g, l]],
    // hash1 is k: PROOF(4, D[7]) = [l].
    [4, [l]],
    // hash2 is the root of d0 to d5: k and i. PROOF(6, D[7]) = [i, j, k].
    [6, [i, j, k]]
  ])('the proof that it begins with the tree of %d', (old, path) => expect(tree.consistency(old)).toEqual(path));
});

describe('a proof of consistency', () => {
  test('is good for any two sizes of one tree', () => {
    const tree = treeOf(70);
    for (let size = 0; size <= 70; size++) {
      for (let old = 0; old <= size; old++) {
        const proof = tree.consistency(old, size);
        expect(isConsistent({ size: old, root: tree.root(old) }, { size, root: tree.root(size) }, proof)).toBe(true);
      }
    }
  });

  test('is bad for any other root, with a hash changed, left out or added', () => {
    const tree = treeOf(64);
    const other = createHash('sha256').update('other').digest();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 63 }), fc.integer({ min: 1, max: 64 }), fc.nat(), (a, b, at) => {
        const [old, size] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(old < size);
        const [before, now] = [
          { size: old, root: tree.root(old) },
          { size, root: tree.root(size) }
        ];
        const proof = tree.consistency(old, size);
        const n = at % proof.length;
        expect(isConsistent({ ...before, root: other }, now, proof)).toBe(false);
        expect(isConsistent(before, { ...now, root: other }, proof)).toBe(false);
        expect(isConsistent(before, now, proof.with(n, other))).toBe(false);
        expect(isConsistent(before, now, proof.toSpliced(n, 1))).toBe(false);
        expect(isConsistent(before, now, proof.toSpliced(n, 0, other))).toBe(false);
        expect(isConsistent(now, before, proof)).toBe(false);
      })
    );
  });

  test.each([
    ['of sizes that are none', { size: -1 }, { size: 2 }],
    ['of a size that is no integer', { size: 0.5 }, { size: 2 }],
    ['of the same size with another root', { size: 2 }, { size: 2 }]
  ])('%s is refused', (_what, old, now) => {
    expect(isConsistent({ ...old, root: Buffer.alloc(32, 1) }, { ...now, root: Buffer.alloc(32, 2) }, [])).toBe(false);
  });

  test('that is too long is refused, not walked for ever', () => {
    const tree = treeOf(8);
    const proof = Array.from({ length: 10_000 }, () => Buffer.alloc(32));
    expect(isConsistent({ size: 4, root: tree.root(4) }, { size: 8, root: tree.root(8) }, proof)).toBe(false);
  });

  test('asked for beyond the tree is a mistake of the caller', () => {
    expect(() => treeOf(3).consistency(4)).toThrow('no tree of 4 leaves within 3');
  });
});

test('the roots of the tree and of who verifies are the same at every size', () => {
  const [tree, peaks] = [new MerkleTree(), new Peaks()];
  for (let n = 0; n <= 130; n++) {
    expect(peaks.root()).toEqual(tree.root());
    expect(peaks.size).toBe(n);
    tree.append(leafHash(entry(n)));
    peaks.append(entry(n));
  }
});
