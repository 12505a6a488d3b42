import { sign, type Command, type Ledger } from '@jupyterflow/ledger';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock.js';
import type { FinalityWish } from '../config.js';
import type { Database } from '../db/tables.js';
import { Problem } from '../http/problem.js';
import { idsFrom, randomId, type NewId } from '../ids.js';
import type { OrganizationKeys } from '../vault/keys.js';
import { commandId, keyOf, type CommandKey, type Intent } from './command-id.js';
import type { Projection } from './projection.js';
import { refused, type RefusalContext } from './refusals.js';

/** What came of a write. */
export interface Committed {
  /** Id of what the command is about. */
  readonly resource: string;
  /** True when the same request was already done before: nothing was written now. */
  readonly repeated: boolean;
}

/** Who a command is given for. */
export interface Actor {
  readonly organization: string;
  readonly user: string;
}

/** Everything a commander works with. */
export interface CommanderOptions {
  readonly ledger: Ledger;
  readonly projection: Projection;
  readonly db: Database;
  readonly keys: ReadonlyMap<string, OrganizationKeys>;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  /** When a lease counts. Default committed. */
  readonly finality?: FinalityWish | undefined;
}

/** How long a request waits for the witnesses, ms. */
const FINAL_WITHIN = 10_000;

/** Gives commands to the ledger in the name of organizations, and waits until the database shows what they did. */
export class Commander {
  readonly #options: CommanderOptions;
  /** Requests with the same key go one after another. */
  readonly #busy = new Map<string, Promise<unknown>>();

  constructor(options: CommanderOptions) {
    this.#options = options;
  }

  /**
   * Does what a request intends, once: a repeated request with the same key names what the first one did.
   * @param make - makes the command, with ids that a repeated request would make again
   * @throws Problem when the ledger refuses, can't be written, or the key was used for another request
   */
  async commit(
    intent: Intent,
    make: (newId: NewId) => Command | Promise<Command>,
    context?: RefusalContext
  ): Promise<Committed> {
    const key = this.#key(intent);
    if (!key) return this.#write(intent, undefined, await make(randomId), context);
    const before = this.#busy.get(key.key) ?? Promise.resolve();
    const mine = before
      .catch(() => undefined)
      .then(
        async () => (await this.repeated(intent)) ?? this.#write(intent, key, await make(this.newId(intent)), context)
      );
    this.#busy.set(key.key, mine);
    try {
      return await mine;
    } finally {
      if (this.#busy.get(key.key) === mine) this.#busy.delete(key.key);
    }
  }

  /** Makes ids for a request: with a key the same ones each time. */
  newId(intent: Intent): NewId {
    const key = this.#key(intent);
    return key ? idsFrom(key.key) : randomId;
  }

  /** What a request with this key did before. @throws Problem when that was another request */
  async repeated(intent: Intent): Promise<Committed | undefined> {
    const key = this.#key(intent);
    if (!key) return undefined;
    const done = await this.#options.db
      .selectFrom('commands')
      .selectAll()
      .where('key', '=', key.key)
      .executeTakeFirst();
    if (!done) return undefined;
    if (done.body === key.body) return { resource: done.resource, repeated: true };
    throw new Problem(
      'IDEMPOTENCY_MISMATCH',
      'This Idempotency-Key was used for another request. Use a new key for each new request.'
    );
  }

  /** Gives a command of the platform itself, such as the end of a run; resolves when the database shows what it did. */
  async submit(actor: Actor, command: Command): ReturnType<Ledger['submit']> {
    const answer = await this.#submit(actor, undefined, command);
    if (answer.ok) await this.#options.projection.reached(answer.index);
    return answer;
  }

  #key(intent: Intent): CommandKey | undefined {
    return keyOf(intent, this.#keys(intent.organization).idempotency);
  }

  async #write(
    actor: Actor,
    key: CommandKey | undefined,
    command: Command,
    context?: RefusalContext
  ): Promise<Committed> {
    // What a run mounts must be final before the run is on the ledger: afterwards it would have to be ended.
    if (command.type === 'run.start') await this.#final((await this.#size()) - 1);
    const answer = await this.#submit(actor, key, command);
    if (!answer.ok) throw refused(answer, context);
    await this.#options.projection.reached(answer.index);
    if (answer.events.some(({ type }) => type === 'lease.granted')) await this.#final(answer.index);
    return { resource: resourceOf(command, actor.organization), repeated: false };
  }

  async #submit(actor: Actor, key: CommandKey | undefined, command: Command): ReturnType<Ledger['submit']> {
    const { organization, user } = actor;
    const envelope = { id: commandId(key), organization, user, time: this.#options.clock.now(), command };
    try {
      return await this.#options.ledger.submit(sign(envelope, this.#keys(organization).signing.privateKey));
    } catch (error) {
      this.#options.log.error({ err: error, command: command.type }, 'the ledger can not be written');
      throw new Problem(
        'LEDGER_UNAVAILABLE',
        'The ledger can not be written, so nothing was changed. Try again in a moment.'
      );
    }
  }

  /** Waits until an entry counts. @throws Problem when the witnesses take too long */
  async #final(index: number): Promise<void> {
    const { finality, ledger, log } = this.#options;
    if (finality !== 'final' || index < 0) return;
    const { final, witnesses, needed } = await ledger.final(index, FINAL_WITHIN);
    if (final) return;
    log.error({ index, witnesses: ledger.witnesses() }, 'an entry of the ledger is not final');
    throw new Problem(
      'LEDGER_UNAVAILABLE',
      `The ledger has it, but it is not final: ${witnesses.length} of ${needed} witnesses confirmed it. Try again in a moment.`
    );
  }

  async #size(): Promise<number> {
    return Number((await this.#options.ledger.checkpoint()).split('\n')[1]);
  }

  #keys(organization: string): OrganizationKeys {
    const keys = this.#options.keys.get(organization);
    if (!keys) throw new Error(`there are no keys of ${organization}`);
    return keys;
  }
}

/** Id of what a command is about: that of the organization where it is about nothing else. */
function resourceOf(command: Command, organization: string): string {
  if ('lease' in command) return command.lease;
  if ('run' in command) return command.run;
  if ('algorithm' in command) return command.algorithm;
  return 'dataset' in command ? command.dataset : organization;
}
