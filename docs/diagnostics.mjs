// Makes a page about each diagnostic from the catalogue: `node docs/diagnostics.mjs` (after a build) writes them.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { catalogue } from 'jupyterflow-ts/catalogue';
import { compile, diagnoseArgo, formatDiagnostics, toArgo } from 'jupyterflow-ts/core';
import { format, resolveConfig } from 'prettier';

const folder = fileURLToPath(new URL('diagnostics', import.meta.url));
const entries = Object.entries(catalogue).sort(([a], [b]) => a.localeCompare(b));

const code = (language, text) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
const SHOWN = 400;
const short = text => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`);

/** What the command prints of the bad example, of this diagnostic alone. */
function printed(id, { bad, params = {}, cluster }) {
  const source = { text: bad, file: 'workflow.yaml' };
  const compilation = compile(source, { params });
  const diagnostics = cluster
    ? diagnoseArgo(toArgo(compilation.plan).problems, compilation, source.file)
    : compilation.diagnostics;
  return formatDiagnostics([diagnostics.find(found => found.id === id)], source);
}

function page(id, entry) {
  const { severity, title, why, mend, bad, mended, params } = entry;
  const given = Object.entries(params ?? {}).map(([name, value]) => ` -p ${name}=${value}`);
  const shown =
    bad.length <= SHOWN ? [code('yaml', bad), code('text', printed(id, entry))] : [code('yaml', short(bad))];
  return [
    `# \`${id}\``,
    `${title} (${severity}).`,
    why,
    '## How to mend it',
    mend,
    '## Example',
    ...(given.length === 0 ? [] : [`With \`${given.join('').trim()}\`:`]),
    // What these show is wrong YAML at times, and as it is meant: no formatter may mend it.
    '<!-- prettier-ignore-start -->',
    ...shown,
    'Mended:',
    code('yaml', mended),
    '<!-- prettier-ignore-end -->',
    ''
  ].join('\n\n');
}

function list() {
  const rows = entries.map(([id, { severity, title }]) => `| [\`${id}\`](${id}.md) | ${severity} | ${title} |`);
  return [
    '# Diagnostics',
    'Everything that `jupyterflow validate` can tell of a workflow file, and what `compile` and `run` tell of it for a cluster. An error stops a run; a warning and an info do not.',
    ['| id | severity | what |', '| --- | --- | --- |', ...rows].join('\n'),
    ''
  ].join('\n\n');
}

/** The pages by file name, as they should be. */
export async function diagnosticPages() {
  const config = {
    ...(await resolveConfig(`${folder}/README.md`)),
    parser: 'markdown',
    embeddedLanguageFormatting: 'off'
  };
  const pages = [['README.md', list()], ...entries.map(([id, entry]) => [`${id}.md`, page(id, entry)])];
  return Object.fromEntries(await Promise.all(pages.map(async ([name, text]) => [name, await format(text, config)])));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [name, text] of Object.entries(await diagnosticPages())) await writeFile(`${folder}/${name}`, text);
}
