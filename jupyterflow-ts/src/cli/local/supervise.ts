import { EngineError, type Home } from '../../engines/engine.js';
import { openLocalEngine } from '../../engines/local/index.js';
import { identify } from '../../engines/local/processes.js';
import type { Plan } from '../../plan/plan.js';
import { pythonPrefixes } from './prefixes.js';
import { RunStore, type About } from './store.js';

/** What the command hands to the process that carries its run out, on stdin. */
export interface Order {
  readonly about: Omit<About, 'supervisor'>;
  readonly plan: Plan;
  readonly home: Home;
  readonly sandbox: 'bubblewrap' | 'none';
}

/** The one line that process answers on stdout. */
export type Answer =
  { readonly accepted: true } | { readonly accepted: false; readonly code: string; readonly message: string };

/** Carries one run out, from its acceptance to its end; SIGTERM stops it. */
export async function supervise(): Promise<void> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  const answer = await carryOut(JSON.parse(text) as Order);
  process.stdout.end(`${JSON.stringify(answer)}\n`);
}

async function carryOut({ about, plan, home, sandbox }: Order): Promise<Answer> {
  const { id } = about;
  const store = new RunStore();
  const supervisor = await identify(process.pid);
  if (supervisor === undefined) return { accepted: false, code: 'ENGINE_UNAVAILABLE', message: '/proc is not mounted' };
  try {
    const engine = await openLocalEngine({
      folder: store.engineFolder(id),
      sandbox,
      readOnly: await pythonPrefixes(process.env['PATH'] ?? ''),
      env: inheritedEnvironment()
    });
    await store.writeAbout({ ...about, supervisor });
    const mounts = new Map(plan.jobs.map(job => [job.name, []]));
    process.on('SIGTERM', () => void engine.stop(id, 'stopped by the user'));
    await engine.submit({ id, plan, home, mounts }).catch(async (error: unknown) => {
      await engine.close('refused');
      throw error;
    });
    void untilOver(engine.watch(id)).then(() => engine.close('the run is over'));
    return { accepted: true };
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 'ENGINE_UNAVAILABLE';
    return { accepted: false, code, message: error instanceof Error ? error.message : String(error) };
  }
}

async function untilOver(changes: AsyncIterable<unknown>): Promise<void> {
  const iterator = changes[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

/** A job gets what programs need to work, and none of the caller's tokens. */
function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'VIRTUAL_ENV', 'CONDA_PREFIX'];
  return Object.fromEntries(
    names.flatMap(name => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    })
  );
}
