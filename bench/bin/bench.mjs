#!/usr/bin/env node
// npm run bench -- [NAME ...] [--save] [--full]: runs benchmarks and prints what they measured; with --save also to
// results/NAME.md, with --full also what takes many minutes.
// Needs a build.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { benchmarks } from '../dist/index.js';
import { hardware } from '../dist/measure.js';

const names = process.argv.slice(2).filter(word => word !== '--save' && word !== '--full');
const full = process.argv.includes('--full');
const save = process.argv.includes('--save');
const unknown = names.find(name => !Object.hasOwn(benchmarks, name));
if (unknown !== undefined) {
  console.error(`there is no benchmark ${unknown}; there are ${Object.keys(benchmarks).join(', ')}`);
  process.exit(2);
}
console.log(hardware());
for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
  const result = await benchmarks[name](full);
  console.log(`\n${name}\n${result}`);
  if (save) await write(name, result);
}

async function write(name, result) {
  const file = fileURLToPath(new URL(`../results/${name}.md`, import.meta.url));
  await mkdir(new URL('../results/', import.meta.url), { recursive: true });
  const today = new Date().toISOString().slice(0, 10);
  await writeFile(file, `# ${name}\n\n${today}, ${hardware()}\n\n\`\`\`\n${result}\n\`\`\`\n`);
}
