// Makes the tables of the pages from what the code says: `node docs/tables.mjs` (after a build) writes them.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { commands, commonRefusals, policyFields, refusalKinds } from '@jupyterflow/ledger/rules';
import { permissions, problemKinds } from '@jupyterflow/platform';
import { makeProgram } from '../jupyterflow-ts/dist/cli/program.js';
import { EXIT, EXIT_WORDS } from '../jupyterflow-ts/dist/cli/failure.js';
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

const codes = list => list.map(one => `\`${one}\``).join(' ');
const ofCommands = Object.entries(commands).map(([type, { who, when, writes, events, refusals }]) => [
  `\`${type}\``,
  who,
  when,
  codes(writes),
  codes(events),
  codes(refusals)
]);
const ofPolicy = Object.entries(policyFields).map(([field, { values, absent = '', meaning }]) => [
  `\`${field}\``,
  values,
  absent,
  meaning
]);

const program = makeProgram(() => undefined);
const help = program.createHelp();

/** All commands with their whole names. */
const commandsOf = (command, prefix = '') =>
  help
    .visibleCommands(command)
    .filter(child => child.name() !== 'help')
    .flatMap(child =>
      child.commands.length > 0
        ? commandsOf(child, `${prefix}${child.name()} `)
        : [{ command: child, name: `${prefix}${child.name()}`, term: `${prefix}${help.subcommandTerm(child)}` }]
    );

/** Flags by what they are and mean, each with the commands that have it. */
const flagsOf = command => {
  const rows = new Map();
  const all = [
    { command, name: 'every command' },
    ...commandsOf(command).map(one => ({ ...one, name: `\`${one.name}\`` }))
  ];
  for (const { command: of, name } of all) {
    for (const option of help.visibleOptions(of).filter(({ long }) => long !== '--help')) {
      const [term, meaning] = [`\`${help.optionTerm(option)}\``, help.optionDescription(option)];
      rows.set(`${term} ${meaning}`, [term, meaning, ...(rows.get(`${term} ${meaning}`)?.slice(2) ?? []), name]);
    }
  }
  return [...rows.values()].map(([term, meaning, ...names]) => [term, meaning, names.join(', ')]);
};

/** By page, the table below each of its marks `<!-- name -->`. */
const TABLES = {
  'workflow-file.md': {
    'keys of the file': keys(properties),
    'keys of a job': keys(definitions.Job.properties),
    'keys of a volume': keys(definitions.Volume.properties),
    'keys of a parameter': keys(definitions.Param.properties),
    'keys of resources': keys(definitions.Resources.properties),
    'keys of retries': keys(definitions.RetryPolicy.properties),
    'keys of a schedule': keys(definitions.ScheduleSettings.properties)
  },
  'ledger-rules.md': {
    commands: table(['command', 'who', 'when', 'writes', 'events', 'refusals'], ofCommands),
    'common refusals': table(
      ['code', 'meaning'],
      commonRefusals.map(code => [`\`${code}\``, refusalKinds[code]])
    ),
    'other refusals': table(
      ['code', 'meaning'],
      Object.entries(refusalKinds)
        .filter(([code]) => !commonRefusals.includes(code))
        .map(([code, meaning]) => [`\`${code}\``, meaning])
    ),
    policy: table(['field', 'values', 'when absent', 'meaning'], ofPolicy)
  },
  'command.md': {
    'exit codes': table(
      ['exit code', 'meaning'],
      Object.entries(EXIT).map(([name, code]) => [String(code), EXIT_WORDS[name]])
    ),
    commands: table(
      ['command', 'does'],
      commandsOf(program).map(({ command, term }) => [`\`${term}\``, command.description()])
    ),
    flags: table(['flag', 'meaning', 'of'], flagsOf(program))
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
