import { openMemoryLedger, type Command } from '@jupyterflow/ledger';
import type { Engine, EngineRun } from 'jupyterflow-ts';
import { LeaseWatch } from '../leases/watch.js';
import { createLogger } from '../log.js';
import { ManualClock } from '../testing/clock.js';
import { Supervisor } from './supervisor.js';

test('a run that outlived the platform is stopped at the next start when its lease has ended meanwhile', async () => {
  const clock = new ManualClock(1_800_000_000_000);
  const going: EngineRun = { id: 'run_1', state: 'Running', startedAt: clock.now(), jobs: [] };
  const stopped: string[] = [];
  let end: (run: EngineRun) => void = () => undefined;
  const ended = new Promise<EngineRun>(resolve => (end = resolve));
  const engine = {
    get: () => Promise.resolve(going),
    async *watch() {
      yield going;
      yield await ended;
    },
    stop: (_: string, reason: string) => {
      stopped.push(reason);
      end({ ...going, state: 'Error', reason, finishedAt: clock.now() });
      return Promise.resolve();
    }
  } as unknown as Engine;
  const ledger = openMemoryLedger({ clock: () => clock.now() });
  const watch = new LeaseWatch(ledger, clock);
  const commands: Command[] = [];
  const supervisor = new Supervisor({
    engine,
    watch,
    clock,
    log: createLogger({ write: () => undefined }),
    submit: (_, command) => {
      commands.push(command);
      return Promise.resolve({ ok: true, index: 0, time: 0, events: [] });
    }
  });
  const run = {
    id: 'run_1',
    organization: 'uis',
    user: 'ola',
    leases: ['ls_1'],
    plan: '',
    images: [],
    facts: {},
    state: 'Running',
    startedAt: clock.now()
  } as const;

  await supervisor.resume(run, [{ id: 'ls_1', title: 'Penguins' }]);
  await ended;
  await supervisor.close();
  const reason = 'lease ls_1 of Penguins ended: not active';
  expect(stopped).toEqual([reason]);
  expect(commands).toEqual([{ type: 'run.end', run: 'run_1', state: 'Error', reason }]);
  watch.close();
  await ledger.close();
});
