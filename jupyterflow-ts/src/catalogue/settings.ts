import type { CatalogueEntry } from './entry.js';

/** Diagnostics of what jobs are given: data, variables, time, and places. */
export const settings = {
  'volume-source': {
    severity: 'error',
    title: 'A volume does not say what it mounts, or says it twice',
    why: 'A volume is one dataset or one lease.',
    mend: 'Write one of `dataset`, `lease` and `id`.',
    bad: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - path: /home/jovyan/data\n',
    mended: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - dataset: uis/lorem\n    path: /home/jovyan/data\n'
  },
  'volume-reference': {
    severity: 'error',
    title: 'A text can not be the id of a dataset or a lease',
    why: 'Ids are letters, digits, -, . and _, also as owner/name.',
    mend: 'Copy the id from the panel or from `jupyterflow datasets list`.',
    bad: "jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - dataset: '../lorem'\n    path: /home/jovyan/data\n",
    mended: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - dataset: uis/lorem\n    path: /home/jovyan/data\n'
  },
  'volume-sub-path': {
    severity: 'error',
    title: '`subPath` leads out of the dataset',
    why: 'It names a folder of the dataset: relative and without `..`.',
    mend: 'Write it relative to the dataset.',
    bad: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/data, subPath: /spring}\n',
    mended:
      'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/data, subPath: spring}\n'
  },
  'mount-path-relative': {
    severity: 'error',
    title: 'Data is mounted at a relative path',
    why: 'Which folder is meant would depend on the working folder.',
    mend: 'Write an absolute path, e.g. below the home.',
    bad: 'jobs:\n- command: ls data\n  volumes:\n  - {dataset: uis/lorem, path: data}\n',
    mended: 'jobs:\n- command: ls /home/jovyan/data\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/data}\n'
  },
  'mount-path-dots': {
    severity: 'error',
    title: 'Data is mounted at a path with `..`',
    why: 'What the path means would depend on links in it.',
    mend: 'Write the path without `..`.',
    bad: 'jobs:\n- command: ls /home/data\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/../data}\n',
    mended: 'jobs:\n- command: ls /home/data\n  volumes:\n  - {dataset: uis/lorem, path: /home/data}\n'
  },
  'mount-path-invalid': {
    severity: 'error',
    title: 'Data is mounted at a path with control characters',
    why: 'No terminal and no log could show such a path.',
    mend: 'Use printable characters.',
    bad: 'jobs:\n- command: ls\n  volumes:\n  - {dataset: uis/lorem, path: "/home/jovyan/a\\tb"}\n',
    mended: 'jobs:\n- command: ls\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/a-b}\n'
  },
  'mount-path-shadows': {
    severity: 'error',
    title: 'Data would hide the home or the system',
    why: 'A mount hides what is at its path; without its home and its system a job can not run.',
    mend: 'Mount it at a folder of its own below the home.',
    bad: 'jobs:\n- command: ls\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan}\n',
    mended: 'jobs:\n- command: ls\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/lorem}\n'
  },
  'mount-path-duplicate': {
    severity: 'error',
    title: 'Two volumes of a job are mounted at one place',
    why: 'One would hide the other.',
    mend: 'Give each its own folder, none inside the other.',
    bad: 'jobs:\n- command: ls\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/data}\n  - {dataset: uib/lorem, path: /home/jovyan/data}\n',
    mended:
      'jobs:\n- command: ls\n  volumes:\n  - {dataset: uis/lorem, path: /home/jovyan/uis}\n  - {dataset: uib/lorem, path: /home/jovyan/uib}\n'
  },
  'workdir-dots': {
    severity: 'error',
    title: 'A working folder has `..` in its path',
    why: 'A job works in the folder of the workflow, below it, or at an absolute path.',
    mend: 'Write the path without `..`.',
    bad: 'workdir: ../other\njobs:\n- ls\n',
    mended: 'workdir: other\njobs:\n- ls\n'
  },
  'workdir-tilde': {
    severity: 'error',
    title: 'A working folder begins with `~`',
    why: 'Only a shell knows what `~` stands for, and none reads this path.',
    mend: 'Write the path that the hint shows.',
    bad: 'workdir: ~/work\njobs:\n- ls\n',
    mended: 'workdir: /home/jovyan/work\njobs:\n- ls\n'
  },
  'env-name-invalid': {
    severity: 'error',
    title: 'A name can not be that of a variable',
    why: 'Shells know variables of letters, digits and _, with no digit first.',
    mend: 'Rename it.',
    bad: 'env:\n  MY-LEVEL: 3\njobs:\n- env\n',
    mended: 'env:\n  MY_LEVEL: 3\njobs:\n- env\n'
  },
  'env-name-reserved': {
    severity: 'error',
    title: 'A variable is set by JupyterFlow itself',
    why: 'Names that begin with `JUPYTERFLOW_` tell a job which run, job and attempt it is.',
    mend: 'Choose another name.',
    bad: 'env:\n  JUPYTERFLOW_RUN: mine\njobs:\n- env\n',
    mended: 'env:\n  MY_RUN: mine\njobs:\n- env\n'
  },
  'env-nul': {
    severity: 'error',
    title: 'A variable holds the character NUL',
    why: 'Operating systems end a value at this character, so the rest would be lost.',
    mend: 'Remove it.',
    bad: 'env:\n  A: "a\\0b"\njobs:\n- env\n',
    mended: 'env:\n  A: ab\njobs:\n- env\n'
  },
  'env-duplicate': {
    severity: 'warning',
    title: 'A variable is set twice',
    why: 'Only the last value is used.',
    mend: 'Remove one of them.',
    bad: 'env:\n- {name: A, value: x}\n- {name: A, value: y}\njobs:\n- env\n',
    mended: 'env:\n- {name: A, value: y}\njobs:\n- env\n'
  },
  'env-from-source': {
    severity: 'error',
    title: 'A set of variables does not say where it comes from, or says it twice',
    why: 'Each entry of `envFrom` is one secret or one ConfigMap.',
    mend: 'Write one of `secretRef` and `configMapRef`.',
    bad: 'envFrom:\n- prefix: DB_\njobs:\n- env\n',
    mended: 'envFrom:\n- prefix: DB_\n  secretRef: {name: database}\njobs:\n- env\n'
  },
  'env-from-twice': {
    severity: 'error',
    title: '`envFrom` is there in both spellings',
    why: '`env_from` is how JupyterFlow 0.0.4 spelled it; only one of them can be used.',
    mend: 'Join them under `envFrom`.',
    bad: 'envFrom:\n- secretRef: {name: a}\nenv_from:\n- secretRef: {name: b}\njobs:\n- env\n',
    mended: 'envFrom:\n- secretRef: {name: a}\n- secretRef: {name: b}\njobs:\n- env\n'
  },
  'object-name': {
    severity: 'error',
    title: 'A name can not be that of an object of a cluster',
    why: 'Secrets, service accounts, priority classes and sites have DNS names: small letters, digits, - and .',
    mend: 'Look up how it is called.',
    bad: 'serviceAccountName: My_Runner\njobs:\n- echo a\n',
    mended: 'serviceAccountName: my-runner\njobs:\n- echo a\n'
  },
  'resources-mixed': {
    severity: 'error',
    title: 'Resources are written in two spellings',
    why: '`cpu`, `memory`, `gpu` and `disk` are what a job needs and may use; `requests` and `limits` are how Kubernetes spells the same.',
    mend: 'Use one of them.',
    bad: 'resources:\n  cpu: 1\n  limits: {memory: 1Gi}\njobs:\n- echo a\n',
    mended: 'resources:\n  cpu: 1\n  memory: 1Gi\njobs:\n- echo a\n'
  },
  'resources-differ': {
    severity: 'warning',
    title: 'Requests and limits differ',
    why: 'A job is given one amount, so that what it may use is really there: the limit.',
    mend: 'Write one amount.',
    bad: 'resources:\n  requests: {memory: 1Gi}\n  limits: {memory: 2Gi}\njobs:\n- echo a\n',
    mended: 'resources:\n  memory: 2Gi\njobs:\n- echo a\n'
  },
  'duration-range': {
    severity: 'error',
    title: 'A time is too short or too long',
    why: 'A time limit of nothing would end a job before it starts, and one of more than ten years is a slip.',
    mend: 'Write seconds, or a number with a unit: 30s, 10m, 1h30m.',
    bad: 'timeout: 0s\njobs:\n- echo a\n',
    mended: 'timeout: 30s\njobs:\n- echo a\n'
  },
  'walltime-too-short': {
    severity: 'error',
    title: 'All attempts together get less time than one',
    why: '`walltime` bounds all attempts with the pauses between them, `timeout` each one.',
    mend: 'Make `walltime` at least `timeout`.',
    bad: 'jobs:\n- command: train\n  timeout: 2h\n  walltime: 90m\n',
    mended: 'jobs:\n- command: train\n  timeout: 2h\n  walltime: 4h30m\n'
  },
  'schedule-cron': {
    severity: 'error',
    title: 'A cron line can not be read',
    why: 'It has five fields: minute (0-59), hour (0-23), day of the month (1-31), month (1-12) and day of the week (0-6, Sunday is 0), each a number, *, a range, a step or a list.',
    mend: 'Write the field as the message says.',
    bad: 'schedule: 0 25 * * *\njobs:\n- echo a\n',
    mended: 'schedule: 0 23 * * *\njobs:\n- echo a\n'
  },
  'schedule-timezone': {
    severity: 'error',
    title: 'There is no such time zone',
    why: 'Time zones are named as in the IANA database, since an offset changes with summer time.',
    mend: 'Write a place, e.g. Europe/Oslo, or UTC.',
    bad: 'schedule:\n  cron: 0 6 * * *\n  timezone: Oslo\njobs:\n- echo a\n',
    mended: 'schedule:\n  cron: 0 6 * * *\n  timezone: Europe/Oslo\njobs:\n- echo a\n'
  },
  'label-key': {
    severity: 'error',
    title: 'A key can not be that of a label',
    why: 'Kubernetes allows letters, digits, -, _ and ., at most 63, and before them a domain with /.',
    mend: 'Rename it.',
    bad: 'labels:\n  my team: physics\njobs:\n- echo a\n',
    mended: 'labels:\n  my-team: physics\njobs:\n- echo a\n'
  },
  'label-value': {
    severity: 'error',
    title: 'A text can not be the value of a label',
    why: 'Kubernetes allows letters, digits, -, _ and ., at most 63.',
    mend: 'Shorten it, or make it an annotation.',
    bad: 'labels:\n  owner: Ola Nordmann\njobs:\n- echo a\n',
    mended: 'annotations:\n  owner: Ola Nordmann\njobs:\n- echo a\n'
  },
  'label-reserved': {
    severity: 'error',
    title: 'A label is set by JupyterFlow itself',
    why: 'Labels and annotations of `jupyterflow.io/` are how runs are found again.',
    mend: 'Choose another prefix.',
    bad: 'labels:\n  jupyterflow.io/workflow: mine\njobs:\n- echo a\n',
    mended: 'labels:\n  example.org/workflow: mine\njobs:\n- echo a\n'
  },
  'annotations-too-large': {
    severity: 'error',
    title: 'The annotations are too long',
    why: 'Kubernetes takes at most 262,144 characters of annotations of one object.',
    mend: 'Put long texts into files.',
    bad: `annotations:\n  note: ${'x'.repeat(262_144)}\njobs:\n- echo a\n`,
    mended: 'annotations:\n  note: see README.md\njobs:\n- echo a\n'
  },
  'argo-not-portable': {
    severity: 'warning',
    title: 'Raw fields of Argo work only on a cluster',
    why: '`argo` is merged into the manifest as it is. The local engine knows nothing of it.',
    mend: 'Use the key of the workflow file for it, when there is one; otherwise run it on a cluster.',
    bad: 'argo:\n  parallelism: 2\njobs:\n- echo a\n',
    mended: 'parallelism: 2\njobs:\n- echo a\n'
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
