import type { Diagnostic } from '@jupyterflow/schema';
import { githubAnnotations } from './github.js';

const diagnostic: Diagnostic = {
  id: 'edge-out-of-range',
  severity: 'error',
  message: 'there is no job 9',
  file: 'workflow.yaml',
  range: { start: { line: 6, column: 8 }, end: { line: 6, column: 9 } },
  related: []
};

test.each<[Partial<Diagnostic>, string]>([
  [{}, '::error file=workflow.yaml,line=6,endLine=6,col=8,endColumn=8,title=edge-out-of-range::there is no job 9\n'],
  [
    { severity: 'warning', range: { start: { line: 2, column: 3 }, end: { line: 4, column: 1 } } },
    '::warning file=workflow.yaml,line=2,endLine=4,title=edge-out-of-range::there is no job 9\n'
  ],
  [
    { severity: 'info', file: 'a,b:c%.yaml', message: '100%\r\n::error::injected', hint: 'see docs' },
    '::notice file=a%2Cb%3Ac%25.yaml,line=6,endLine=6,col=8,endColumn=8,title=edge-out-of-range::100%25%0D%0A::error::injected%0Asee docs\n'
  ]
])('%j', (change, text) => {
  expect(githubAnnotations([{ ...diagnostic, ...change }])).toBe(text);
});
