import type { CatalogueEntry } from './entry.js';

/** Diagnostics of a workflow file that is right, but not all of it can be said to Argo. */
export const argo = {
  'argo-argument-too-long': {
    severity: 'error',
    by: 'argo',
    title: 'A word of a command, a script or a variable is too long for a program',
    why: 'Linux gives a program at most 128 KiB in one word of its arguments or environment. A script is one such word when it holds `{{` or `${{`.',
    mend: 'Put the text into a file beside the workflow, or into a `script` without `{{` and `${{`.',
    bad: `jobs:\n- command: echo ${'x'.repeat(131_072)}\n`,
    mended: 'jobs:\n- cat words.txt\n'
  },
  'argo-cache-unknown': {
    severity: 'warning',
    by: 'argo',
    title: 'A job with a cache always runs in Argo',
    why: 'Whether a result is still right depends on files or leased data that can not be read where the manifest is made.',
    mend: 'Leave out `cache`, or run the file on this machine.',
    bad: 'jobs:\n- command: python fit.py\n  cache: {key: [fit.py]}\n',
    mended: 'jobs:\n- command: python fit.py\n'
  },
  'argo-group-status': {
    severity: 'error',
    by: 'argo',
    title: 'A job asks Argo for the status of a group whose size the run finds out',
    why: 'Argo tells no status of a task with items, and how many items `foreach` has is known only when the job that lists them has ended.',
    mend: 'Ask for the status of a job that comes after the group.',
    bad: [
      'jobs:',
      '- {name: list, command: ls, outputs: {files: files.json}}',
      "- {name: count, command: 'wc -w ${{ item }}', foreach: '${{ jobs.list.outputs.files }}', needs: list}",
      "- {name: mend, command: make mend, needs: count, when: '${{ jobs.count.status }} == Failed'}",
      ''
    ].join('\n'),
    mended: [
      'jobs:',
      '- {name: list, command: ls, outputs: {files: files.json}}',
      "- {name: count, command: 'wc -w ${{ item }}', foreach: '${{ jobs.list.outputs.files }}', needs: list}",
      '- {name: total, command: python total.py, needs: count}',
      "- {name: mend, command: make mend, needs: total, when: '${{ jobs.total.status }} == Failed'}",
      ''
    ].join('\n')
  },
  'argo-priority-number': {
    severity: 'warning',
    by: 'argo',
    title: 'Jobs of one run have different numbers as priority',
    why: 'Argo orders whole runs by a number, not their jobs. The highest number of the jobs becomes the number of the run.',
    mend: 'Name a priority class of the cluster to order jobs, or give all jobs the same number.',
    bad: 'jobs:\n- {command: echo a, priority: 1}\n- {command: echo b, priority: 2}\n',
    mended: 'jobs:\n- {command: echo a, priority: low}\n- {command: echo b, priority: high}\n'
  },
  'argo-queue-timeout': {
    severity: 'error',
    by: 'argo',
    title: 'A job has a `queueTimeout` and no `timeout`',
    why: 'Argo limits the wait for a start only together with the attempt itself.',
    mend: 'Give the job a `timeout`, the longest time of one attempt.',
    bad: 'jobs:\n- {command: python fit.py, queueTimeout: 10m}\n',
    mended: 'jobs:\n- {command: python fit.py, queueTimeout: 10m, timeout: 1h}\n'
  },
  'argo-spec-too-large': {
    severity: 'error',
    by: 'argo',
    title: 'The manifest is too large for the cluster',
    why: 'Kubernetes keeps a Workflow with its status in one object of at most 1 MiB, so the spec may have 600 KiB.',
    mend: 'Use `foreach` or `copies` for jobs that are alike, put long texts into files, or split the workflow.',
    bad: `jobs:\n- script: echo ${'x'.repeat(614_400)}\n`,
    mended: 'jobs:\n- cat words.txt\n'
  },
  'argo-schedule-concurrency': {
    severity: 'warning',
    by: 'argo',
    argoVersion: '3.5',
    title: 'Argo 3.5 does not hold `concurrency` between the times of a schedule',
    why: 'Argo 3.5 knows one time in a CronWorkflow, so a schedule with several times becomes several of them, and none knows of the runs of the others.',
    mend: 'Give the schedule one time, or `concurrency: Allow`, or a cluster with a later Argo.',
    bad: 'name: nightly\nschedule: {cron: ["0 2 * * *", "0 14 * * *"], concurrency: Forbid}\njobs:\n- python fit.py\n',
    mended: 'name: nightly\nschedule: {cron: "0 2,14 * * *", concurrency: Forbid}\njobs:\n- python fit.py\n'
  },
  'argo-temporary-folder': {
    severity: 'warning',
    by: 'argo',
    title: 'The jobs of a run do not share TEMPORARY_FOLDER on this cluster',
    why: 'Each job of a cluster has a folder of its own unless a volume is made for the run, or the home is a volume that jobs inherit. What one job leaves in TEMPORARY_FOLDER another one does not find.',
    mend: 'Set `temporaryStorage`, the size of a volume for each run, in `~/.jupyterflow.yaml`; or start the run in a notebook whose home is a volume; or give small values on as `outputs`.',
    bad: 'jobs:\n- name: a\n  command: date > $TEMPORARY_FOLDER/now\n  cmd_mode: shell\n- name: b\n  command: ls\n  needs: a\n',
    mended:
      'jobs:\n- name: a\n  command: date > now\n  cmd_mode: shell\n  outputs: {now: now}\n- name: b\n  command: echo ${{ jobs.a.outputs.now }}\n  needs: a\n'
  },
  'cluster-field': {
    severity: 'error',
    by: 'cluster',
    title: 'The cluster does not take a field',
    why: 'The API server checks what it is given, with rules that the cluster may have of its own. Nothing of the run was made. What it did not take points into the file, at what the field was made of.',
    mend: 'Change the value as the message says; whoever keeps the cluster knows its own rules.',
    bad: 'jobs:\n- command: python fit.py\n  image: python:3.12\n',
    mended: 'jobs:\n- command: python fit.py\n  image: registry.uis.no/python:3.12\n',
    answer: {
      field: 'spec.templates[1].container.image',
      message: 'Invalid value: "python:3.12": only images of registry.uis.no'
    }
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
