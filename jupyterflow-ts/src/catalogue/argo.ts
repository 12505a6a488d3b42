import type { CatalogueEntry } from './entry.js';

/** What is told of a file when it is made for a cluster. */
export const argo = {
  'argo-temporary-folder': {
    severity: 'warning',
    title: 'The jobs of a run do not share TEMPORARY_FOLDER on this cluster',
    why: 'Each job of a cluster has a folder of its own unless a volume is made for the run, or the home is a volume that jobs inherit. What one job leaves in TEMPORARY_FOLDER another one does not find.',
    mend: 'Set `temporaryStorage`, the size of a volume for each run, in `~/.jupyterflow.yaml`; or start the run in a notebook whose home is a volume; or give small values on as `outputs`.',
    bad: 'jobs:\n- name: a\n  command: date > $TEMPORARY_FOLDER/now\n  cmd_mode: shell\n- name: b\n  command: ls\n  needs: a\n',
    mended:
      'jobs:\n- name: a\n  command: date > now\n  cmd_mode: shell\n  outputs: {now: now}\n- name: b\n  command: echo ${{ jobs.a.outputs.now }}\n  needs: a\n',
    cluster: true
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
