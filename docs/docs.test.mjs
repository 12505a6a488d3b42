// What the documents show is run, not just read.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { compile } from 'jupyterflow-ts/core';
import { diagnosticPages } from './diagnostics.mjs';
import { pagesWithTables, withTables } from './tables.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${root}docs`)
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`)
];
const read = page => readFileSync(`${root}${page}`, 'utf8');
const blocks = language =>
  pages.flatMap(page =>
    [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text], i) => [
      `${page}, block ${i + 1}`,
      text
    ])
  );

test.each(blocks('yaml'))('the workflow in %s is right', (_, text) => {
  expect(compile({ text, file: 'workflow.yaml' }).diagnostics.filter(({ severity }) => severity !== 'info')).toEqual(
    []
  );
});

test.each(pagesWithTables)('the tables of %s are what the code says', async page => {
  expect(read(`docs/${page}`)).toBe(await withTables(page));
});

test('the pages about diagnostics are what the code says', async () => {
  const pages = await diagnosticPages();
  expect(readdirSync(`${root}docs/diagnostics`).sort()).toEqual(Object.keys(pages).sort());
  expect(Object.fromEntries(Object.keys(pages).map(name => [name, read(`docs/diagnostics/${name}`)]))).toEqual(pages);
});

test('every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = pages.flatMap(page => [...read(page).matchAll(/`npm run ([a-z:]+)/g)].map(([, name]) => name));
  expect(named.filter(name => !(name in scripts))).toEqual([]);
});

test('every jupyterflow command that a page names exists', () => {
  const named = new Set(
    pages.flatMap(page => [...read(page).matchAll(/(?:^|`|\$ )\s*jupyterflow ([a-z]+)/gm)].map(([, name]) => name))
  );
  expect(named.size).toBeGreaterThan(0);
  for (const name of named)
    expect([
      name,
      spawnSync(process.execPath, [`${root}jupyterflow-ts/bundle/jupyterflow.js`, name, '--help']).status
    ]).toEqual([name, 0]);
});

test('every link to a file in a page leads somewhere', () => {
  const links = pages.flatMap(page =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => [page, target])
  );
  const dead = links.filter(([page, target]) => {
    const path = fileURLToPath(new URL(target, `file://${root}${page}`));
    return spawnSync('test', ['-e', path]).status !== 0;
  });
  expect(dead).toEqual([]);
});
