import type { CatalogueEntry } from './entry.js';

/** Diagnostics of jobs: what they are, what they are called, and what they run. */
export const jobs = {
  'no-jobs': {
    severity: 'error',
    title: 'There are no jobs',
    why: 'A workflow without jobs has nothing to run.',
    mend: 'Write at least one.',
    bad: 'jobs: []\n',
    mended: 'jobs:\n- echo hello\n'
  },
  'job-empty': {
    severity: 'error',
    title: 'A job is empty',
    why: 'A `-` with nothing after it is no command.',
    mend: 'Write a command, or remove the line.',
    bad: 'jobs:\n- echo a\n-\n',
    mended: 'jobs:\n- echo a\n'
  },
  'job-not-string': {
    severity: 'error',
    title: 'A job is a number or a boolean',
    why: 'YAML reads 5, 010 and true as something else than texts, so the command would not be the one that is written.',
    mend: 'Quote it.',
    bad: 'jobs:\n- true\n',
    mended: "jobs:\n- 'true'\n"
  },
  'job-is-list': {
    severity: 'error',
    title: 'A job is a list',
    why: 'A job is a command, or a map. A list of words is the value of `command`.',
    mend: 'Write the words under `command:`.',
    bad: 'jobs:\n- [echo, a b]\n',
    mended: 'jobs:\n- command: [echo, a b]\n'
  },
  'job-is-map': {
    severity: 'error',
    title: 'A command is read as a map',
    why: 'A colon followed by a blank makes a key of what stands before it.',
    mend: 'Quote the whole command.',
    bad: 'jobs:\n- echo foo: bar\n',
    mended: "jobs:\n- 'echo foo: bar'\n"
  },
  'job-without-command': {
    severity: 'error',
    title: 'A job does not say what to run',
    why: 'A job runs a command, a script or a notebook.',
    mend: 'Add `command:`, `script:` or `notebook:`.',
    bad: 'jobs:\n- name: report\n  image: python:3.12\n',
    mended: 'jobs:\n- name: report\n  image: python:3.12\n  command: python report.py\n'
  },
  'job-with-two-commands': {
    severity: 'error',
    title: 'A job says twice what to run',
    why: 'Only one of `command`, `script` and `notebook` can be run.',
    mend: 'Keep one of them, or make two jobs.',
    bad: 'jobs:\n- command: echo a\n  script: echo b\n',
    mended: 'jobs:\n- script: |\n    echo a\n    echo b\n'
  },
  'job-key-alone': {
    severity: 'error',
    title: 'A key means nothing without another',
    why: '`interpreter` runs a `script`, and `parameters` are those of a `notebook`.',
    mend: 'Remove it, or add the key that it belongs to.',
    bad: 'jobs:\n- command: python main.py\n  interpreter: python3\n',
    mended: 'jobs:\n- script: print(1)\n  interpreter: python3\n'
  },
  'notebook-path': {
    severity: 'error',
    title: 'A notebook has no name of a notebook',
    why: 'papermill runs Jupyter notebooks, whose names end with .ipynb.',
    mend: 'Name the notebook, or use `script` or `command` for other files.',
    bad: 'jobs:\n- notebook: report.py\n',
    mended: 'jobs:\n- notebook: report.ipynb\n'
  },
  'job-name-invalid': {
    severity: 'error',
    title: 'A name can not be that of a job',
    why: 'Names of jobs become names of templates and pods: letters, digits and hyphens, a letter first, at most 128 characters (122 of a job with copies).',
    mend: 'Use the name that the hint shows.',
    bad: 'jobs:\n- name: 1st_step\n  command: echo a\n',
    mended: 'jobs:\n- name: first-step\n  command: echo a\n'
  },
  'job-name-reserved': {
    severity: 'error',
    title: 'A name belongs to the graph itself',
    why: 'The graph of the jobs is a template called `dag` beside theirs.',
    mend: 'Choose another name.',
    bad: 'jobs:\n- name: dag\n  command: echo a\n',
    mended: 'jobs:\n- name: first\n  command: echo a\n'
  },
  'job-name-duplicate': {
    severity: 'error',
    title: 'Two jobs have one name',
    why: 'An edge to the name would mean either of them. Jobs without a name are called job-1, job-2, ...; copies are called name-0, name-1, ...',
    mend: 'Rename one of them.',
    bad: 'jobs:\n- name: train\n  command: train\n  copies: 2\n- name: train-1\n  command: echo a\n',
    mended: 'jobs:\n- name: train\n  command: train\n  copies: 2\n- name: first\n  command: echo a\n'
  },
  'command-empty': {
    severity: 'error',
    title: 'There is no command',
    why: 'The command, script or interpreter has no words.',
    mend: 'Write what to run.',
    bad: 'jobs:\n- "  "\n',
    mended: 'jobs:\n- echo a\n'
  },
  'command-nul': {
    severity: 'error',
    title: 'A command holds the character NUL',
    why: 'Operating systems end an argument at this character, so the rest would be lost.',
    mend: 'Remove it; a program can make the character itself, e.g. by `printf`.',
    bad: 'jobs:\n- "echo a\\0b"\n',
    mended: 'jobs:\n- "printf \'a\\\\0b\'"\n'
  },
  'command-quotes': {
    severity: 'error',
    title: 'A quote is never closed',
    why: 'A command is split into words as a shell does it, and a word in quotes ends with the same quote.',
    mend: 'Close the quote, or put a backslash before it.',
    bad: "jobs:\n- echo it's late\n",
    mended: 'jobs:\n- echo "it\'s late"\n'
  },
  'command-comment': {
    severity: 'warning',
    title: 'YAML ends the command before a `#`',
    why: 'A `#` after a blank begins a comment, also within a command.',
    mend: 'Quote the command when the rest belongs to it.',
    bad: 'jobs:\n- echo issue # 5\n',
    mended: "jobs:\n- 'echo issue # 5'\n"
  },
  'command-operator': {
    severity: 'warning',
    title: 'A shell operator is an ordinary word',
    why: 'Without `cmd_mode: shell` no shell reads the command: `|` and `>` are given to the program as they are.',
    mend: 'Write `cmd_mode: shell`, or quote the word when it is meant.',
    bad: 'jobs:\n- ls | wc -l\n',
    mended: 'jobs:\n- command: ls | wc -l\n  cmd_mode: shell\n'
  },
  'command-lines': {
    severity: 'warning',
    title: 'A command has several lines',
    why: 'Without a shell a line break only parts words: the lines become the words of one command.',
    mend: 'Write several commands as a `script`, or as several jobs. A long command of one program can be folded with `>-`.',
    bad: 'jobs:\n- |\n  echo a\n  echo b\n',
    mended: 'jobs:\n- script: |\n    echo a\n    echo b\n'
  },
  'command-split': {
    severity: 'info',
    title: 'A command is split otherwise than by JupyterFlow 0.0.4',
    why: 'The old program cut at each blank and left quotes in the words. Now quotes and backslashes mean what they mean to a shell.',
    mend: 'Nothing has to be done unless the quotes were meant to reach the program; a list of words is never split.',
    bad: "jobs:\n- echo 'good bye'\n",
    mended: 'jobs:\n- command: [echo, good bye]\n'
  },
  'foreach-and-copies': {
    severity: 'error',
    title: '`foreach` and `copies` stand in one job',
    why: 'Both say how often the job runs.',
    mend: 'Keep one of them.',
    bad: 'jobs:\n- command: echo ${{ item }}\n  foreach: [a, b]\n  copies: 2\n',
    mended: 'jobs:\n- command: echo ${{ item }}\n  foreach: [a, b]\n'
  },
  'foreach-empty': {
    severity: 'error',
    title: 'The list of `foreach` is empty',
    why: 'The job would never run, and nothing could wait for it.',
    mend: 'Write items, or remove the job.',
    bad: "params:\n  years: '[]'\njobs:\n- command: echo ${{ item }}\n  foreach: ${{ params.years }}\n",
    mended: "params:\n  years: '[2023, 2024]'\njobs:\n- command: echo ${{ item }}\n  foreach: ${{ params.years }}\n"
  },
  'foreach-not-list': {
    severity: 'error',
    title: '`foreach` is no list',
    why: 'It takes a list, an output of another job that will be a JSON list, or a parameter that is one.',
    mend: 'Write a list.',
    bad: 'jobs:\n- command: echo ${{ item }}\n  foreach: a, b\n',
    mended: 'jobs:\n- command: echo ${{ item }}\n  foreach: [a, b]\n'
  },
  'on-exit-key': {
    severity: 'error',
    title: 'A key means nothing in `onExit`',
    why: 'What runs on exit waits for no job, runs once, and nothing comes after it.',
    mend: 'Remove the key.',
    bad: 'jobs:\n- echo a\nonExit:\n  command: echo done\n  needs: 1\n',
    mended: 'jobs:\n- echo a\nonExit:\n  command: echo done\n'
  },
  'output-name': {
    severity: 'error',
    title: 'A name can not be that of an output',
    why: 'Expressions name outputs: letters, digits, - and _, with no digit first.',
    mend: 'Rename it.',
    bad: 'jobs:\n- command: train\n  outputs:\n    best score: score.txt\n',
    mended: 'jobs:\n- command: train\n  outputs:\n    best-score: score.txt\n'
  },
  'output-path': {
    severity: 'error',
    title: 'The path of an output leads elsewhere',
    why: 'An output is a file below the working folder, or at an absolute path; `..` and `~` depend on who resolves them.',
    mend: 'Write a relative path without `..`, or an absolute one.',
    bad: 'jobs:\n- command: train\n  outputs:\n    score: ../score.txt\n',
    mended: 'jobs:\n- command: train\n  outputs:\n    score: score.txt\n'
  },
  'cache-path': {
    severity: 'error',
    title: 'A cached result depends on a file elsewhere',
    why: 'Only files below the working folder can be compared with those of an earlier run.',
    mend: 'Write the path relative to the working folder.',
    bad: 'jobs:\n- command: train\n  cache:\n    key: [/data/input.csv]\n',
    mended: 'jobs:\n- command: train\n  cache:\n    key: [input.csv]\n'
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
