import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ajv, { type ValidateFunction } from 'ajv';
import { compile } from '../compile.js';
import { toArgo } from './argo.js';
import type { ArgoVersion, Manifest } from './manifest.js';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(here(path), 'utf8'));

const examples = readdirSync(here('../examples'))
  .filter(name => existsSync(here(`../examples/${name}/workflow.yaml`)))
  .map(name => [name, `../examples/${name}/workflow.yaml`] as const);
const workflows = readdirSync(here('test-data/workflows')).map(
  name => [name.replace('.yaml', ''), `test-data/workflows/${name}`] as const
);
const all = [...examples, ...workflows];

function manifestOf(name: string, path: string, argoVersion: ArgoVersion = '4'): Manifest {
  const { plan, diagnostics } = compile({ text: readFileSync(here(path), 'utf8'), file: path }, { folder: name });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return toArgo(plan!, { workspace: `/home/jovyan/${name}`, argoVersion }).objects[0];
}

test.each(['linear', 'lorem-count', 'penguins'])('the example %s is there', name => {
  expect(examples.map(([known]) => known)).toContain(name);
});

describe.each([
  ['3.5', '3.5'],
  ['3.6', '3.6'],
  ['3.7', '3.6'],
  ['4.0', '4'],
  // What is made for 4 can be given to 3.6 and 3.7 too.
  ['3.6', '4'],
  ['3.7', '4']
] as const)('Argo %s, made for %s', (version, target) => {
  const validate: ValidateFunction = new ajv.Ajv({ allErrors: true, strict: false }).compile(
    readJson(`test-data/argo-${version}.schema.json`) as object
  );

  test.each(all)('accepts the manifest of %s', (name, path) => {
    validate(manifestOf(name, path, target));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('refuses a field that it does not know', () => {
    const manifest = manifestOf('linear', '../examples/linear/workflow.yaml');
    expect(validate({ ...manifest, spec: { ...manifest.spec, imagePullSecret: 'x' } })).toBe(false);
  });
});

test.each(all)('the manifest of %s stays as it was', (name, path) => {
  const golden = `test-data/golden/${name}.golden.json`;
  const manifest = manifestOf(name, path);
  if (process.env['GOLDEN'] === 'write' && process.env['CI'] === undefined) {
    mkdirSync(here('test-data/golden'), { recursive: true });
    writeFileSync(here(golden), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  expect(JSON.parse(JSON.stringify(manifest))).toEqual(readJson(golden));
});
