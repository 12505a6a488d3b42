import assert from 'node:assert/strict';
import { logOf, outcome, output, phases, planOf, statusIs, type ConformanceCase } from './case.js';

/** What jobs leave to others: outputs, and lists that others go over. */
export const values: readonly ConformanceCase[] = [
  {
    name: 'an output reaches arguments, environment and script without its last line break',
    async run(context) {
      const score = output('a', 'score');
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: 'printf "it\'s 1\\n\\n" > score.txt', outputs: { score: 'score.txt' } },
          { name: 'argument', argv: ['printf', '<%s>', ['of a: ', score]], dependsOn: ['a'] },
          {
            name: 'variable',
            sh: 'printf "<%s>" "$SCORE"',
            env: [{ name: 'SCORE', value: [score] }],
            dependsOn: ['a']
          },
          { name: 'script', argv: ['/bin/sh'], script: ['printf "<%s>" "', score, '"'], dependsOn: ['a'] }
        ])
      );
      assert.equal(run.state, 'Succeeded');
      assert.deepEqual(run.jobs[0]?.outputs, { score: "it's 1\n" });
      assert.equal(await logOf(context.engine, run.id, 'argument'), "<of a: it's 1\n>");
      assert.equal(await logOf(context.engine, run.id, 'variable'), "<it's 1\n>");
      assert.equal(await logOf(context.engine, run.id, 'script'), "<it's 1\n>");
    }
  },
  {
    name: 'a job that leaves no output, or a longer one than 256 KiB, is an Error and says which one',
    async run(context) {
      for (const sh of ['true', 'head -c 262145 /dev/zero | tr "\\0" x > score.txt']) {
        const run = await outcome(context, planOf([{ name: 'a', sh, outputs: { score: 'score.txt' } }]));
        assert.deepEqual([run.state, run.jobs[0]?.phase, run.jobs[0]?.exitCode], ['Error', 'Error', 0]);
        assert.match(run.jobs[0]?.reason ?? '', /score/);
        assert.equal(run.jobs[0]?.outputs, undefined);
      }
    }
  },
  {
    name: 'an output of the longest length is kept, with a carriage return before its last line break',
    async run(context) {
      const sh = 'head -c 262143 /dev/zero | tr "\\0" x > score.txt; printf "\\r\\n" >> score.txt';
      const run = await outcome(context, planOf([{ name: 'a', sh, outputs: { score: 'score.txt' } }]));
      assert.deepEqual([run.state, run.jobs[0]?.outputs], ['Succeeded', { score: `${'x'.repeat(262_143)}\r` }]);
    }
  },
  {
    name: 'an output that is no text in UTF-8 is an Error',
    async run(context) {
      const sh = 'printf "\\377" > score.txt';
      const run = await outcome(context, planOf([{ name: 'a', sh, outputs: { score: 'score.txt' } }]));
      assert.deepEqual([run.state, run.jobs[0]?.phase], ['Error', 'Error']);
    }
  },
  {
    name: 'a parameter reaches arguments, environment and script as it is',
    async run(context) {
      const value = 'it\'s "1" \\ \\n \n\t$(HOME) $$ $HOME {x} {"k": {}} ünï \u2028 😀';
      const param = { kind: 'param', name: 'a-b', value } as const;
      const run = await outcome(
        context,
        planOf(
          [
            { name: 'argument', argv: ['printf', '<%s>', ['{$', param, '{$']] },
            { name: 'variable', sh: 'printf "<%s>" "$P"', env: [{ name: 'P', value: [param] }] },
            { name: 'script', argv: ['cat'], script: ['<', param, '>'] }
          ],
          { arguments: [{ name: 'a-b', value }] }
        )
      );
      assert.equal(await logOf(context.engine, run.id, 'argument'), `<{$${value}{$>`);
      assert.equal(await logOf(context.engine, run.id, 'variable'), `<${value}>`);
      assert.equal(await logOf(context.engine, run.id, 'script'), `<${value}>`);
    }
  },
  {
    name: 'the output of a job that was Skipped is the empty text, and foreach over it goes over nothing',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'a', when: { kind: '==', left: 1, right: 2 }, outputs: { o: 'o.txt' } },
          { name: 'b', argv: ['echo', ['[', output('a', 'o'), ']']], dependsOn: ['a'] },
          { name: 'c', when: { kind: '==', left: output('a', 'o'), right: '' }, dependsOn: ['a'] },
          { name: 'x', foreach: output('a', 'o'), dependsOn: ['a'] },
          { name: 'y', dependsOn: ['x'] }
        ])
      );
      assert.equal(
        `${run.state}: ${phases(run)}`,
        'Succeeded: a Skipped, b Succeeded, c Succeeded, x Skipped, y Succeeded'
      );
      assert.equal(await logOf(context.engine, run.id, 'b'), '[]\n');
    }
  },
  {
    name: 'the output of a job that failed is the empty text, whatever it wrote',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'a', sh: 'echo half > o; exit 1', outputs: { o: 'o' } },
          {
            name: 'b',
            argv: ['echo', ['[', output('a', 'o'), '] ', { kind: 'status', job: 'a' }]],
            dependsOn: ['a'],
            when: statusIs('a', 'Failed')
          }
        ])
      );
      assert.equal(phases(run), 'a Failed, b Succeeded');
      assert.equal(await logOf(context.engine, run.id, 'b'), '[] Failed\n');
    }
  },
  {
    name: 'the list of the outputs of a group leaves out the jobs that were Skipped',
    async run(context) {
      const of = (index: number) => ({
        name: `x-${index}`,
        group: 'x',
        sh: `echo n${index} > out-${index}`,
        outputs: { n: `out-${index}` },
        ...(index === 1 ? { when: { kind: '==', left: 1, right: 2 } as const } : {})
      });
      const run = await outcome(
        context,
        planOf([of(0), of(1), of(2), { name: 'y', argv: ['echo', [output('x', 'n')]], dependsOn: ['x'] }])
      );
      assert.equal(phases(run), 'x-0 Succeeded, x-1 Skipped, x-2 Succeeded, y Succeeded');
      assert.equal(await logOf(context.engine, run.id, 'y'), '["n0","n2"]\n');
    }
  },
  {
    name: 'the status of a job and of a group is a text too',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'x-0', group: 'x' },
          { name: 'x-1', group: 'x', when: { kind: '==', left: 1, right: 2 } },
          {
            name: 'y',
            argv: ['echo', [{ kind: 'status', job: 'x-1' }, ' ', { kind: 'status', job: 'x' }]],
            dependsOn: ['x-1', 'x']
          }
        ])
      );
      assert.equal(await logOf(context.engine, run.id, 'y'), 'Skipped Succeeded\n');
    }
  },
  {
    name: 'the output of a group is a JSON list in the order of its jobs',
    async run(context) {
      const of = (index: number) => ({
        name: `x-${index}`,
        group: 'x',
        sh: `echo "n${index}" > out-${index}`,
        outputs: { n: `out-${index}` }
      });
      const run = await outcome(
        context,
        planOf([of(0), of(1), { name: 'y', argv: ['echo', [output('x', 'n')]], dependsOn: ['x'] }])
      );
      assert.equal(await logOf(context.engine, run.id, 'y'), '["n0","n1"]\n');
      assert.equal(run.jobs[0]?.group, 'x');
    }
  },
  {
    name: 'foreach makes a job of each item of a list, and what depends on it waits for all',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'list', sh: `echo '["one", 2, {"k": "three"}]' > list.json`, outputs: { of: 'list.json' } },
          {
            name: 'x',
            foreach: output('list', 'of'),
            dependsOn: ['list'],
            argv: ['/bin/sh', '-c', 'printf %s "$0" > "$JUPYTERFLOW_JOB.txt"', [{ kind: 'item' }]],
            outputs: {}
          },
          { name: 'y', sh: 'cat x-0.txt x-1.txt x-2.txt', dependsOn: ['x'] }
        ])
      );
      assert.equal(phases(run), 'list Succeeded, x-0 Succeeded, x-1 Succeeded, x-2 Succeeded, y Succeeded');
      assert.deepEqual(
        run.jobs.map(job => job.group),
        [undefined, 'x', 'x', 'x', undefined]
      );
      assert.equal(await logOf(context.engine, run.id, 'y'), 'one2{"k":"three"}');
    }
  },
  {
    name: 'a key of an item is a value too',
    async run(context) {
      const item = (key: string) => ({ kind: 'item', key }) as const;
      const run = await outcome(
        context,
        planOf([
          { name: 'list', sh: `echo '[{"of": "a", "n": 1}, {"of": "b", "n": 2}]' > list`, outputs: { all: 'list' } },
          {
            name: 'x',
            foreach: output('list', 'all'),
            dependsOn: ['list'],
            when: { kind: '>', left: item('n'), right: 1 },
            argv: ['echo', [item('of'), '=', item('n')]]
          }
        ])
      );
      assert.equal(phases(run), 'list Succeeded, x-0 Skipped, x-1 Succeeded');
      assert.equal(await logOf(context.engine, run.id, 'x-1'), 'b=2\n');
    }
  },
  {
    name: 'foreach over an empty list is Skipped',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'list', sh: 'echo [] > list', outputs: { all: 'list' } },
          { name: 'x', foreach: output('list', 'all'), dependsOn: ['list'] },
          { name: 'y', dependsOn: ['x'], when: statusIs('x', 'Skipped') }
        ])
      );
      assert.equal(`${run.state}: ${phases(run)}`, 'Succeeded: list Succeeded, x Skipped, y Succeeded');
    }
  },
  {
    name: 'foreach over what is no list is an Error',
    async run(context) {
      for (const text of ['one', '{}', '{"a": 1}', '"ab"', 'null', '']) {
        const run = await outcome(
          context,
          planOf([
            { name: 'list', argv: ['/bin/sh', '-c', 'echo "$0" > list', text], outputs: { all: 'list' } },
            { name: 'x', foreach: output('list', 'all'), dependsOn: ['list'], argv: ['echo', [{ kind: 'item' }]] },
            { name: 'y', dependsOn: ['x'] }
          ])
        );
        assert.equal(`${run.state}: ${phases(run)}`, 'Error: list Succeeded, x Error, y Omitted', text);
        assert.match(run.jobs[1]?.reason ?? '', /no JSON list/);
      }
    }
  }
];
