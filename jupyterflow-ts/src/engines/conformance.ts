import { again } from './conformance/again.js';
import { attempts } from './conformance/attempts.js';
import { cache } from './conformance/cache.js';
import type { ConformanceCase } from './conformance/case.js';
import { conditions } from './conformance/conditions.js';
import { ending } from './conformance/ending.js';
import { jobs } from './conformance/jobs.js';
import { logs } from './conformance/logs.js';
import { order } from './conformance/order.js';
import { runs } from './conformance/runs.js';
import { values } from './conformance/values.js';

export * from './conformance/case.js';

/** The rules of a run, written against the port alone. */
export const conformance: readonly ConformanceCase[] = [
  ...order,
  ...attempts,
  ...conditions,
  ...values,
  ...ending,
  ...again,
  ...cache,
  ...jobs,
  ...logs,
  ...runs
];
