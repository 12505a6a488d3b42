import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../compile.js';

const argvOf = (parameters: string): readonly unknown[] =>
  compile({ text: `jobs:\n- notebook: a b/report.ipynb\n  parameters: ${parameters}\n`, file: 'w' }).plan!.jobs[0]!
    .argv;

test.each([
  ['{}', []],
  [
    '{n: 1, t: "1", b: true, z: ~, l: [a, {x: 0.5}]}',
    ['-y', '{"n": 1, "t": "1", "b": true, "z": null, "l": ["a", {"x": 0.5}]}']
  ],
  // PyYAML takes 1e+21 for a text, and refuses DEL and the byte order mark as they are.
  [
    '{big: 1e21, small: 1e-7, inf: .inf, nan: .nan, odd: "\\x7f\\uFEFF\\U0001F600"}',
    ['-y', '{"big": 1.0e+21, "small": 1.0e-7, "inf": .inf, "nan": .nan, "odd": "\\u007f\\ufeff\u{1F600}"}']
  ]
])('parameters %s', (parameters, words) => {
  expect(argvOf(parameters).slice(3)).toEqual(['papermill', 'a b/report.ipynb', ...words]);
});

test('papermill gets the paths and parameters as words, and the run and job name the output', () => {
  const folder = mkdtempSync(join(tmpdir(), 'notebook-'));
  try {
    // Stands for papermill: writes down its arguments.
    writeFileSync(join(folder, 'papermill'), '#!/bin/sh\nprintf "%s\\n" "$@" > arguments\n', { mode: 0o755 });
    const [program = '', ...args] = argvOf('{x: "$(id) \'"}').map(String);
    execFileSync(program, args, {
      cwd: folder,
      env: { PATH: `${folder}:/usr/bin:/bin`, JUPYTERFLOW_RUN: 'run-1', JUPYTERFLOW_JOB: 'job-1' }
    });
    expect(readFileSync(join(folder, 'arguments'), 'utf8').trim().split('\n')).toEqual([
      '--log-output',
      '--no-progress-bar',
      '-y',
      '{"x": "$(id) \'"}',
      '--',
      'a b/report.ipynb',
      'a b/report-run-1-job-1.ipynb'
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
