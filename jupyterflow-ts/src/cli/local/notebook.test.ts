import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandRig, type Result } from '../../testing/command.js';
import { pythonPrograms } from '../../testing/python.js';

interface Cell {
  readonly source: string;
  readonly tags: readonly string[];
  readonly outputs: string;
  readonly executed: boolean;
}

const FILE = `name: paper
params: {years: 3}
jobs:
- name: report
  notebook: report.ipynb
  parameters: {rate: 0.5, names: [Ola, "O'Brien $(id)"], years: "\${{ params.years }}"}
`;

let rig: CommandRig;
beforeEach(() => {
  rig = new CommandRig();
});
afterEach(() => rig.dispose());

/** A notebook of the Python kernel (nbformat 4.5) with these cells of code; the first has the parameters. */
function notebookOf(...cells: readonly string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
    cells: cells.map((source, at) => ({
      cell_type: 'code',
      id: `cell-${at}`,
      execution_count: null,
      metadata: at === 0 ? { tags: ['parameters'] } : {},
      outputs: [],
      source
    }))
  });
}

async function run(file: string, notebook: string): Promise<Result> {
  rig.write('workflow.yaml', file);
  rig.write('report.ipynb', notebook);
  return rig.run('run', '-f', 'workflow.yaml', '--local', '--wait');
}

const log = async (): Promise<string> => (await rig.run('logs', '@latest', '--job', 'report')).stdout;

/** The cells of the notebook that a run kept. */
function kept(run: string): readonly Cell[] {
  const text = readFileSync(join(rig.folder, `report-${run}-report.ipynb`), 'utf8');
  const { cells } = JSON.parse(text) as {
    cells: {
      source: string | string[];
      metadata: { tags?: string[] };
      outputs?: { text?: string | string[] }[];
      execution_count?: number | null;
    }[];
  };
  return cells.map(({ source, metadata, outputs = [], execution_count = null }) => ({
    source: [source].flat().join(''),
    tags: metadata.tags ?? [],
    outputs: outputs.flatMap(({ text = [] }) => text).join(''),
    executed: execution_count !== null
  }));
}

test('without papermill a notebook fails, and its log says what to install', async () => {
  rig.env['PATH'] = '/usr/bin:/bin';
  const { exit, stderr } = await run(FILE, notebookOf('rate = 0'));
  expect(exit).toBe(1);
  expect(stderr).toContain('report Failed, exit code 127');
  expect(await log()).toBe(
    'jupyterflow: a notebook is run by papermill, which is not installed where this job runs: pip install papermill ipykernel\n'
  );
});

const bin = pythonPrograms('papermill');
if (bin === undefined) console.warn('skipped: notebooks are not run without papermill, which npm test installs');

(bin === undefined ? describe.skip : describe)('papermill in the sandbox', () => {
  beforeEach(() => {
    rig.env['PATH'] = `${bin}:/usr/bin:/bin`;
  });

  test('runs a notebook with the parameters of its job, and keeps it with its outputs beside the one that was run', async () => {
    const cells = ['rate, names, years = 0, [], 0', 'print(rate * 2, names, years + 1)'];
    const { exit, stdout, stderr } = await run(FILE, notebookOf(...cells));
    expect([exit, stderr]).toEqual([0, expect.stringContaining('report  Succeeded')]);
    const name = stdout.trim();
    expect(readdirSync(rig.folder).filter(file => file.endsWith('.ipynb'))).toEqual([
      `report-${name}-report.ipynb`,
      'report.ipynb'
    ]);
    const [defaults, given, printed] = kept(name);
    expect(defaults).toMatchObject({ source: cells[0], tags: ['parameters'], executed: true });
    expect(given).toMatchObject({ tags: ['injected-parameters'], executed: true });
    expect(given?.source).toContain('rate = 0.5\n');
    expect(printed).toMatchObject({ outputs: `1.0 ['Ola', "O'Brien $(id)"] 4\n`, executed: true });
    expect(readFileSync(join(rig.folder, 'report.ipynb'), 'utf8')).toBe(notebookOf(...cells));
  });

  test('fails the job when a cell fails: the error is in the log, and the notebook is kept until there', async () => {
    const cells = ['rate, names, years = 0, [], 0', 'raise ValueError(f"no rows of {years}")', 'print("never")'];
    const { exit, stdout, stderr } = await run(FILE, notebookOf(...cells));
    expect(exit).toBe(1);
    expect(stderr).toContain('report Failed, exit code 1\n');
    expect(stderr).toContain('  | ValueError: no rows of 3\n');
    expect(await log()).toContain('ValueError: no rows of 3\n');
    expect(kept(stdout.trim()).at(-1)).toMatchObject({ source: cells[2], executed: false });
  });
});
