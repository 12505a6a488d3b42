import fc from 'fast-check';
import { bombText, mutatedText, scrambledText } from './testing/fuzz/bytes.js';
import { exampleFiles, exercise } from './testing/fuzz/exercise.js';
import { structuredText } from './testing/fuzz/structured.js';

// Short; `npm run fuzz -w jupyterflow-ts -- --minutes 10` goes on for longer, and watches the time.
test.each<[string, fc.Arbitrary<string>, number]>([
  ['any text', fc.string({ unit: 'binary' }), 100],
  ['texts made of what files are made of', scrambledText(), 300],
  ['files with bytes changed', mutatedText(exampleFiles()), 150],
  ['files made of every key', structuredText(), 300],
  ['few bytes that stand for much', bombText(), 12]
])('nothing that a file can hold makes the compiler throw: %s', (_, text, numRuns) => {
  fc.assert(
    fc.property(text, made => void exercise(made)),
    { numRuns }
  );
});

test('a good part of the files made of every key are right', () => {
  const right = fc.sample(structuredText(), { numRuns: 300, seed: 1 }).filter(text => exercise(text));
  expect(right.length).toBeGreaterThan(30);
});
