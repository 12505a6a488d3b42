import type { CatalogueEntry } from './entry.js';

/** Diagnostics of the file as a whole and of its YAML. */
export const file = {
  'empty-file': {
    severity: 'error',
    title: 'The file is empty',
    why: 'There is nothing to run: the file has no text, or only comments.',
    mend: 'Write at least one job.',
    bad: '# nothing yet\n',
    mended: 'jobs:\n- echo hello\n'
  },
  'not-a-map': {
    severity: 'error',
    title: 'The file is a single value',
    why: 'A workflow is a map with the key `jobs`. A single text or number says nothing about jobs.',
    mend: 'Put the command into a list below `jobs:`.',
    bad: 'echo hello\n',
    mended: 'jobs:\n- echo hello\n'
  },
  'missing-jobs': {
    severity: 'error',
    title: 'The key `jobs` is missing',
    why: 'Commands stand below `jobs`, and edges below `dags`. A list without these keys can be either.',
    mend: 'Put `jobs:` before the commands and `dags:` before the edges.',
    bad: '- echo hello\n- python main.py\n- 1 >> 2\n',
    mended: 'jobs:\n- echo hello\n- python main.py\ndags:\n- 1 >> 2\n'
  },
  'yaml-syntax': {
    severity: 'error',
    title: 'The file is not valid YAML',
    why: 'YAML can not be read from this place on: often a quote or bracket is open, a tab indents, or a colon makes a line ambiguous.',
    mend: 'Look at the marked place. Quote texts that hold `: `, ` #`, `{`, `[` or begin with a special character.',
    bad: 'jobs:\n- echo a: b: c\n',
    mended: "jobs:\n- 'echo a: b: c'\n"
  },
  'not-utf8': {
    severity: 'error',
    title: 'The file is not UTF-8',
    why: 'Programs read workflow files as UTF-8. Other encodings (Latin-1, UTF-16) have bytes that are none of it, and what they stand for can only be guessed.',
    mend: 'Save the file as UTF-8.',
    bad: 'jobs:\n- echo caf\udce9\n',
    mended: 'jobs:\n- echo café\n'
  },
  'several-documents': {
    severity: 'error',
    title: 'The file has more than one YAML document',
    why: 'A line of `---` begins a new document, and a file is one workflow.',
    mend: 'Put each workflow into its own file.',
    bad: 'jobs:\n- echo a\n---\njobs:\n- echo b\n',
    mended: 'jobs:\n- echo a\n'
  },
  'duplicate-key': {
    severity: 'error',
    title: 'A key is there twice',
    why: 'Only one of the two values could be used, and readers of YAML do not agree on which.',
    mend: 'Remove one of them, or join their values.',
    bad: 'jobs:\n- echo a\nimage: debian:12\nimage: debian:13\n',
    mended: 'jobs:\n- echo a\nimage: debian:13\n'
  },
  'key-not-scalar': {
    severity: 'error',
    title: 'A key is a list or a map',
    why: 'Keys of a workflow are words.',
    mend: 'Write a word before the colon.',
    bad: 'jobs:\n- command: echo a\n  env:\n    ? [A, B]\n    : x\n',
    mended: 'jobs:\n- command: echo a\n  env:\n    A: x\n    B: x\n'
  },
  'unknown-alias': {
    severity: 'error',
    title: 'An alias has no anchor',
    why: '`*name` stands for what `&name` marked before it, and nothing of that name comes before.',
    mend: 'Mark the value with `&name`, before the alias; or quote a text that begins with `*`.',
    bad: 'jobs:\n- command: echo a\n  env: *common\n',
    mended: 'env: &common\n  A: x\njobs:\n- command: echo a\n  env: *common\n'
  },
  'recursive-alias': {
    severity: 'error',
    title: 'An alias is inside of what it stands for',
    why: 'The value would contain itself without end.',
    mend: 'Take the alias out of the value that its anchor marks.',
    bad: 'jobs:\n- command: echo a\n  env: &e\n    A: *e\n',
    mended: 'jobs:\n- command: echo a\n  env:\n    A: x\n'
  },
  'merge-not-map': {
    severity: 'error',
    title: 'A merge key does not stand for a map',
    why: '`<<` takes over the keys of a map, or of each map of a list.',
    mend: 'Give it the alias of a map.',
    bad: 'jobs:\n- <<: common\n  command: echo a\n',
    mended: 'jobs:\n- &common\n  command: echo a\n- <<: *common\n'
  },
  'too-large': {
    severity: 'error',
    title: 'The file is too large, or stands for too much',
    why: 'Aliases, copies, parameters and defaults can make very much out of a short file. A bound keeps that from filling the memory.',
    mend: 'Make fewer copies, or split the workflow. Large texts belong into files that the jobs read.',
    bad: 'jobs:\n- command: echo ${{ index }}\n  copies: 30000\n',
    mended: 'jobs:\n- command: echo ${{ index }}\n  copies: 3000\n'
  },
  'too-deep': {
    severity: 'error',
    title: 'The file is nested too deep',
    why: 'A workflow needs about six levels; deeper nesting is a mistake or an attack.',
    mend: 'Look for brackets that are not closed.',
    bad: `jobs: ${'['.repeat(61)}echo a${']'.repeat(61)}\n`,
    mended: 'jobs: [echo a]\n'
  },
  'unknown-key': {
    severity: 'error',
    title: 'A key is not known',
    why: 'A mistyped key would otherwise be left out silently, and what it says would not happen.',
    mend: 'Use the key that the hint names, or remove it. The keys are listed in [the workflow file](../workflow-file.md).',
    bad: 'jobs:\n- echo a\n- echo b\ndag:\n- 1 >> 2\n',
    mended: 'jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 2\n'
  },
  'missing-key': {
    severity: 'error',
    title: 'A key is missing',
    why: 'Without it the rest has no meaning.',
    mend: 'Add the key.',
    bad: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - dataset: uis/lorem\n',
    mended: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - dataset: uis/lorem\n    path: /home/jovyan/data\n'
  },
  'wrong-type': {
    severity: 'error',
    title: 'A value is of another kind',
    why: 'YAML reads 010 as a number and [a] as a list; the key wants something else.',
    mend: 'Write what the message asks for. A text that looks like something else is quoted.',
    bad: 'name: 010\njobs:\n- echo a\n',
    mended: "name: '010'\njobs:\n- echo a\n"
  },
  'invalid-value': {
    severity: 'error',
    title: 'A value is not allowed',
    why: 'The key takes only some values, or values in a certain form.',
    mend: 'Write it as the message and the hint say.',
    bad: 'jobs:\n- echo a | wc\ncmd_mode: shel\n',
    mended: 'jobs:\n- echo a | wc\ncmd_mode: shell\n'
  },
  'template-tag': {
    severity: 'error',
    title: 'A setting holds `{{`',
    why: 'Argo reads `{{` as the start of a template tag and has no way to escape it. Commands, scripts and variables may hold it; other settings may not.',
    mend: 'Use `${{ params.NAME }}` for what changes, and other characters for the rest.',
    bad: "image: 'tool:{{version}}'\njobs:\n- echo a\n",
    mended: "params:\n  version: 1.2\nimage: 'tool:${{ params.version }}'\njobs:\n- echo a\n"
  },
  'name-made-safe': {
    severity: 'info',
    title: 'Runs get a changed name',
    why: 'Names of runs are DNS labels of at most 52 characters: small letters, digits and hyphens.',
    mend: 'Nothing has to be done; write the name that the message shows to be rid of it.',
    bad: 'name: My_Flow\njobs:\n- echo a\n',
    mended: 'name: my-flow\njobs:\n- echo a\n'
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
