import { compile } from '../compile.js';
import { drawGraph } from './draw.js';

//  list -> uis -----> total     each x?     on-exit
//     \--> uib x3 --/
const text = `name: demo
jobs:
- {name: list, command: a, outputs: {names: n}}
- {name: uis, command: b, needs: list}
- {name: uib, command: c, needs: list, copies: 3}
- {name: total, command: d, needs: [uis, uib]}
- {name: each, command: e, foreach: '\${{ jobs.list.outputs.names }}', needs: list}
onExit: echo done
`;
const plan = compile({ text, file: 'w' }).plan!;

test('ascii', () => {
  expect(drawGraph(plan, 'ascii')).toBe(`\
   1  list
   2  uis      <- list
      uib x3   <- list
      each x?  <- list
   3  total    <- uis, uib
last  on-exit
`);
});

test('mermaid', () => {
  expect(drawGraph(plan, 'mermaid')).toBe(`\
flowchart LR
  j1["list"]
  j2["uis"]
  j3[["uib x3"]]
  j4["total"]
  j5[["each x?"]]
  j6(["on-exit"])
  j1 --> j2
  j1 --> j3
  j2 --> j4
  j3 --> j4
  j1 --> j5
`);
});

test('dot', () => {
  expect(drawGraph(plan, 'dot')).toBe(`\
digraph "demo" {
  rankdir=LR;
  node [shape=box];
  "list";
  "uis";
  "uib" [label="uib x3" peripheries=2];
  "total";
  "each" [label="each x?" peripheries=2];
  "on-exit" [style=dashed];
  "list" -> "uis";
  "list" -> "uib";
  "uis" -> "total";
  "uib" -> "total";
  "list" -> "each";
}
`);
});

test('svg: a title, each job with its label and what it waits for, an arrow for each edge', () => {
  const svg = drawGraph(plan, 'svg');
  expect(svg).toContain('role="img" aria-labelledby="title description"');
  expect([...svg.matchAll(/<title[^>]*>([^<]*)</g)].map(([, title]) => title)).toEqual([
    'Jobs of demo',
    'list: waits for nothing',
    'uis: after list',
    'uib x3: after list',
    'total: after uis, uib',
    'each x?: after list',
    'on-exit: runs last'
  ]);
  expect([...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual([
    'list',
    'uis',
    'uib x3',
    'total',
    'each x?',
    'on-exit'
  ]);
  expect(svg.match(/marker-end/g)).toHaveLength(5);
  // Every element is closed.
  const opened = svg.match(/<[a-z]+(?:\s[^>]*)?(?<!\/)>/g) ?? [];
  expect(svg.match(/<\/[a-z]+>/g)).toHaveLength(opened.length);
});

//  a-0 -> b     a-1
test('copies that edges tell apart are drawn each', () => {
  const apart = compile({ text: 'jobs:\n- {name: a, command: a, copies: 2}\n- b\ndags: a-0 >> 2\n', file: 'w' }).plan!;
  expect(drawGraph(apart, 'ascii')).toBe('   1  a-0\n      a-1\n   2  job-2  <- a-0\n');
});

test('many parents are counted', () => {
  const jobs = Array.from({ length: 12 }, () => '- a\n').join('');
  const wide = compile({
    text: `jobs:\n${jobs}- {command: b, needs: [1,2,3,4,5,6,7,8,9,10,11,12]}\n`,
    file: 'w'
  }).plan!;
  expect(drawGraph(wide, 'ascii').trimEnd().split('\n').at(-1)).toBe(
    '   2  job-13  <- job-1, job-2, job-3, job-4, job-5, job-6, job-7, job-8 and 4 more'
  );
});
