import { findExpressions, maskExpressions } from './syntax.js';

test.each([
  ['${{ params.a-b_1 }}', { kind: 'param', name: 'a-b_1' }],
  ['${{item}}', { kind: 'item' }],
  ['${{ item.key }}', { kind: 'item', key: 'key' }],
  ['${{ index }}', { kind: 'index' }],
  ['${{ jobs.job-1.outputs.best }}', { kind: 'output', job: 'job-1', output: 'best' }],
  ['${{ jobs.a.status }}', { kind: 'status', job: 'a' }],
  ['${{ workflow.status }}', { kind: 'run-status' }],
  ['${{ secrets.my-api.token.txt }}', { kind: 'secret', secret: 'my-api', key: 'token.txt' }]
])('%s', (text, expression) => {
  expect(findExpressions(`x ${text} y`)).toEqual([
    { start: 2, end: 2 + text.length, inner: text.slice(3, -2), closed: true, expression }
  ]);
});

test.each(['${{ }}', '${{ params }}', '${{ item.a.b }}', '${{ jobs.1.status }}', '${{ 1 + 2 }}', '${{ secrets.A.b }}'])(
  '%s is no expression that is known',
  text => {
    expect(findExpressions(text)).toEqual([{ start: 0, end: text.length, inner: text.slice(3, -2), closed: true }]);
  }
);

test('what is not closed goes on to the end', () => {
  expect(findExpressions('a ${{ b ${{ c }')).toEqual([{ start: 2, end: 15, inner: ' b ${{ c }', closed: false }]);
});

test('a masked text keeps its places', () => {
  expect(maskExpressions("a'${{ 'b' }}' ${{ c")).toBe("a'__________' ${{ c");
});
