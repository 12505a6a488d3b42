import assert from 'node:assert/strict';
import type { Command, Motion } from './commands.js';
import { entryHash } from './entry.js';
import type { Entry, Ledger, Receipt, Refusal } from './ledger.js';
import { rootOfProof } from './merkle/inclusion.js';
import { parseVerifier } from './note/signed-note.js';
import { checkProof } from './proof/check.js';
import { exclusive, Party } from './scenario.js';

/** What every driver of the {@link Ledger} port must do, for any test runner: a behaviour holds when `check` resolves. */
export interface Behaviour {
  readonly title: string;
  /** @param open - opens a new, empty ledger with this clock (ms since 1970) */
  readonly check: (open: (clock: () => number) => Promise<Ledger>) => Promise<void>;
}

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

interface Stage {
  readonly ledger: Ledger;
  readonly owner: Party;
  readonly holder: Party;
  readonly clock: { now: number };
}

/** Two organizations, and a dataset `d` of the first. */
async function onStage(
  open: (clock: () => number) => Promise<Ledger>,
  act: (stage: Stage) => Promise<void>
): Promise<void> {
  const clock = { now: START };
  const ledger = await open(() => clock.now);
  const owner = new Party('uis', 'ola');
  const holder = new Party('uio', 'kari');
  try {
    for (const command of [owner.joins(START), holder.joins(START), owner.publishes('d', START)]) {
      accepted(await ledger.submit(command));
    }
    await act({ ledger, owner, holder, clock });
  } finally {
    await ledger.close();
  }
}

function accepted(answer: Receipt | Refusal): Receipt {
  assert.ok(answer.ok, answer.ok ? '' : answer.message);
  return answer;
}

function refused(answer: Receipt | Refusal): Refusal {
  assert.ok(!answer.ok, 'the command should have been refused');
  return answer;
}

async function all(ledger: Ledger, from?: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of ledger.entries(from)) {
    entries.push(entry);
  }
  return entries;
}

const request = (lease: string, duration = HOUR) =>
  ({ type: 'lease.request', lease, dataset: 'd', purpose: 'research', duration }) as const;

export const conformance: readonly Behaviour[] = [
  {
    title: 'answers a command with its index, its time and its events, and shows what it changed',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const receipt = accepted(await ledger.submit(holder.signs(request('l'), START)));
        assert.equal(receipt.index, 3);
        assert.equal(receipt.time, START);
        assert.deepEqual(
          receipt.events.map(({ type }) => type),
          ['lease.requested', 'lease.granted']
        );
        const lease = await ledger.lease('l');
        assert.equal(lease?.state, 'active');
        assert.equal(lease.expiresAt, START + HOUR);
        assert.deepEqual((await ledger.dataset('d'))?.leases, ['l']);
        assert.equal((await ledger.organization('uio'))?.publicKey, holder.keys.publicKey);
        assert.equal(await ledger.run('r'), undefined);
      })
  },
  {
    title: 'keeps nothing of a refused command',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const refusal = refused(await ledger.submit(holder.signs(request('l', 2 * HOUR), START)));
        assert.equal(refusal.code, 'POLICY');
        assert.equal(await ledger.lease('l'), undefined);
        assert.equal((await all(ledger)).length, 3);
      })
  },
  {
    title: 'gives the same receipt for the same command, for ever',
    check: open =>
      onStage(open, async ({ ledger, holder, clock }) => {
        const command = holder.signs(request('l'), START);
        const first = accepted(await ledger.submit(command));
        clock.now += 1000 * HOUR;
        assert.deepEqual(await ledger.submit(command), first);
        assert.equal((await all(ledger)).length, 4);
      })
  },
  {
    title: 'gives one receipt for the same command submitted at once',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const command = holder.signs(request('l'), START);
        const [first, second] = await Promise.all([ledger.submit(command), ledger.submit(command)]);
        assert.deepEqual(accepted(second), accepted(first));
        assert.equal((await all(ledger)).length, 4);
      })
  },
  {
    title: 'refuses an id that was used for another command',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        accepted(await ledger.submit(holder.signs(request('l'), START, 'once')));
        const refusal = refused(await ledger.submit(holder.signs(request('m'), START, 'once')));
        assert.equal(refusal.code, 'ID_REUSED');
      })
  },
  {
    title: 'refuses what the organization did not sign',
    check: open =>
      onStage(open, async ({ ledger, owner, holder }) => {
        const stranger = new Party('uio', 'kari');
        assert.equal(refused(await ledger.submit(stranger.signs(request('l'), START))).code, 'BAD_SIGNATURE');
        const { envelope, signature } = holder.signs(request('l'), START);
        const altered = { envelope: { ...envelope, user: 'per' }, signature };
        assert.equal(refused(await ledger.submit(altered)).code, 'BAD_SIGNATURE');
        const others = { envelope, signature: owner.signs(request('l'), START, envelope.id).signature };
        assert.equal(refused(await ledger.submit(others)).code, 'BAD_SIGNATURE');
      })
  },
  {
    title: 'refuses an organization that has not joined',
    check: open =>
      onStage(open, async ({ ledger }) => {
        const answer = await ledger.submit(new Party('ntnu', 'eva').signs(request('l'), START));
        assert.equal(refused(answer).code, 'UNKNOWN_ORGANIZATION');
      })
  },
  {
    title: 'grants an exclusive dataset to one of many who ask at once, and tells the others who has it',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const people = Array.from({ length: 16 }, (_, n) => holder.colleague(`person-${n}`));
        const answers = await Promise.all(
          people.map((person, n) => ledger.submit(person.signs(request(`l${n}`), START)))
        );
        assert.equal(answers.filter(answer => answer.ok).length, 1);
        for (const answer of answers.filter(({ ok }) => !ok)) {
          const { code, holder: by } = refused(answer);
          assert.deepEqual({ code, by }, { code: 'LEASED', by: { organization: 'uio', until: START + HOUR } });
        }
      })
  },
  {
    title: 'lets a lease expire by time alone',
    check: open =>
      onStage(open, async ({ ledger, owner, holder, clock }) => {
        accepted(await ledger.submit(holder.signs(request('l'), START)));
        clock.now += HOUR - 1;
        assert.equal(refused(await ledger.submit(owner.signs(request('m'), clock.now))).code, 'LEASED');
        clock.now += 1;
        const granted = accepted(await ledger.submit(owner.signs(request('m'), clock.now)));
        assert.equal(granted.events.at(-1)?.type, 'lease.granted');
        assert.deepEqual((await ledger.dataset('d'))?.leases, ['m']);
      })
  },
  {
    title: 'never turns its clock back',
    check: open =>
      onStage(open, async ({ ledger, holder, clock }) => {
        clock.now -= 20_000;
        assert.equal(accepted(await ledger.submit(holder.signs(request('l'), clock.now))).time, START);
      })
  },
  {
    title: 'gives its entries in order, from any index to the present end',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const command = holder.signs(request('l'), START);
        const { index, time, events } = accepted(await ledger.submit(command));
        const entries = await all(ledger);
        assert.deepEqual(
          entries.map(entry => entry.index),
          [0, 1, 2, 3]
        );
        assert.deepEqual(await all(ledger, 3), [{ index, time, events, signed: command }]);
        assert.deepEqual(await all(ledger, 4), []);
      })
  },
  {
    title: 'tells its subscribers of each entry once, in order, after it can be read',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const told: number[] = [];
        const states: Promise<string | undefined>[] = [];
        const end = ledger.subscribe(entry => {
          told.push(entry.index);
          states.push(ledger.lease('l').then(lease => lease?.state));
        });
        accepted(await ledger.submit(holder.signs(request('l'), START)));
        accepted(await ledger.submit(holder.signs({ type: 'lease.release', lease: 'l' }, START)));
        end();
        accepted(await ledger.submit(holder.signs(request('m'), START)));
        assert.deepEqual(told, [3, 4]);
        assert.deepEqual(await Promise.all(states), ['active', 'released']);
      })
  },
  {
    title: 'proves that each entry is in the tree of its checkpoint',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        accepted(await ledger.submit(holder.signs(request('l'), START)));
        accepted(await ledger.submit(holder.signs({ type: 'lease.release', lease: 'l' }, START)));
        const [, size, root] = (await ledger.checkpoint()).split('\n');
        assert.equal(size, '5');
        for (const entry of await all(ledger)) {
          const proof = await ledger.proof(entry.index);
          assert.equal(rootOfProof(entryHash(entry), proof)?.toString('base64'), root);
        }
        await assert.rejects(ledger.proof(5), { code: 'NOT_FOUND' });
      })
  },
  {
    title: 'proves a lease to somebody who has the keys and nothing else',
    check: open =>
      onStage(open, async ({ ledger, owner, holder }) => {
        accepted(await ledger.submit(holder.signs(request('l'), START)));
        accepted(await ledger.submit(owner.publishes('e', START)));
        const bundle = await ledger.prove('l');
        assert.ok(bundle !== undefined);
        assert.deepEqual(
          bundle.entries.map(({ entry }) => entry.index),
          [0, 1, 2, 3]
        );
        const organizations = new Map([owner, holder].map(({ organization, keys }) => [organization, keys.publicKey]));
        const result = checkProof(bundle, { organizations, log: parseVerifier(bundle.log) });
        assert.deepEqual(result.ok ? result.story.lease : result.problem, await ledger.lease('l'));
        assert.equal(await ledger.prove('m'), undefined);
      })
  },
  {
    title: 'takes what is committed for final while no organization has a witness',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        const { index } = accepted(await ledger.submit(holder.signs(request('l'), START)));
        assert.deepEqual(await ledger.finality(index), { index, final: true, witnesses: [], needed: 0 });
        assert.equal((await ledger.final(index, 60_000)).final, true);
        assert.equal((await ledger.finality(index + 1)).final, false);
        assert.deepEqual(ledger.witnesses(), []);
      })
  },
  {
    title: 'tells its state',
    check: open =>
      onStage(open, async ({ ledger }) => {
        assert.deepEqual(ledger.state(), { state: 'serving' });
        await ledger.close();
        assert.deepEqual(ledger.state(), { state: 'closed' });
      })
  },
  {
    title: 'takes a new key of an organization from the next command on',
    check: open =>
      onStage(open, async ({ ledger, owner }) => {
        const { party, signed } = owner.rotates(START);
        accepted(await ledger.submit(signed));
        assert.equal((await ledger.organization('uis'))?.publicKey, party.keys.publicKey);
        assert.equal(refused(await ledger.submit(owner.publishes('e', START))).code, 'BAD_SIGNATURE');
        accepted(await ledger.submit(party.publishes('e', START)));
        const { publicKey } = new Party('uis', 'ola').keys;
        const { envelope } = party.rotates(START).signed;
        const stolen = party.signs({ ...envelope.command, publicKey } as Command, START);
        assert.equal(refused(await ledger.submit(stolen)).code, 'BAD_SIGNATURE');
      })
  },
  {
    title: 'closes by the votes of its members, admits by them, and lets go who leaves',
    check: open =>
      onStage(open, async ({ ledger, owner, holder }) => {
        const vote = async (motion: Motion) => {
          for (const party of [owner, holder]) {
            accepted(await ledger.submit(party.signs({ type: 'consortium.vote', motion }, START)));
          }
        };
        const late = new Party('ntnu', 'eva');
        await vote({ type: 'configure', membership: 'closed', majority: 'all' });
        assert.equal(refused(await ledger.submit(late.joins(START))).code, 'NOT_ADMITTED');
        await vote({ type: 'admit', organization: 'ntnu', publicKey: late.keys.publicKey });
        accepted(await ledger.submit(late.joins(START)));
        accepted(await ledger.submit(late.signs({ type: 'organization.leave' }, START)));
        assert.equal(refused(await ledger.submit(late.publishes('e', START))).code, 'NOT_MEMBER');
        const { membership, members } = (await ledger.record('consortium', 'settings')) ?? {};
        assert.deepEqual([membership, members?.map(({ organization }) => organization)], ['closed', ['uis', 'uio']]);
      })
  },
  {
    title: 'starts a run only with what the policy allows, and keeps whose results wait',
    check: open =>
      onStage(open, async ({ ledger, owner, holder }) => {
        const algorithm = 'a1'.repeat(32);
        const policy = { mode: 'compute', algorithms: 'reviewed', resultRelease: 'owner' } as const;
        const start = (run: string) =>
          holder.signs(
            {
              type: 'run.start',
              run,
              leases: ['m'],
              plan: 'cd'.repeat(32),
              images: [],
              facts: {},
              uses: [{ lease: 'm', algorithm }],
              site: 'local',
              egress: []
            },
            START
          );
        accepted(await ledger.submit(owner.publishes('e', START, policy)));
        accepted(await ledger.submit(holder.signs({ ...request('m'), dataset: 'e' }, START)));
        const { code, check, lease } = refused(await ledger.submit(start('r')));
        assert.deepEqual({ code, check, lease }, { code: 'POLICY', check: 'algorithms', lease: 'm' });
        accepted(await ledger.submit(owner.signs({ type: 'algorithm.approve', algorithm }, START)));
        accepted(await ledger.submit(start('r')));
        accepted(await ledger.submit(owner.signs({ type: 'algorithm.withdraw', algorithm }, START)));
        assert.equal(refused(await ledger.submit(start('s'))).check, 'algorithms');
        accepted(await ledger.submit(holder.signs({ type: 'run.end', run: 'r', state: 'Succeeded' }, START)));
        const states: unknown[] = [(await ledger.run('r'))?.results];
        accepted(await ledger.submit(owner.signs({ type: 'result.refuse', run: 'r' }, START)));
        accepted(await ledger.submit(owner.signs({ type: 'result.release', run: 'r' }, START)));
        states.push((await ledger.run('r'))?.results);
        const hold = { owner: 'uis', datasets: ['e'] };
        assert.deepEqual(states, [
          [{ ...hold, state: 'held' }],
          [{ ...hold, state: 'released', decidedAt: START, user: 'ola' }]
        ]);
        assert.deepEqual((await ledger.record('algorithm', algorithm))?.approvals, []);
      })
  },
  {
    title: 'does not let its records be changed by those who read them',
    check: open =>
      onStage(open, async ({ ledger }) => {
        const dataset = await ledger.dataset('d');
        assert.throws(() => Object.assign(dataset?.policy ?? {}, { ...exclusive, concurrency: 9 }), TypeError);
      })
  },
  {
    title: 'accepts nothing after it is closed',
    check: open =>
      onStage(open, async ({ ledger, holder }) => {
        await ledger.close();
        await assert.rejects(ledger.submit(holder.signs(request('l'), START)), { code: 'CLOSED' });
      })
  }
];
