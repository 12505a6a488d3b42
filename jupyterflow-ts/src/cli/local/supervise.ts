import { EngineError, type EnginePlace, type Home, type Submission } from '../../engines/engine.js';
import { openLocalEngine } from '../../engines/local/index.js';
import { identify } from '../../engines/local/processes.js';
import type { Plan } from '../../plan/plan.js';
import type { SubmitRequest } from '../backend.js';
import { cacheFolder, CACHE_SCOPE, inheritedEnvironment } from './environment.js';
import { pythonPrefixes } from './prefixes.js';
import { localSecrets } from './secrets.js';
import { RunStore, type About } from './store.js';

/** How runs are carried out, as long as nothing else is said for a run. */
export interface LocalSettings {
  readonly sandbox: 'bubblewrap' | 'none';
  /** Jobs at once. Default: the number of processors. */
  readonly slots?: number;
  /** Processors that jobs at once may ask for. */
  readonly cpu?: number;
  /** Bytes of memory that jobs at once may ask for. */
  readonly memory?: number;
}

/** What carries a run out needs to know, also when it is gone on with. Kept with the run. */
export interface Order {
  readonly about: Omit<About, 'supervisor'>;
  readonly plan: Plan;
  readonly home: Home;
  readonly settings: LocalSettings;
  /** What the plan was made of. Absent in runs of an older release. */
  readonly made?: Pick<SubmitRequest, 'source' | 'params' | 'name' | 'select'>;
}

/** What the command hands to the process that carries its run out, on stdin. */
export interface Task {
  readonly order: Order;
  /** The run goes on, with these jobs again. Absent: it is a new one. */
  readonly from?: readonly string[];
}

/** The one line that process answers on stdout. */
export type Answer =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly code: string; readonly message: string; readonly place?: EnginePlace };

/** Carries one run out, from its acceptance to its end; SIGTERM stops it. */
export async function supervise(): Promise<void> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  const answer = await carryOut(JSON.parse(text) as Task);
  process.stdout.end(`${JSON.stringify(answer)}\n`);
}

async function carryOut({ order, from }: Task): Promise<Answer> {
  const { about, plan, home, settings } = order;
  const { id } = about;
  const store = new RunStore();
  const supervisor = await identify(process.pid);
  if (supervisor === undefined) return { accepted: false, code: 'ENGINE_UNAVAILABLE', message: '/proc is not mounted' };
  try {
    const engine = await openLocalEngine({
      folder: store.engineFolder(id),
      ...settings,
      readOnly: await pythonPrefixes(process.env['PATH'] ?? ''),
      env: inheritedEnvironment(),
      cache: cacheFolder()
    });
    await store.writeOrder(order);
    await store.writeAbout({ ...about, supervisor });
    process.on('SIGTERM', () => void engine.stop(id, 'stopped by the user'));
    const submission: Submission = {
      id,
      plan,
      home,
      mounts: new Map(),
      secrets: localSecrets,
      cacheScope: CACHE_SCOPE
    };
    const accepted = from === undefined ? engine.submit(submission) : engine.retry(submission, { from });
    await accepted.catch(async (error: unknown) => {
      await engine.close('refused');
      throw error;
    });
    void untilOver(engine.watch(id)).then(() => engine.close('the run is over'));
    return { accepted: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof EngineError)) return { accepted: false, code: 'ENGINE_UNAVAILABLE', message };
    return { accepted: false, code: error.code, message, ...(error.place === undefined ? {} : { place: error.place }) };
  }
}

async function untilOver(changes: AsyncIterable<unknown>): Promise<void> {
  const iterator = changes[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}
