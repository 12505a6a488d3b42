// npm run fuzz -w jupyterflow-ts -- [--minutes 10] [--seed N]: feeds the compiler files of all kinds and reports every one that
// makes it throw, or any step longer than a second of the processor. Needs a build.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

/** Longest time for one step, such as to compile, in milliseconds of the processor; what hangs is found after ten times that. */
const LIMIT = 1000;
/** Texts of one kind before the next kind has its turn. */
const ROUND = 200;
const encoder = new TextEncoder();

if (isMainThread) await watch();
else await feed();

async function watch() {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: String(Date.now() % 1e9) } }
  });
  const until = Date.now() + Number(values.minutes) * 60_000;
  const state = new SharedArrayBuffer(8 + 4_000_000);
  const [count, text] = [new Int32Array(state, 0, 2), new Uint8Array(state, 8)];
  const counted = { texts: 0, right: 0, findings: 0 };
  let seed = Number(values.seed);
  console.log(`seed ${seed}, ${values.minutes} minutes`);
  while (Date.now() < until) {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { state, seed, until } });
    const reason = await watchOne(worker, count, counted);
    if (reason === undefined) break;
    // What hangs is left behind, and the next worker goes on with other texts.
    report(new TextDecoder().decode(text.slice(0, count[1])), reason, counted);
    seed += 1;
  }
  console.log(`${counted.texts} texts, ${counted.right} of them right files; ${counted.findings} findings`);
  process.exit(counted.findings === 0 ? 0 : 1);
}

/** Resolves when the time is over, or with the reason when the worker hangs or dies. */
function watchOne(worker, count, counted) {
  return new Promise(resolve => {
    let [last, since] = [-1, Date.now()];
    const timer = setInterval(() => {
      if (count[0] !== last) [last, since] = [count[0], Date.now()];
      else if (Date.now() - since > 10 * LIMIT) end(`no answer after ${10 * LIMIT} ms`);
    }, 200);
    const end = reason => {
      clearInterval(timer);
      worker.terminate().then(() => resolve(reason));
    };
    worker.on('message', message => {
      if (message.finding !== undefined) report(message.text, message.finding, counted);
      else {
        counted.texts += message.texts;
        counted.right += message.right;
        if (message.done) end(undefined);
      }
    });
    worker.on('error', error => end(`the process died: ${error.message}`));
  });
}

function report(text, reason, counted) {
  counted.findings += 1;
  const file = `fuzz-finding-${counted.findings}.yaml`;
  writeFileSync(file, text);
  console.error(`${file}: ${reason}\n${text.slice(0, 300)}\n`);
}

async function feed() {
  const { default: fc } = await import('fast-check');
  const { bombText, mutatedText, scrambledText } = await import('../dist/testing/fuzz/bytes.js');
  const { exampleFiles, exercise } = await import('../dist/testing/fuzz/exercise.js');
  const { structuredText } = await import('../dist/testing/fuzz/structured.js');
  const { state, seed, until } = workerData;
  const [count, shared] = [new Int32Array(state, 0, 2), new Uint8Array(state, 8)];
  const kinds = [
    structuredText(),
    mutatedText(exampleFiles()),
    scrambledText(),
    bombText(),
    fc.string({ unit: 'binary' })
  ];
  // The first texts are slow because the compiler itself is compiled.
  for (const text of exampleFiles()) exercise(text);
  for (let round = 0; Date.now() < until; round++) {
    let right = 0;
    const texts = fc.sample(kinds[round % kinds.length], { numRuns: ROUND, seed: seed + round });
    for (const text of texts) {
      const { written } = encoder.encodeInto(text, shared);
      count[1] = written;
      count[0] += 1;
      let ms = 0;
      const step = work => {
        const before = process.cpuUsage();
        const result = work();
        const { user, system } = process.cpuUsage(before);
        ms = Math.max(ms, (user + system) / 1000);
        return result;
      };
      try {
        if (exercise(text, step)) right += 1;
      } catch (error) {
        parentPort.postMessage({ finding: error.stack, text });
      }
      if (ms > LIMIT) parentPort.postMessage({ finding: `${Math.round(ms)} ms of the processor`, text });
    }
    parentPort.postMessage({ texts: texts.length, right });
  }
  parentPort.postMessage({ texts: 0, right: 0, done: true });
}
