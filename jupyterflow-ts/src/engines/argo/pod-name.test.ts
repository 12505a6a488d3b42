import { fnv1a32, podName } from './pod-name.js';

// Values of RFC 9923, and the ids of two nodes of a run of Argo: `<workflow>-<hash>`.
test.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
  ['dag-diamond-xfww2.B', 1538921813],
  ['dag-diamond-xfww2.C', 1522144194]
])('fnv1a32(%j)', (text, hash) => {
  expect(fnv1a32(text)).toBe(hash);
});

test('a pod is named by workflow, template and the hash of its node', () => {
  expect(podName('wf', 'wf.a(0)', 'a')).toBe(`wf-a-${fnv1a32('wf.a(0)')}`);
});

test('the pod of a workflow that is one container has its name', () => {
  expect(podName('wf', 'wf', 'main')).toBe('wf');
});

test('a long prefix is cut so that the name stays one', () => {
  const name = podName('w'.repeat(63), 'x', 't'.repeat(300));
  expect(name.length).toBeLessThanOrEqual(253);
  expect(name).toMatch(/^w{63}-t+-\d+$/);
});
