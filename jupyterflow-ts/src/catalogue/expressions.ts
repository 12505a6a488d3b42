import type { CatalogueEntry } from './entry.js';

/** Diagnostics of parameters, `${{ ... }}` and conditions. */
export const expressions = {
  'param-unknown': {
    severity: 'error',
    title: 'A parameter is not declared',
    why: '`${{ params.NAME }}` stands for a parameter of the file, and there is none of this name.',
    mend: 'Use the name that the hint shows, or declare it under `params:`.',
    bad: 'params:\n  size: 3\njobs:\n- echo ${{ params.sise }}\n',
    mended: 'params:\n  size: 3\njobs:\n- echo ${{ params.size }}\n'
  },
  'param-undeclared': {
    severity: 'error',
    title: 'A value is given for a parameter that there is not',
    why: 'A mistyped `-p NAME=VALUE` would otherwise change nothing silently.',
    mend: 'Use the name that the file declares, or declare this one.',
    bad: 'jobs:\n- echo a\n',
    mended: 'params:\n  size: 3\njobs:\n- echo ${{ params.size }}\n',
    params: { size: '4' }
  },
  'param-missing': {
    severity: 'error',
    title: 'A parameter has no value',
    why: 'It has no default, so each run must give one.',
    mend: 'Give a value with `-p NAME=VALUE` or `--params FILE`, declare a `default`, or say `required: false` when it may be empty.',
    bad: 'params:\n  size: {type: integer}\njobs:\n- echo ${{ params.size }}\n',
    mended: 'params:\n  size: {type: integer, default: 3}\njobs:\n- echo ${{ params.size }}\n'
  },
  'param-name-invalid': {
    severity: 'error',
    title: 'A name can not be that of a parameter',
    why: 'Expressions name parameters: letters, digits, - and _, with no digit first.',
    mend: 'Rename it.',
    bad: 'params:\n  2nd: a\njobs:\n- echo a\n',
    mended: 'params:\n  second: a\njobs:\n- echo ${{ params.second }}\n'
  },
  'param-type': {
    severity: 'error',
    title: 'A value of a parameter is of another type',
    why: 'The declaration of the parameter says what its values are.',
    mend: 'Give a value of that type.',
    bad: 'params:\n  size: {type: integer, default: many}\njobs:\n- echo ${{ params.size }}\n',
    mended: 'params:\n  size: {type: integer, default: 3}\njobs:\n- echo ${{ params.size }}\n'
  },
  'param-not-allowed': {
    severity: 'error',
    title: 'A value of a parameter is none of those allowed',
    why: 'The declaration of the parameter lists its values in `enum`.',
    mend: 'Give one of them.',
    bad: 'params:\n  mode: {enum: [fast, slow], default: fats}\njobs:\n- echo ${{ params.mode }}\n',
    mended: 'params:\n  mode: {enum: [fast, slow], default: fast}\njobs:\n- echo ${{ params.mode }}\n'
  },
  'expression-unclosed': {
    severity: 'error',
    title: 'An expression is not closed',
    why: '`${{` begins an expression, which ends with `}}`.',
    mend: 'Write the two braces.',
    bad: 'params: {size: 3}\njobs:\n- echo ${{ params.size\n',
    mended: 'params: {size: 3}\njobs:\n- echo ${{ params.size }}\n'
  },
  'expression-unknown': {
    severity: 'error',
    title: 'An expression is none that is known',
    why: 'Between `${{` and `}}` stands a name, not a formula.',
    mend: 'Use one of the forms that the hint lists.',
    bad: 'params: {size: 3}\njobs:\n- echo ${{ size }}\n',
    mended: 'params: {size: 3}\njobs:\n- echo ${{ params.size }}\n'
  },
  'expression-place': {
    severity: 'error',
    title: 'An expression stands where its value is not known',
    why: 'Outputs and statuses are known only while the run goes: they can be part of commands, scripts, parameters of notebooks, variables and `when`. A secret can only be the whole value of a variable, `${{ workflow.status }}` only be in `onExit`, and items of a list from another job only be where outputs can.',
    mend: 'Move it to one of those places.',
    bad: 'jobs:\n- name: choose\n  command: choose\n  outputs: {image: image.txt}\n- command: train\n  needs: choose\n  image: ${{ jobs.choose.outputs.image }}\n',
    mended:
      'jobs:\n- name: choose\n  command: choose\n  outputs: {image: image.txt}\n- command: train ${{ jobs.choose.outputs.image }}\n  needs: choose\n'
  },
  'item-unknown': {
    severity: 'error',
    title: 'There is no such item',
    why: '`${{ item }}` and `${{ index }}` stand for what differs between the copies of a job: the items of its `foreach`, and their numbers.',
    mend: 'Add `foreach` or `copies`, or give every item the key.',
    bad: 'jobs:\n- command: train --rate ${{ item.rate }}\n  foreach:\n  - {rate: 0.1}\n  - {rat: 0.2}\n',
    mended: 'jobs:\n- command: train --rate ${{ item.rate }}\n  foreach:\n  - {rate: 0.1}\n  - {rate: 0.2}\n'
  },
  'reference-unknown-job': {
    severity: 'error',
    title: 'An expression names a job that there is not',
    why: 'No job has this name. Jobs without a name are called job-1, job-2, ...',
    mend: 'Use the name that the hint shows.',
    bad: 'jobs:\n- name: train\n  command: train\n  outputs: {score: score.txt}\n- command: echo ${{ jobs.trian.outputs.score }}\n  needs: train\n',
    mended:
      'jobs:\n- name: train\n  command: train\n  outputs: {score: score.txt}\n- command: echo ${{ jobs.train.outputs.score }}\n  needs: train\n'
  },
  'reference-unknown-output': {
    severity: 'error',
    title: 'A job has no such output',
    why: 'A job says under `outputs` which of its files others may use as texts.',
    mend: 'Declare the output in that job, or use the name that the hint shows.',
    bad: 'jobs:\n- name: train\n  command: train\n- command: echo ${{ jobs.train.outputs.score }}\n  needs: train\n',
    mended:
      'jobs:\n- name: train\n  command: train\n  outputs: {score: score.txt}\n- command: echo ${{ jobs.train.outputs.score }}\n  needs: train\n'
  },
  'reference-not-before': {
    severity: 'error',
    title: 'A job uses an output of one that it does not wait for',
    why: 'The output or status is known only when the other job is done.',
    mend: 'Add the edge that the hint shows.',
    bad: 'jobs:\n- name: train\n  command: train\n  outputs: {score: score.txt}\n- name: report\n  command: echo ${{ jobs.train.outputs.score }}\n',
    mended:
      'jobs:\n- name: train\n  command: train\n  outputs: {score: score.txt}\n- name: report\n  command: echo ${{ jobs.train.outputs.score }}\ndags:\n- train >> report\n'
  },
  'condition-syntax': {
    severity: 'error',
    title: 'A condition can not be read',
    why: 'A condition compares numbers, words and expressions by ==, !=, <, <=, > and >=, and joins comparisons by &&, ||, ! and parentheses.',
    mend: 'Look at the marked place. Words with blanks are quoted.',
    bad: 'params: {mode: fast}\njobs:\n- command: train\n  when: ${{ params.mode }} = fast\n',
    mended: 'params: {mode: fast}\njobs:\n- command: train\n  when: ${{ params.mode }} == fast\n'
  },
  'condition-status': {
    severity: 'warning',
    title: 'A condition compares a status with none',
    why: 'A job is Succeeded, Failed, Error, Skipped or Omitted in the end, and a run Succeeded, Failed or Error. The comparison always has the same result.',
    mend: 'Use one of these words, with its capital letter.',
    bad: 'jobs:\n- name: test\n  command: test\n- command: report\n  needs: test\n  when: ${{ jobs.test.status }} == success\n',
    mended:
      'jobs:\n- name: test\n  command: test\n- command: report\n  needs: test\n  when: ${{ jobs.test.status }} == Succeeded\n'
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
