#!/usr/bin/env node
// npm run bench -- [NAME ...]: runs benchmarks and prints what they measured. Needs a build.
import { benchmarks } from '../dist/index.js';
import { hardware } from '../dist/measure.js';

const names = process.argv.slice(2);
const unknown = names.find(name => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`there is no benchmark ${unknown}; there are ${Object.keys(benchmarks).join(', ')}`);
  process.exit(2);
}
console.log(hardware());
for (const name of names.length > 0 ? names : Object.keys(benchmarks))
  console.log(`\n${name}\n${await benchmarks[name]()}`);
