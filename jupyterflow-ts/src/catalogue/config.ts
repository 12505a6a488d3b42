import type { CatalogueEntry } from './entry.js';

/** Diagnostics of `~/.jupyterflow.yaml`. What is wrong with its YAML has the ids that workflow files have. */
export const config = {
  'config-missing-key': {
    severity: 'error',
    by: 'config',
    title: 'The configuration leaves out a key that a list needs',
    why: 'Variables, volumes, mounts and secrets of a registry are known by their names, and a mount needs its place.',
    mend: 'Add the key.',
    bad: 'spec:\n  volumeMounts:\n  - name: nas001\n',
    mended: 'spec:\n  volumeMounts:\n  - name: nas001\n    mountPath: /nas001\n'
  },
  'config-unknown-key': {
    severity: 'error',
    by: 'config',
    title: 'The configuration has a key that does not exist',
    why: 'Most often it is misspelled, or stands at the wrong level. An ignored key would be a setting that does nothing.',
    mend: 'Use the key that is proposed, or see the [configuration](../command.md#where-runs-go-and-settings).',
    bad: 'backend: kube\nnamspace: research\n',
    mended: 'backend: kube\nnamespace: research\n'
  },
  'config-value': {
    severity: 'error',
    by: 'config',
    title: 'A value of the configuration is none that its key takes',
    why: 'It has another type, is none of the words that are known, is empty, or is a relative folder where an absolute one is needed.',
    mend: 'Write a value as the message says.',
    bad: 'backend: cluster\n',
    mended: 'backend: kube\n'
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
