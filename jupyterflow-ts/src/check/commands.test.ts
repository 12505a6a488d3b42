import { compile } from '../compile.js';
import { diagnose } from '../testing/diagnose.js';

const argv = (text: string, params = {}): readonly string[] | undefined =>
  compile({ text, file: 'w' }, { params }).plan?.jobs[0]?.argv;

test.each([
  ['echo hello', ['echo', 'hello']],
  ['"echo \'good bye\'"', ['echo', 'good bye']],
  ['{command: [a b, "", "{{x}}"]}', ['a b', '', '{{x}}']],
  ['{command: a | b, cmd_mode: shell}', ['/bin/sh', '-c', 'a | b']],
  ['>-\n    echo\n    folded', ['echo', 'folded']],
  ['echo \\ud83d\\ude00', ['echo', 'ud83dude00']],
  ['"echo \\U0001F600"', ['echo', '\u{1F600}']]
])('- %s runs %j', (job, words) => {
  expect(argv(`jobs:\n- ${job}\n`)).toEqual(words);
});

test('a parameter stays one word of a command, and is text for a shell', () => {
  const text = 'params: {x: 1}\njobs:\n- command: echo ${{ params.x }}.txt\n  cmd_mode: MODE\n';
  expect(argv(text.replace('MODE', 'exec'), { x: "a b'c" })).toEqual(['echo', "a b'c.txt"]);
  expect(argv(text.replace('MODE', 'shell'), { x: 'a b' })).toEqual(['/bin/sh', '-c', 'echo a b.txt']);
});

test.each([
  ["- echo 'open", ['2:8-9 error command-quotes: this quote is never closed (Close it, or put a \\ before it.)']],
  ['- "  "', ['2:3-7 error command-empty: the command is empty']],
  ['- "a \\0 b"', ["2:3-11 error command-nul: a command can't contain the character NUL"]],
  ['- {command: ["a\\0"]}', ["2:14-19 error command-nul: a command can't contain the character NUL"]],
  [
    '- echo hello # world',
    [
      "2:3-13 warning command-comment: YAML ends the command before `# world` (If that belongs to the command, quote it: 'echo hello # world')"
    ]
  ],
  [
    '- ls | wc',
    [
      '2:6-7 warning command-operator: `|` is an ordinary word here (Write `cmd_mode: shell` if a shell should read the command.)'
    ]
  ],
  [
    "- echo '|' x",
    ['2:3-13 info command-split: split as a shell does, into 3 words; JupyterFlow 0.0.4 cut at each space, into 3']
  ],
  [
    '- echo "good bye"',
    ['2:3-18 info command-split: split as a shell does, into 2 words; JupyterFlow 0.0.4 cut at each space, into 3']
  ],
  [
    '- |\n  echo a\n  echo b',
    [
      '2:3-5:1 warning command-lines: the lines of this command are read as the words of one command (Write them under `script:`, or put a \\ before the line breaks if it is one.)'
    ]
  ],
  ['- {command: [echo, "a\\nb"]}\n- >-\n  echo a\n  b', []],
  ['- {command: "a | b # c", cmd_mode: shell}', []]
])('%s', (job, diagnostics) => {
  expect(diagnose(`jobs:\n${job}\n`)).toEqual(diagnostics);
});
