import type { CatalogueEntry } from './entry.js';

/** Diagnostics of edges: which job waits for which. */
export const edges = {
  'edge-syntax': {
    severity: 'error',
    title: 'An edge is not written as one',
    why: 'An edge is two or more jobs with `>>` between them.',
    mend: 'Write `a >> b`, a chain `a >> b >> c`, or lists `[a, b] >> c`.',
    bad: 'jobs:\n- echo a\n- echo b\ndags:\n- 1 -> 2\n',
    mended: 'jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 2\n'
  },
  'edge-not-quoted': {
    severity: 'error',
    title: 'An edge begins with `[` and is not quoted',
    why: 'YAML reads the bracket as the start of a list, and what follows the list as a mistake.',
    mend: 'Quote the edge.',
    bad: 'jobs: [echo a, echo b, echo c]\ndags:\n- [1, 2] >> 3\n',
    mended: "jobs: [echo a, echo b, echo c]\ndags:\n- '[1, 2] >> 3'\n"
  },
  'edge-out-of-range': {
    severity: 'error',
    title: 'An edge names a job by a number that there is not',
    why: 'Jobs are numbered from 1 in the order of the file.',
    mend: 'Use a number of the list, or the name of the job.',
    bad: 'jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 9\n',
    mended: 'jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 2\n'
  },
  'edge-unknown-job': {
    severity: 'error',
    title: 'An edge names a job that there is not',
    why: 'No job has this name. Jobs without a name are called job-1, job-2, ...',
    mend: 'Use the name that the hint shows.',
    bad: 'jobs:\n- echo a\n- name: report\n  command: echo b\ndags:\n- 1 >> reprot\n',
    mended: 'jobs:\n- echo a\n- name: report\n  command: echo b\ndags:\n- 1 >> report\n'
  },
  'edge-self': {
    severity: 'error',
    title: 'A job would wait for itself',
    why: 'It could never start.',
    mend: 'Remove the edge.',
    bad: 'jobs:\n- echo a\ndags:\n- 1 >> 1\n',
    mended: 'jobs:\n- echo a\n'
  },
  'edge-duplicate': {
    severity: 'warning',
    title: 'An edge is there twice',
    why: 'The second one changes nothing; perhaps another was meant. `needs` makes edges too.',
    mend: 'Remove one of them.',
    bad: 'jobs:\n- echo a\n- command: echo b\n  needs: 1\ndags:\n- 1 >> 2\n',
    mended: 'jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 2\n'
  },
  cycle: {
    severity: 'error',
    title: 'Jobs wait for each other in a circle',
    why: 'None of them could ever start.',
    mend: 'Remove one of the edges that the message shows.',
    bad: 'jobs:\n- echo a\n- echo b\n- echo c\ndags:\n- 1 >> 2 >> 3\n- 3 >> 1\n',
    mended: 'jobs:\n- echo a\n- echo b\n- echo c\ndags:\n- 1 >> 2 >> 3\n'
  },
  'too-many-edges': {
    severity: 'error',
    title: 'There are too many edges',
    why: 'Two lists side by side make an edge of each pair, which multiplies.',
    mend: 'Put a job between the lists, or use `copies` or `foreach`: a group of copies is waited for by one edge.',
    bad: `jobs: [echo a, echo b]\ndags:\n- '[${Array.from({ length: 450 }, () => '1').join(',')}] >> [${Array.from({ length: 450 }, () => '2').join(',')}]'\n`,
    mended: 'jobs: [echo a, echo b]\ndags:\n- 1 >> 2\n'
  }
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
