import assert from 'node:assert/strict';
import type { PlanCondition } from '../../plan/plan.js';
import { outcome, output, phases, planOf, statusIs, type ConformanceCase } from './case.js';

const SCORE = output('train', 'score');

/** Whether a job begins after one that left the score 0.95. */
async function begins(context: Parameters<ConformanceCase['run']>[0], when: PlanCondition): Promise<string> {
  const run = await outcome(
    context,
    planOf([
      { name: 'train', sh: 'echo 0.95 > score', outputs: { score: 'score' } },
      { name: 'deploy', dependsOn: ['train'], when }
    ])
  );
  return `${run.state}: ${phases(run)}`;
}

/** When a job begins. */
export const conditions: readonly ConformanceCase[] = [
  {
    name: 'a job whose condition is false is Skipped, which counts as done for its children',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'a', when: { kind: '==', left: 1, right: 2 }, sh: 'touch ran' },
          { name: 'b', dependsOn: ['a'] }
        ])
      );
      assert.equal(run.state, 'Succeeded');
      assert.equal(phases(run), 'a Skipped, b Succeeded');
      assert.equal(run.jobs[0]?.attempts, 0);
      assert.equal(await context.read('ran'), undefined);
    }
  },
  {
    name: 'numbers are compared as numbers, other values as texts',
    async run(context) {
      const began = 'Succeeded: train Succeeded, deploy Succeeded';
      const skipped = 'Succeeded: train Succeeded, deploy Skipped';
      assert.equal(await begins(context, { kind: '>', left: SCORE, right: 0.9 }), began);
      assert.equal(await begins(context, { kind: '>', left: SCORE, right: '0.100' }), began);
      assert.equal(await begins(context, { kind: '<=', left: SCORE, right: 0.9 }), skipped);
      assert.equal(await begins(context, { kind: '==', left: SCORE, right: '0.95' }), began);
      assert.equal(await begins(context, { kind: '!=', left: 'abc', right: 'abd' }), began);
    }
  },
  {
    name: 'comparisons are joined by all, any and not',
    async run(context) {
      const yes: PlanCondition = { kind: '<', left: 1, right: 2 };
      const no: PlanCondition = { kind: 'not', of: yes };
      const began = 'Succeeded: train Succeeded, deploy Succeeded';
      assert.equal(await begins(context, { kind: 'all', of: [yes, { kind: 'any', of: [no, yes] }] }), began);
      assert.match(await begins(context, { kind: 'any', of: [no, { kind: 'all', of: [yes, no] }] }), /deploy Skipped/);
    }
  },
  {
    name: 'a job that asks for the status of a failed one begins, and a run whose leaves Succeeded did',
    async run(context) {
      const run = await outcome(
        context,
        planOf(
          [
            { name: 'work', sh: 'exit 1' },
            { name: 'rescue', dependsOn: ['work'], when: statusIs('work', 'Failed') }
          ],
          { failFast: false }
        )
      );
      assert.equal(phases(run), 'work Failed, rescue Succeeded');
      assert.equal(run.state, 'Succeeded');
    }
  },
  {
    name: 'failFast does not hold up a job that asks for a status',
    async run(context) {
      const run = await outcome(
        context,
        planOf([
          { name: 'work', sh: 'exit 1' },
          { name: 'rescue', dependsOn: ['work'], when: statusIs('work', 'Failed') },
          { name: 'cheer', dependsOn: ['work'], when: statusIs('work', 'Succeeded') }
        ])
      );
      assert.equal(phases(run), 'work Failed, rescue Succeeded, cheer Skipped');
      assert.equal(run.state, 'Failed');
    }
  }
];
