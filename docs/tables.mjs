// Makes the tables of the pages from what the code says: `node docs/tables.mjs` (after a build) writes them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { permissions, problemKinds } from '@jupyterflow/platform';
import { workflowSchema } from '@jupyterflow/schema';
import { format, resolveConfig } from 'prettier';

const here = path => fileURLToPath(new URL(path, import.meta.url));

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');

const { properties, definitions } = workflowSchema;
const describe = property => property.description ?? definitions[property.$ref?.split('/').pop()]?.description ?? '';
const keys = of =>
  table(
    ['key', 'meaning'],
    Object.entries(of).map(([key, value]) => [`\`${key}\``, describe(value)])
  );

const operations = Object.entries(permissions).map(([operation, { method, path, role, relations }]) => [
  `\`${method} /${path}\``,
  `\`${operation}\``,
  role,
  relations.includes('any') ? '' : relations.join(' or ')
]);

/** By page, the table below each of its marks `<!-- name -->`. */
const TABLES = {
  'workflow-file.md': {
    'keys of the file': keys(properties),
    'keys of a job': keys(definitions.Job.properties),
    'keys of a volume': keys(definitions.Volume.properties)
  },
  'api.md': {
    operations: table(['request', 'operation', 'who', 'how they stand to it'], operations),
    problems: table(
      ['code', 'status', 'title'],
      Object.entries(problemKinds).map(([code, [status, title]]) => [`\`${code}\``, status, title])
    )
  }
};

/** The pages with tables. */
export const pagesWithTables = Object.keys(TABLES);

/** A page as it should be: its text with its tables made anew. */
export async function withTables(page) {
  const text = await readFile(here(page), 'utf8');
  const filled = Object.entries(TABLES[page]).reduce(
    (all, [name, rows]) => all.replace(new RegExp(`(<!-- ${name} -->\n)[^#]*`), `$1\n${rows}\n\n`),
    text
  );
  return format(filled, { ...(await resolveConfig(here(page))), parser: 'markdown' });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const page of pagesWithTables) await writeFile(here(page), await withTables(page));
