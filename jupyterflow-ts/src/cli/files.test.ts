import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflowSchema } from '@jupyterflow/schema';
import { parse } from 'yaml';
import { CommandRig, resultOf } from '../testing/command.js';

let rig: CommandRig;
beforeAll(() => {
  rig = new CommandRig();
  rig.write('good.yaml', 'name: good\njobs:\n- echo a\n- {name: b, command: echo b}\ndags: 1 >> b\n');
  rig.write('bad.yaml', 'jobs:\n- echo a\n- echo b\ndags:\n- 1 >> 2\n- 2 >> 9\n');
  rig.write('params.yaml', 'name: p\nparams: {x: 1}\njobs: ["echo ${{ params.x }}"]\n');
  rig.write(
    'needy.yaml',
    'params: {n: {type: integer}}\njobs:\n- {command: a, copies: "${{ params.n }}"}\nparallelism: ${{ params.n }}\n'
  );
  rig.write('list.yaml', '[1]\n');
  rig.write('nested.json', '{"x": [1]}\n');
  rig.write('values.yaml', 'x: 010\n');
  rig.write('lease.yaml', 'jobs: [{command: a, volumes: [{lease: ls_abcdefgh, path: /data}]}]\n');
  writeFileSync(join(rig.folder, 'latin1.yaml'), Buffer.from('jobs:\n- caf\xe9\n', 'latin1'));
  mkdirSync(rig.home);
});
afterAll(() => rig.dispose());

const NEEDY = `\
  1 | params: {n: {type: integer}}
    |          ^
  hint: Give one: -p n=VALUE, or declare a \`default\`.
`;

const BAD = `\
bad.yaml:6:8: error edge-out-of-range: there is no job 9: jobs are numbered from 1 to 2
  6 | - 2 >> 9
    |        ^
  hint: Use such a number, or the name of a job.
`;

test.each([
  [['validate', '-f', 'good.yaml'], 0, 'good.yaml: 2 jobs, no errors\n', ''],
  [['validate', '-f', 'bad.yaml'], 3, '', BAD],
  [['compile', '-f', 'bad.yaml'], 3, '', BAD],
  [['graph', '-f', 'bad.yaml'], 3, '', BAD],
  [['run', '-f', 'bad.yaml'], 3, '', BAD],
  [['graph', '-f', 'good.yaml'], 0, '   1  job-1\n   2  b      <- job-1\n', ''],
  [['graph', '-f', 'good.yaml', '-o', 'mermaid'], 0, 'flowchart LR\n  j1["job-1"]\n  j2["b"]\n  j1 --> j2\n', ''],
  [['run'], 1, '', 'Provide either -f or -c option\n'],
  [['run', '-f', 'gone.yaml'], 1, '', 'No such file gone.yaml\n'],
  [['validate', '-f', '.'], 2, '', 'error NOT_A_FILE: . is not a file\n'],
  [
    ['validate', '-f', 'latin1.yaml'],
    3,
    '',
    'latin1.yaml:2:6: error not-utf8: the byte 0xe9 is not UTF-8\n' +
      '  2 | - caf\uFFFD\n    |      ^\n  hint: Save the file as UTF-8. In Latin-1 it is \u00e9.\n'
  ],
  [
    ['run', '-c', 'a >>'],
    2,
    '',
    '-c:1:3: error edge-syntax: a command is missing after the last >>\n  1 | a >>\n    |   ^^\n  hint: Write: -c "a >> b"\n'
  ],
  [
    ['validate', '-f', 'good.yaml', '-o', 'xml'],
    2,
    '',
    "error: option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are text, json, yaml, github and sarif.\n(see --help)\n"
  ],
  [
    ['run', '-f', 'params.yaml', '-p', 'x'],
    2,
    '',
    "error: option '-p, --param <name=value>' argument 'x' is invalid. Write it as name=value.\n(see --help)\n"
  ],
  [
    ['run', '-f', 'params.yaml', '--params', 'list.yaml'],
    2,
    '',
    'error PARAMS: list.yaml:1:1: the values of parameters must be a map\n  hint: Write a map of names and values, one a line: epochs: 20\n'
  ],
  [
    ['run', '-f', 'params.yaml', '--params', 'nested.json'],
    2,
    '',
    'error PARAMS: nested.json:1:7: the value of x must be a text, a number, true or false\n  hint: Write a map of names and values, one a line: epochs: 20\n'
  ],
  [['run', '-f', 'params.yaml', '--params', 'gone'], 2, '', 'error PARAMS: No such file gone\n'],
  [
    ['validate', '-f', 'bad.yaml', '-o', 'github'],
    3,
    '::error file=bad.yaml,line=6,endLine=6,col=8,endColumn=8,title=edge-out-of-range::there is no job 9: jobs are numbered from 1 to 2%0AUse such a number, or the name of a job.\n',
    ''
  ],
  [
    ['validate', '-f', 'good.yaml', '-f', 'bad.yaml'],
    2,
    '',
    "error: option '-f, --filename <file>' argument 'bad.yaml' is invalid. There is another already: 'good.yaml'. Give one.\n(see --help)\n"
  ],
  [
    ['compile', '-f', 'good.yaml', '--image', ''],
    2,
    '',
    "error: option '--image <image>' argument '' is invalid. It is empty.\n(see --help)\n"
  ],
  [
    ['validate', '-f', 'needy.yaml'],
    0,
    'needy.yaml: no errors\n',
    'needy.yaml:1:10: warning param-missing: the parameter `n` has no value: a run needs one\n' + NEEDY
  ],
  [
    ['run', '-f', 'needy.yaml'],
    3,
    '',
    'needy.yaml:1:10: error param-missing: the parameter `n` has no value\n' + NEEDY
  ],
  [['list', '--limt', '3'], 2, '', "error: unknown option '--limt'\n(Did you mean --limit?)\n(see --help)\n"],
  [['runn'], 2, '', "error: unknown command 'runn'\n(Did you mean run?)\n(see --help)\n"],
  [['--version'], 0, '0.1.0\n', ''],
  [
    ['run', '-f', 'lease.yaml'],
    4,
    '',
    'lease.yaml:1:39: error LEASE_NEEDS_PLATFORM: job job-1 mounts the lease ls_abcdefgh, and leased data can only be used through a platform\n' +
      '  1 | jobs: [{command: a, volumes: [{lease: ls_abcdefgh, path: /data}]}]\n' +
      '    |                                       ^^^^^^^^^^^\n' +
      '  hint: Set JUPYTERFLOW_PLATFORM, or `platform:` in ~/.jupyterflow.yaml, or use --platform URL.\n'
  ]
])('jupyterflow %j', async (args, exit, stdout, stderr) => {
  expect(await rig.run(...args)).toEqual({ exit, stdout, stderr });
});

test('validate -o json prints the diagnostics as the API has them', async () => {
  const { exit, stdout, stderr } = await rig.run('validate', '-f', 'bad.yaml', '-o', 'json');
  expect([exit, stderr]).toEqual([3, '']);
  expect(JSON.parse(stdout)).toEqual({
    valid: false,
    diagnostics: [
      {
        id: 'edge-out-of-range',
        severity: 'error',
        message: 'there is no job 9: jobs are numbered from 1 to 2',
        hint: 'Use such a number, or the name of a job.',
        file: 'bad.yaml',
        range: { start: { line: 6, column: 8 }, end: { line: 6, column: 9 } },
        related: []
      }
    ]
  });
});

test.each([
  [['-f', 'latin1.yaml'], { id: 'not-utf8', file: 'latin1.yaml', range: { start: { line: 2, column: 6 } } }],
  [['-c', 'a >> >> b'], { id: 'edge-syntax', file: '-c', range: { start: { line: 1, column: 3 } } }],
  [['-c', ''], { id: 'command-empty', file: '-c', range: { start: { line: 1, column: 1 } } }]
])('validate -o json prints what is wrong with %j', async (args, diagnostic) => {
  const { exit, stdout, stderr } = await rig.run('validate', ...args, '-o', 'json');
  expect([exit, stderr]).toEqual([3, '']);
  expect(JSON.parse(stdout)).toMatchObject({ valid: false, diagnostics: [diagnostic] });
});

test('compile prints the Workflow as YAML and as JSON, run --dry-run the same', async () => {
  const [yaml, json, dry] = await Promise.all([
    rig.run('compile', '-f', 'good.yaml'),
    rig.run('compile', '-f', 'good.yaml', '-o', 'json'),
    rig.run('run', '--dry-run', '-f', 'good.yaml')
  ]);
  const manifest = JSON.parse(json.stdout) as {
    kind: string;
    spec: { templateDefaults: object; templates: { container?: object }[] };
  };
  expect(manifest.kind).toBe('Workflow');
  expect(manifest.spec.templates[1]?.container).toMatchObject({ command: ['echo', 'a'] });
  expect(manifest.spec.templateDefaults).toMatchObject({ container: { workingDir: rig.folder } });
  expect(parse(yaml.stdout)).toEqual(manifest);
  expect(dry).toEqual(yaml);
});

test('schema prints the schema of the file, and how an editor uses it', async () => {
  const { stdout } = await rig.run('schema');
  expect(JSON.parse(stdout)).toEqual(workflowSchema);
  const editor = await rig.run('schema', '--editor');
  expect(editor.stdout).toContain('# yaml-language-server: $schema=.workflow.schema.json\n');
});

test('-c chains commands and wins over -f', async () => {
  const { stdout } = await rig.run('compile', '-f', 'good.yaml', '-c', 'echo "x: y" >> echo {{b}}', '-o', 'json');
  const { spec } = JSON.parse(stdout) as { spec: { templates: { dag?: object; container?: { command: string[] } }[] } };
  expect(spec.templates.map(({ container }) => container?.command)).toEqual([
    undefined,
    ['echo', 'x: y'],
    ['echo', '{$(JUPYTERFLOW_BRACE)b}}']
  ]);
  expect(spec.templates[0]?.dag).toEqual({
    tasks: [
      { name: 'job-1', template: 'job-1' },
      { name: 'job-2', template: 'job-2', dependencies: ['job-1'] }
    ]
  });
});

test('-p gives parameters', async () => {
  const field = 'jsonpath={.spec.arguments.parameters}';
  const printed = async (...flags: readonly string[]): Promise<string> =>
    (await rig.run('run', '--dry-run', '-f', 'params.yaml', '-o', field, ...flags)).stdout;
  expect(await printed('-p', 'x=a=b')).toBe('[{"name":"x","value":"a=b"}]\n');
  expect(await printed('--params', 'values.yaml')).toBe('[{"name":"x","value":"010"}]\n');
  expect(await printed('--params', 'values.yaml', '-p', 'x=2')).toBe('[{"name":"x","value":"2"}]\n');
});

const RULE = {
  id: 'edge-out-of-range',
  shortDescription: { text: 'An edge names a job by a number that there is not.' },
  fullDescription: { text: 'Jobs are numbered from 1 in the order of the file.' },
  help: {
    text: 'Jobs are numbered from 1 in the order of the file.\n\nUse a number of the list, or the name of the job.',
    markdown:
      'Jobs are numbered from 1 in the order of the file.\n\n**How to mend it.** Use a number of the list, or the name of the job.'
  },
  helpUri: 'docs/diagnostics/edge-out-of-range.md',
  defaultConfiguration: { level: 'error' }
};

test('validate -o sarif is a log that code scanning reads', async () => {
  const { exit, stdout } = await rig.run('validate', '-f', 'bad.yaml', '-o', 'sarif');
  expect(exit).toBe(3);
  expect(JSON.parse(stdout)).toEqual({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'jupyterflow', version: '0.1.0', rules: [RULE] } },
        columnKind: 'utf16CodeUnits',
        results: [
          {
            ruleId: 'edge-out-of-range',
            ruleIndex: 0,
            level: 'error',
            message: {
              text: 'there is no job 9: jobs are numbered from 1 to 2\nUse such a number, or the name of a job.'
            },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'bad.yaml' },
                  region: { startLine: 6, startColumn: 8, endLine: 6, endColumn: 9 }
                }
              }
            ]
          }
        ]
      }
    ]
  });
});

const RED = '\u001b[31merror\u001b[0m';

test.each([
  [[], {}, false],
  [['--color', 'always'], {}, true],
  [['--color', 'always'], { NO_COLOR: '1' }, true],
  [[], { FORCE_COLOR: '1' }, true],
  [[], { FORCE_COLOR: '0' }, false],
  [['--color', 'never'], { FORCE_COLOR: '1' }, false]
])('colours with %j and %j: %j', async (flags, env, colored) => {
  const colors = new CommandRig();
  Object.assign(colors.env, env);
  colors.write('bad.yaml', 'jobs: 5\n');
  const { stderr } = await colors.run('validate', '-f', 'bad.yaml', ...flags);
  colors.dispose();
  expect(stderr.includes(RED)).toBe(colored);
});

test('the reader of the output may go away', async () => {
  const child = rig.start('compile', '-f', 'good.yaml');
  child.stdout.destroy();
  expect(await resultOf(child)).toMatchObject({ exit: 0, stderr: '' });
});

describe('the configuration', () => {
  const configure = (text: string): void => writeFileSync(join(rig.home, '.jupyterflow.yaml'), text);
  afterEach(() => configure(''));

  test.each([
    [
      'spec: {}\nplatform: [1\n',
      `\
FILE:2:11: error yaml-syntax: this [ is never closed
  2 | platform: [1
    |           ^
  hint: Write ] at its end, or quote a text that begins with [.
error CONFIG: the configuration FILE has errors
`
    ],
    [
      'platfrom: x\n',
      `\
FILE:1:1: error config-unknown-key: \`platfrom\` is not a key of the configuration
  1 | platfrom: x
    | ^^^^^^^^
  hint: Did you mean \`platform\`?
error CONFIG: the configuration FILE has errors
`
    ],
    [
      'platform: nowhere\n',
      `\
error CONFIG: \`platform\` in FILE is not the URL of a platform: nowhere
  hint: Write it like http://127.0.0.1:8000/services/platform
`
    ]
  ])('a mistake in it is told with its place: %j', async (text, told) => {
    configure(text);
    expect(await rig.run('list')).toEqual({
      exit: 2,
      stdout: '',
      stderr: told.replaceAll('FILE', `${rig.home}/.jupyterflow.yaml`)
    });
  });

  test('config shows each value and where it comes from, and no secret', async () => {
    configure(
      'platform: https://kari:pw@hub.uis.no/p\nnamespace: lab\nspec: {env: [{name: API_KEY, value: x}], image: i}\n'
    );
    const tokens = { JUPYTERFLOW_TOKEN: 'secret-token', JUPYTERFLOW_NAMESPACE: 'other' };
    Object.assign(rig.env, tokens);
    const { exit, stdout } = await rig.run('config', '--local');
    for (const name of Object.keys(tokens)) Reflect.deleteProperty(rig.env, name);
    expect([exit, stdout.replace(/ {2,}/g, '  ')]).toEqual([
      0,
      `\
${rig.home}/.jupyterflow.yaml

SETTING  VALUE  FROM
backend  local  flag --local
platform  https://kari:****@hub.uis.no/p  config platform
token  ****  environment JUPYTERFLOW_TOKEN
namespace  other  environment JUPYTERFLOW_NAMESPACE
argoVersion  4  default
runs  ${rig.folder}/data/jupyterflow/runs  environment XDG_DATA_HOME

JOBS ON A CLUSTER  VALUE  FROM
image  i  config
env.API_KEY  ****  config
`
    ]);
  });

  test('config says when it can not ask the cluster', async () => {
    configure('spec: {image: i}\n');
    const { exit, stdout, stderr } = await rig.run(
      'config',
      '--kube',
      '--context',
      'gone',
      '-o',
      'jsonpath={.jobs[*].what}'
    );
    expect([exit, stdout]).toEqual([0, 'image\n']);
    expect(stderr).toMatch(/^what jobs inherit from the notebook is not known: .+\n$/);
  });

  test('--generate-config writes a file that is right, and never over another one', async () => {
    rig.env['JUPYTERFLOW_CONFIG_FILE'] = join(rig.folder, 'new.yaml');
    const written = await rig.run('config', '--generate-config');
    const again = await rig.run('config', '--generate-config');
    const shown = await rig.run('config', '-o', 'jsonpath={.file.exists}');
    const forced = await rig.run('config', '--generate-config', '--force');
    Reflect.deleteProperty(rig.env, 'JUPYTERFLOW_CONFIG_FILE');
    expect(written).toEqual({ exit: 0, stdout: `${rig.folder}/new.yaml written\n`, stderr: '' });
    expect(again).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error CONFIG_EXISTS: ${rig.folder}/new.yaml is there already\n  hint: Use --force to overwrite it.\n`
    });
    expect([shown, forced.exit]).toEqual([{ exit: 0, stdout: 'true\n', stderr: '' }, 0]);
    expect(statSync(join(rig.folder, 'new.yaml')).mode & 0o777).toBe(0o600);
  });
});
