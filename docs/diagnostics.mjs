// Makes a page about each diagnostic from the catalogue: `node docs/diagnostics.mjs` (after a build) writes them.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { catalogue, tell } from 'jupyterflow-ts/catalogue';
import { formatDiagnostics } from 'jupyterflow-ts/core';
import { format, resolveConfig } from 'prettier';

const folder = fileURLToPath(new URL('diagnostics', import.meta.url));
const entries = Object.entries(catalogue).sort(([a], [b]) => a.localeCompare(b));

/** Who tells what, in the order of the list. */
const TELLERS = {
  compile: ['Of a workflow file', 'What `jupyterflow validate` tells; every command that reads the file tells it too.'],
  argo: [
    'Of a workflow file for Argo',
    'What `jupyterflow compile` and `jupyterflow run --kube` tell besides: the file is right, but Argo can not do all of it.'
  ],
  cluster: ['Of a workflow file by a cluster', 'What `jupyterflow run --kube` tells when the API server refuses.'],
  config: [
    'Of the configuration',
    'What every command that reads `~/.jupyterflow.yaml` tells; what is wrong with its YAML has the names of above.'
  ]
};

const code = (language, text) => `\`\`\`${language}\n${text.trimEnd().toWellFormed()}\n\`\`\``;
const SHOWN = 400;
const short = text => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}...`);

/** What the command prints of the bad example, of this diagnostic alone. */
function printed(id, entry) {
  const { source, diagnostics } = tell(entry.bad, entry);
  return formatDiagnostics([diagnostics.find(found => found.id === id)], source);
}

function page(id, entry) {
  const { severity, title, why, mend, bad, mended, params, by = 'compile' } = entry;
  const given = Object.entries(params ?? {}).map(([name, value]) => ` -p ${name}=${value}`);
  if (entry.argoVersion !== undefined) given.push(` --argo-version ${entry.argoVersion}`);
  const shown =
    bad.length <= SHOWN ? [code('yaml', bad), code('text', printed(id, entry))] : [code('yaml', short(bad))];
  return [
    `# \`${id}\``,
    `${title} (${severity}).`,
    why,
    '## How to mend it',
    mend,
    '## Example',
    ...(by === 'config' ? ['In `~/.jupyterflow.yaml`:'] : []),
    ...(by === 'cluster' ? ['On a cluster that takes only images of its own registry:'] : []),
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
  const sections = Object.entries(TELLERS).map(([teller, [title, what]]) => {
    const rows = entries
      .filter(([, { by = 'compile' }]) => by === teller)
      .map(([id, { severity, title }]) => `| [\`${id}\`](${id}.md) | ${severity} | ${title} |`);
    return [`## ${title}`, what, ['| id | severity | what |', '| --- | --- | --- |', ...rows].join('\n')];
  });
  return [
    '# Diagnostics',
    'Everything that can be told of a file, with its place. An error stops a run; a warning and an info do not.',
    ...sections.flat(),
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
