import fc from 'fast-check';
import { commands } from '../rules/table.js';
import { leaseState } from '../state.js';
import { invariants, recordsOf } from './invariants.js';
import { Play } from './play.js';
import { algorithms, organizations, step, type Step } from './steps.js';

// `scripts/model.mjs --runs 10000 --steps 50` asks for more.
const RUNS = Number(process.env['MODEL_RUNS'] ?? 40);
const STEPS = Number(process.env['MODEL_STEPS'] ?? 40);
const SEED = process.env['MODEL_SEED'];
/** What came of each command, as `type code`. */
const met = new Map<string, number>();

/** What both know, in one shape. */
function seen(play: Play): readonly [ledger: object, model: object] {
  const { replica, model, now, datasets, leases, runs } = play;
  const ledger = {
    organizations: organizations.map(id => {
      const record = replica.record('organization', id);
      return [record?.publicKey, record?.gone ?? 'member'];
    }),
    consortium: [
      replica.record('consortium', 'settings')?.membership,
      replica.record('consortium', 'settings')?.majority,
      replica.record('consortium', 'settings')?.members.map(({ organization }) => organization)
    ],
    datasets: datasets.map(id => {
      const record = replica.record('dataset', id);
      return [record?.owner, record?.version, record?.state === 'retired', record?.fencing];
    }),
    leases: leases.map(id => {
      const record = replica.record('lease', id);
      return record && [leaseState(record, now), record.expiresAt ?? 0, record.fencing, record.renewals];
    }),
    runs: runs.map(id => {
      const record = replica.record('run', id);
      return [record?.state !== 'Running', (record?.results ?? []).map(({ owner, state }) => [owner, state])];
    }),
    approvals: algorithms.map(digest =>
      (replica.record('algorithm', digest)?.approvals ?? []).map(({ organization }) => organization).sort()
    )
  };
  const expected = {
    organizations: organizations.map(id => {
      const one = model.organizations.get(id);
      return [one?.publicKey, one?.state];
    }),
    consortium: [model.membership, model.majority, model.members()],
    datasets: datasets.map(id => {
      const one = model.datasets.get(id);
      return [one?.owner, one?.version, one?.retired, one?.fencing];
    }),
    leases: leases.map(id => {
      const one = model.leases.get(id);
      return one && [model.stateOf(one, now), one.until, one.fencing, one.renewals];
    }),
    runs: runs.map(id => {
      const one = model.runs.get(id);
      return [one?.ended, [...(one?.holds ?? [])]];
    }),
    approvals: algorithms.map(digest => organizations.filter(id => model.approvals.has(`${digest} ${id}`)).sort())
  };
  return [ledger, expected];
}

/** What happens besides the commands: a crash, or a command that is given again. */
function mishap(play: Play, { mishap: what, by }: Step): void {
  if (what === 'crash') {
    const state = play.replica.digest();
    const entries = JSON.stringify(play.replica.entries);
    play.restart(true);
    expect(play.replica.digest()).toBe(state);
    expect(JSON.stringify(play.replica.entries)).toBe(entries);
  }
  const before = what === 'again' ? play.accepted.at(-1 - by) : undefined;
  if (before !== undefined) {
    const { size } = play.replica;
    expect(play.submit(before.signed)).toEqual(before.receipt);
    expect(play.replica.size).toBe(size);
  }
}

function act(play: Play, one: Step): void {
  mishap(play, one);
  const before = recordsOf(play);
  const taken = play.take(one);
  const { answer, command, expected } = taken;
  const outcome = answer.ok ? 'ok' : answer.code;
  met.set(`${command.type} ${outcome}`, (met.get(`${command.type} ${outcome}`) ?? 0) + 1);
  if (outcome !== expected) {
    throw new Error(`the ledger answers ${outcome}, the model ${expected}, to ${JSON.stringify(command)}`);
  }
  const row: readonly string[] = commands[command.type].events;
  if (answer.ok && !answer.events.every(({ type }) => row.includes(type))) {
    throw new Error(`${command.type} has events that its row does not name`);
  }
  const [ledger, model] = seen(play);
  if (JSON.stringify(ledger) !== JSON.stringify(model)) {
    expect(ledger).toEqual(model);
  }
  for (const [name, check] of Object.entries(invariants)) {
    try {
      check(play, taken, before);
    } catch (cause) {
      throw new Error(`after ${command.type} it does not hold that ${name}`, { cause });
    }
  }
}

test(`whatever three organizations do, crashes and clocks included, the ledger does what its model does`, () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: STEPS, maxLength: STEPS, size: 'max' }), steps => {
      const play = new Play();
      steps.forEach(one => act(play, one));
      const state = play.replica.digest();
      play.restart(false);
      expect(play.replica.digest()).toBe(state);
    }),
    { numRuns: RUNS, ...(SEED !== undefined && { seed: Number(SEED) }) }
  );
  if (process.env['MODEL_REPORT'] !== undefined) {
    const rows = Object.entries(commands).flatMap(([type, { refusals }]) =>
      ['ok', ...refusals].map(code => [`${type} ${code}`, met.get(`${type} ${code}`) ?? 0] as const)
    );
    process.stderr.write(`${rows.map(([what, count]) => `${String(count).padStart(8)} ${what}`).join('\n')}\n`);
  }
}, 3_600_000);
