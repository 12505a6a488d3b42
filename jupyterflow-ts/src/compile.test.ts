import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { toArgo } from './argo/argo.js';
import { formatDiagnostics } from './check/format.js';
import { compile } from './compile.js';
import { drawGraph } from './graph/draw.js';

/** Everything that may be done with a file; a plan is there exactly when no problem is an error. */
function use(text: string): void {
  const source = { text, file: 'workflow.yaml' };
  const { diagnostics, plan } = compile(source);
  expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  expect(formatDiagnostics(diagnostics, source)).toHaveLength(formatDiagnostics(diagnostics, source).length);
  for (const { range } of diagnostics) {
    expect(range.start.line * 1e7 + range.start.column).toBeLessThanOrEqual(range.end.line * 1e7 + range.end.column);
  }
  if (plan === undefined) return;
  const { templates } = toArgo(plan).workflow.spec as { templates: unknown[] };
  expect(templates.length).toBeGreaterThan(1);
  expect(drawGraph(plan, 'dot')).toContain('digraph');
}

const folder = fileURLToPath(new URL('../test-data/workflows', import.meta.url));
const seeds = readdirSync(folder).map(name => readFileSync(`${folder}/${name}`, 'utf8'));

describe('never throws', () => {
  test('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), use));
  });

  test('on texts made of what workflow files are made of', () => {
    const piece = fc.constantFrom(
      'jobs:',
      '- ',
      '\n',
      ' ',
      '  ',
      'dags: ',
      '1 >> 2',
      '&a ',
      '*a',
      '{',
      '}',
      '[',
      ']',
      ', ',
      ': ',
      '"',
      "'",
      '|',
      '#',
      '<<: ',
      '${{ ',
      ' }}',
      'params',
      'volumes:',
      'path: /',
      'command: ',
      'a',
      '?',
      '\t',
      '---\n',
      '!!binary ',
      '\0'
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => use(pieces.join(''))),
      { numRuns: 500 }
    );
  });

  test('on a valid file with bytes changed, cut or doubled', () => {
    const change = fc.tuple(
      fc.constantFrom(...seeds),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(20),
      fc.string({ maxLength: 5 })
    );
    fc.assert(
      fc.property(change, ([seed, where, length, put]) => {
        const at = Math.floor(where * seed.length);
        use(seed.slice(0, at) + put + seed.slice(at + length));
        use(seed.slice(0, at) + seed.slice(at, at + length).repeat(3) + seed.slice(at));
      }),
      { numRuns: 200 }
    );
  });
});

test('every problem is told at once, in the order of the file', () => {
  const text = 'jobs:\n- 5\n- {command: a, imag: x}\ndags:\n- 1 >> 9\n- 1 -> 2\n';
  const { diagnostics } = compile({ text, file: 'w' });
  expect(diagnostics.map(({ id, range }) => `${range.start.line} ${id}`)).toEqual([
    '2 job-not-string',
    '3 unknown-key',
    '5 edge-out-of-range',
    '6 edge-syntax'
  ]);
});

test('defaults hold for each job that does not set its own', () => {
  const text = `image: debian:12
timeout: 1h30m
retries: 2
resources: {cpu: 0.5, memory: 500Mi}
volumes: [{dataset: uis/lorem, path: /data}]
jobs:
- a
- {command: b, image: alpine, timeout: 5, retries: 0, resources: {cpu: 2}, volumes: []}
`;
  const { plan } = compile({ text, file: 'w' });
  const volumes = [{ name: 'uis-lorem', kind: 'dataset', ref: 'uis/lorem', mountPath: '/data' }];
  expect(plan?.jobs).toEqual([
    {
      name: 'job-1',
      argv: ['a'],
      dependsOn: [],
      env: [],
      volumes,
      image: 'debian:12',
      retries: 2,
      timeout: 5400,
      resources: { cpu: '0.5', memory: '500Mi' }
    },
    {
      name: 'job-2',
      argv: ['b'],
      dependsOn: [],
      env: [],
      volumes: [],
      image: 'alpine',
      retries: 0,
      timeout: 5,
      resources: { cpu: '2' }
    }
  ]);
});

test('five thousand jobs compile', () => {
  const jobs = Array.from({ length: 5000 }, (_, index) => `- echo ${index}`).join('\n');
  const edges = Array.from({ length: 4999 }, (_, index) => `- ${index + 1} >> ${index + 2}`).join('\n');
  expect(compile({ text: `jobs:\n${jobs}\ndags:\n${edges}\n`, file: 'w' }).plan?.jobs).toHaveLength(5000);
});

test('a place in the file is found by its path, and a job of the plan by its name', () => {
  const { locate, sourceOf } = compile({ text: 'jobs:\n- a\n- {command: b, image: x, name: second}\n', file: 'w' });
  expect(sourceOf('second')).toEqual(['jobs', 1]);
  expect(sourceOf('third')).toBeUndefined();
  expect(locate([...sourceOf('second')!, 'image'])).toEqual({
    start: { line: 3, column: 23 },
    end: { line: 3, column: 24 }
  });
});

test('nothing is found in a file that can not be read', () => {
  expect(compile({ text: '[', file: 'w' }).locate(['jobs'])).toBeUndefined();
});
