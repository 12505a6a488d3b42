// What the documents show is run, not just read.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { configSchema } from '@jupyterflow/schema';
import { compile, readConfig } from 'jupyterflow-ts/core';
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

const CONFIG = '# ~/.jupyterflow.yaml\n';

test.each(blocks('yaml').filter(([, text]) => text.startsWith(CONFIG)))(
  'the configuration in %s is right',
  (_, text) => {
    expect(readConfig(text, '.jupyterflow.yaml').diagnostics).toEqual([]);
  }
);

test.each(blocks('yaml').filter(([, text]) => !text.startsWith(CONFIG)))('the workflow in %s is right', (_, text) => {
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

test('every diagnostic that the code names has a page', () => {
  const sources = readdirSync(`${root}jupyterflow-ts/src`, { recursive: true }).filter(
    name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/^(catalogue|testing)\//.test(name)
  );
  // As the functions for problems are called, and as diagnostics are written out.
  const naming =
    /\b(?:error|warning|info|problem|checkFilePath)\(\s*'([a-z]+(?:-[a-z]+)+)'|\bid: '([a-z-]+)'[^}]*?\bseverity:/g;
  const ids = sources.flatMap(name =>
    [...read(`jupyterflow-ts/src/${name}`).matchAll(naming)].map(([, called, written]) => called ?? written)
  );
  const pages = readdirSync(`${root}docs/diagnostics`).map(name => name.replace(/\.md$/, ''));
  expect(ids.filter(id => !pages.includes(id))).toEqual([]);
  expect(ids).toEqual(
    expect.arrayContaining(['unknown-key', 'notebook-path', 'argo-queue-timeout', 'cluster-field', 'config-value'])
  );
});

describe('what docs/command.md shows', () => {
  const page = read('docs/command.md');
  const home = mkdtempSync(`${tmpdir()}/command-`);
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  // Names of runs end in letters of chance, durations are of this machine, and who is quick is not seen Running.
  const steady = text =>
    text
      .replaceAll(/count-[a-z0-9]{5}/g, 'count-NAME')
      .replaceAll(/\d+\.\d s/g, 'T')
      .split('\n')
      .filter(line => !line.endsWith('  Running'))
      .join('\n');
  const [, workflow] = /```yaml\n([^]*?)```/.exec(page);
  writeFileSync(`${home}/workflow.yaml`, workflow);
  mkdirSync(`${home}/bin`);
  const command = `${root}jupyterflow-ts/dist/cli/main.js`;
  writeFileSync(`${home}/bin/jupyterflow`, `#!/bin/sh\nexec '${process.execPath}' '${command}' "$@"\n`, {
    mode: 0o755
  });
  const shown = [...page.matchAll(/```console\n([^]*?)```/g)].flatMap(([, block]) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)])
  );

  test.each(shown)('$ %s', (line, output) => {
    const env = { PATH: `${home}/bin:${process.env.PATH}`, HOME: home, LANG: 'C.UTF-8' };
    const { stdout } = spawnSync('sh', ['-c', `exec 2>&1; ${line}`], { cwd: home, env, encoding: 'utf8' });
    expect(steady(stdout)).toBe(steady(output));
  });
});

test('docs/command.md names every variable that the command reads, and every key of the configuration', () => {
  const page = read('docs/command.md');
  const sources = readdirSync(`${root}jupyterflow-ts/src`, { recursive: true }).filter(
    name => /^(cli|engines)\/.*\.ts$/.test(name) && !name.endsWith('.test.ts')
  );
  const variables = sources.flatMap(name =>
    [...read(`jupyterflow-ts/src/${name}`).matchAll(/\benv\['([A-Z_]+)'\]|'(JUPYTERFLOW_[A-Z_]+)'/g)].map(
      ([, used, named]) => used ?? named
    )
  );
  // What Kubernetes sets in a pod, and what the engine gives its jobs.
  const others = /^(HOSTNAME|KUBERNETES_.*|JUPYTERFLOW_(RUN|JOB|ATTEMPT|SCRIPT))$/;
  const keys = Object.keys(configSchema.properties).filter(key => key !== '$schema');
  const names = [...new Set([...variables.filter(name => !others.test(name)), ...keys])];
  expect(names).toEqual(expect.arrayContaining(['JUPYTERFLOW_CONFIG_FILE', 'JUPYTERFLOW_NAMESPACE', 'TERM', 'spec']));
  expect(names.filter(name => !page.includes(`\`${name}\``))).toEqual([]);
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
