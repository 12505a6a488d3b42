import { compile } from '../compile.js';
import { drawGraph } from './draw.js';

//  list -> uis -> total
//     \--> uib --/
const text = `name: demo
jobs:
- {name: list, command: a}
- {name: uis, command: b, needs: list}
- {name: uib, command: c, needs: list}
- {name: total, command: d, needs: [uis, uib]}
`;
const plan = compile({ text, file: 'w' }).plan!;

test('ascii', () => {
  expect(drawGraph(plan, 'ascii')).toBe(`\
  1  list
  2  uis    <- list
  2  uib    <- list
  3  total  <- uis, uib
`);
});

test('mermaid', () => {
  expect(drawGraph(plan, 'mermaid')).toBe(`\
flowchart LR
  j1["list"]
  j2["uis"]
  j3["uib"]
  j4["total"]
  j1 --> j2
  j1 --> j3
  j2 --> j4
  j3 --> j4
`);
});

test('dot', () => {
  expect(drawGraph(plan, 'dot')).toBe(`\
digraph "demo" {
  rankdir=LR;
  node [shape=box];
  "list";
  "uis";
  "uib";
  "total";
  "list" -> "uis";
  "list" -> "uib";
  "uis" -> "total";
  "uib" -> "total";
}
`);
});
