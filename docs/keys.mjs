// Writes the tables of keys in workflow-file.md from the JSON Schema: `node docs/keys.mjs`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const here = path => fileURLToPath(new URL(path, import.meta.url));

/** The page as it should be: the text with its tables made anew. */
export async function withTables() {
  const schema = JSON.parse(await readFile(here('../schema/schemas/workflow.schema.json'), 'utf8'));
  const page = await readFile(here('workflow-file.md'), 'utf8');
  const describe = property =>
    property.description ?? schema.definitions[property.$ref?.split('/').pop()]?.description ?? '';
  const table = properties =>
    [
      '| key | meaning |',
      '| --- | --- |',
      ...Object.entries(properties).map(([key, value]) => `| \`${key}\` | ${describe(value)} |`)
    ].join('\n');
  const filled = Object.entries({
    'keys of the file': schema.properties,
    'keys of a job': schema.definitions.Job.properties,
    'keys of a volume': schema.definitions.Volume.properties
  }).reduce(
    (text, [name, properties]) => text.replace(new RegExp(`(<!-- ${name} -->\n)[^#]*`), `$1\n${table(properties)}\n\n`),
    page
  );
  return format(filled, { ...(await resolveConfig(here('workflow-file.md'))), parser: 'markdown' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(here('workflow-file.md'), await withTables());
