import { parentPort } from 'node:worker_threads';
import { firstBadOf, type SignatureBatch } from './batch.js';
import { quickVerifier } from './quick.js';

// A thread of {@link ./checker.ts}: answers each batch, in their order, with the place of its first bad signature.
const verify = quickVerifier();
parentPort?.on('message', (batch: SignatureBatch) => parentPort?.postMessage(firstBadOf(batch, verify)));
