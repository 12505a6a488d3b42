import { LedgerError, sign, type Command, type Ledger } from '@jupyterflow/ledger';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../clock.js';
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
}

/** Gives commands to the ledger in the name of organizations, and waits until the database shows what they did. */
export class Commander {
  readonly #options: CommanderOptions;
  /** Requests with the same key go one after another. */
  readonly #busy = new Map<string, Promise<unknown>>();
  #writable = true;

  constructor(options: CommanderOptions) {
    this.#options = options;
  }

  /** False once the ledger has said that it takes no more until it is opened again. */
  get writable(): boolean {
    return this.#writable;
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
    const answer = await this.#submit(actor, key, command);
    if (!answer.ok) throw refused(answer, context);
    await this.#options.projection.reached(answer.index);
    return { resource: resourceOf(command, actor.organization), repeated: false };
  }

  async #submit(actor: Actor, key: CommandKey | undefined, command: Command): ReturnType<Ledger['submit']> {
    const { organization, user } = actor;
    const envelope = { id: commandId(key), organization, user, time: this.#options.clock.now(), command };
    try {
      return await this.#options.ledger.submit(sign(envelope, this.#keys(organization).signing.privateKey));
    } catch (error) {
      if (error instanceof LedgerError && (error.code === 'READ_ONLY' || error.code === 'CLOSED'))
        this.#writable = false;
      this.#options.log.error({ err: error, command: command.type }, 'the ledger can not be written');
      throw new Problem(
        'LEDGER_UNAVAILABLE',
        'The ledger can not be written, so nothing was changed. Try again in a moment.'
      );
    }
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
