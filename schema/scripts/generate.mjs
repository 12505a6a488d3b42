// Makes the TypeScript types and the compiled validators of ../schemas into ../src/generated.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import addFormats from 'ajv-formats';
import { compile } from 'json-schema-to-typescript';

const here = path => fileURLToPath(new URL(path, import.meta.url));
const read = async name => JSON.parse(await readFile(here(`../schemas/${name}.schema.json`), 'utf8'));
const write = async (name, text) => {
  const path = here(`../src/generated/${name}`);
  // An unchanged file keeps its time, so that tsc -b has nothing to do.
  if ((await readFile(path, 'utf8').catch(() => undefined)) !== text) await writeFile(path, text);
};

await mkdir(here('../src/generated'), { recursive: true });
const [workflow, api, config] = [await read('workflow'), await read('api'), await read('config')];
const options = {
  bannerComment: '/* Generated from the JSON Schemas of this package. */',
  unreachableDefinitions: true,
  additionalProperties: false,
  format: false
};
// A root that only carries definitions would add an empty interface; `unreachableDefinitions` brings the rest.
await write('workflow.ts', await compile(workflow, 'WorkflowFile', options));
await write('api.ts', await compile(api, 'Api', options));
await write('config.ts', await compile(config, 'JupyterflowConfig', options));

await write(
  'schemas.ts',
  `/* Generated from the JSON Schemas of this package. */
/** A JSON Schema document with definitions. */
export interface SchemaDocument { readonly [key: string]: unknown; readonly $id: string; readonly definitions: Readonly<Record<string, object>> }
/** Draft-07 schema of workflow.yaml. */
export const workflowSchema: SchemaDocument = ${JSON.stringify(workflow)};
/** Draft-07 schema of everything that crosses the API. */
export const apiSchema: SchemaDocument = ${JSON.stringify(api)};
/** Draft-07 schema of ~/.jupyterflow.yaml. */
export const configSchema: SchemaDocument = ${JSON.stringify(config)};
`
);

const ajv = new Ajv({
  code: { source: true, esm: true, lines: true },
  allErrors: true,
  allowUnionTypes: true,
  unicode: false,
  // A definition is a function once, not its text at each use: the command reads all of it at each start.
  inlineRefs: false
});
addFormats.default(ajv);
ajv.addSchema(workflow);
ajv.addSchema(config);
await write('validate-workflow.js', standaloneCode.default(ajv, { validateWorkflowFile: workflow.$id }));
await write('validate-config.js', standaloneCode.default(ajv, { validateConfig: config.$id }));
await write(
  'validate-config.d.ts',
  "import type { ValidateFunction } from 'ajv';\nimport type { JupyterflowConfig } from './config.js';\nexport declare const validateConfig: ValidateFunction<JupyterflowConfig>;\n"
);
await write(
  'validate-workflow.d.ts',
  "import type { ValidateFunction } from 'ajv';\nimport type { WorkflowFile } from './workflow.js';\nexport declare const validateWorkflowFile: ValidateFunction<WorkflowFile>;\n"
);
