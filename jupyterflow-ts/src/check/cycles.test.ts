import fc from 'fast-check';
import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const file = (jobs: number, edges: readonly string[]): string =>
  `jobs: [${Array.from({ length: jobs }, () => 'a').join(', ')}]\ndags:\n${edges.map(edge => `- ${edge}\n`).join('')}`;

test.each([
  //  1 -> 2 -> 1
  [
    2,
    ['1 >> 2', '2 >> 1'],
    [
      '4:3-9 error cycle: the jobs wait for each other in a circle: job-1 >> job-2 >> job-1 (Remove one of these edges.) @3:3'
    ]
  ],
  //  1 -> 2 -> 3 -> 4 -> 2
  [
    4,
    ['1 >> 2 >> 3 >> 4', '4 >> 2'],
    [
      '4:3-9 error cycle: the jobs wait for each other in a circle: job-2 >> job-3 >> job-4 >> job-2 (Remove one of these edges.) @3:8 @3:13'
    ]
  ],
  //  1 <-> 2    3 <-> 4
  [
    4,
    ['1 >> 2 >> 1', '3 >> 4 >> 3'],
    [
      '3:8-14 error cycle: the jobs wait for each other in a circle: job-1 >> job-2 >> job-1 (Remove one of these edges.) @3:3',
      '4:8-14 error cycle: the jobs wait for each other in a circle: job-3 >> job-4 >> job-3 (Remove one of these edges.) @4:3'
    ]
  ],
  //  1 -> 2 -> 4
  //   \-> 3 -/
  [4, ['1 >> 2 >> 4', '1 >> 3 >> 4'], []]
])('%i jobs with %j', (jobs, edges, diagnostics) => {
  expect(diagnose(file(jobs, edges))).toEqual(diagnostics);
});

/** Takes away jobs that wait for none of the rest, until none is left or none can be taken (Kahn). */
function hasCycle(jobs: number, edges: readonly (readonly [number, number])[]): boolean {
  let left = Array.from({ length: jobs }, (_, index) => index + 1);
  for (;;) {
    const free = left.filter(job => !edges.some(([from, to]) => to === job && left.includes(from)));
    if (free.length === 0) return left.length > 0;
    left = left.filter(job => !free.includes(job));
  }
}

test('a file compiles exactly when its graph has no cycle, and the cycle told is one', () => {
  const graph = fc.integer({ min: 1, max: 8 }).chain(jobs => {
    const job = fc.integer({ min: 1, max: jobs });
    return fc.record({ jobs: fc.constant(jobs), edges: fc.array(fc.tuple(job, job), { maxLength: 14 }) });
  });
  fc.assert(
    fc.property(graph, ({ jobs, edges }) => {
      const { plan, diagnostics } = compile({
        text: file(
          jobs,
          edges.map(edge => edge.join(' >> '))
        ),
        file: 'w'
      });
      expect(plan === undefined).toBe(hasCycle(jobs, edges));
      for (const { id, message } of diagnostics) {
        if (id !== 'cycle') continue;
        const names = message.slice(message.indexOf(': ') + 2).split(' >> ');
        expect(names.at(-1)).toBe(names[0]);
        for (const [at, name] of names.slice(1).entries()) {
          const edge = [names[at], name].map(of => Number(of?.slice(4)));
          expect(edges).toContainEqual(edge);
        }
      }
    })
  );
});

test('a chain of 5000 jobs that bites its tail is found without recursion', () => {
  const jobs = 5000;
  const chain = Array.from({ length: jobs }, (_, index) => `${index + 1} >> ${((index + 1) % jobs) + 1}`);
  const { diagnostics } = compile({ text: file(jobs, chain), file: 'w' });
  expect(diagnostics.map(({ id, related }) => [id, related.length])).toEqual([['cycle', jobs - 1]]);
});
