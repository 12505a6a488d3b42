import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { emptyRoot, leafHash, nodeHash } from './hash.js';
import { rootOfProof } from './inclusion.js';
import { MerkleTree } from './tree.js';

const sha256 = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

function treeOf(entries: readonly Buffer[]): MerkleTree {
  const tree = new MerkleTree();
  entries.forEach(entry => tree.append(leafHash(entry)));
  return tree;
}

// MTH of RFC 6962, section 2.1, as it is written there.
function naiveRoot(entries: readonly Buffer[]): Buffer {
  const [first] = entries;
  if (first === undefined) {
    return createHash('sha256').digest();
  }
  if (entries.length === 1) {
    return leafHash(first);
  }
  let k = 1;
  while (k * 2 < entries.length) {
    k *= 2;
  }
  return nodeHash(naiveRoot(entries.slice(0, k)), naiveRoot(entries.slice(k)));
}

describe('the hashes of RFC 6962', () => {
  test('the empty tree is the hash of nothing', () => {
    expect(emptyRoot().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('a leaf is the hash of a zero byte and the entry', () => {
    expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    );
    expect(leafHash(Buffer.from('abc')).toString('hex')).toBe(sha256('00616263'));
  });

  test('a node is the hash of a one byte and both sides', () => {
    const [a, b] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))];
    expect(nodeHash(a, b).toString('hex')).toBe(sha256(`01${a.toString('hex')}${b.toString('hex')}`));
  });

  // The tree of Certificate Transparency's own tests: eight entries, roots at each size.
  const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  test.each([
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328']
  ])('the root of %d entries', (size, root) => {
    const tree = treeOf(entries.map(entry => Buffer.from(entry, 'hex')));
    expect(tree.root(size).toString('hex')).toBe(root);
  });
});

describe('a tree that grows', () => {
  const someEntries = fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 });

  test('has at every size the root of the definition', () => {
    fc.assert(
      fc.property(someEntries, list => {
        const entries = list.map(entry => Buffer.from(entry));
        const tree = treeOf(entries);
        for (let size = 0; size <= entries.length; size++) {
          expect(tree.root(size)).toEqual(naiveRoot(entries.slice(0, size)));
        }
      }),
      { numRuns: 20 }
    );
  });

  test('proves every entry at every size, and nothing else', () => {
    fc.assert(
      fc.property(someEntries, fc.nat(), fc.nat(), (list, a, b) => {
        const entries = list.map(entry => Buffer.from(entry));
        const tree = treeOf(entries);
        const size = (a % entries.length) + 1;
        const index = b % size;
        const hashes = tree.inclusion(index, size).map(hash => hash.toString('base64'));
        const leaf = leafHash(entries[index]!);
        expect(rootOfProof(leaf, { index, size, hashes })).toEqual(tree.root(size));
        expect(rootOfProof(leafHash(Buffer.from('another entry')), { index, size, hashes })).not.toEqual(
          tree.root(size)
        );
        expect(
          rootOfProof(leaf, { index, size, hashes: [...hashes, hashes[0] ?? leaf.toString('base64')] })
        ).toBeUndefined();
      })
    );
  });

  test.each([
    ['an index that is not in the tree', { index: 2, size: 2, hashes: [] }],
    ['a negative index', { index: -1, size: 2, hashes: [] }],
    ['an index that is no integer', { index: 0.5, size: 2, hashes: [] }],
    ['too few hashes', { index: 0, size: 2, hashes: [] }],
    ['a hash of another length', { index: 0, size: 2, hashes: ['AAAA'] }]
  ])('a proof with %s leads nowhere', (_what, proof) => {
    expect(rootOfProof(leafHash(Buffer.from('a')), proof)).toBeUndefined();
  });

  test('has no root and no proof beyond its size', () => {
    const tree = treeOf([Buffer.from('a')]);
    expect(() => tree.root(2)).toThrow('the tree has 1 leaves, not 2');
    expect(() => tree.inclusion(1)).toThrow('no leaf 1 among 1');
  });
});
