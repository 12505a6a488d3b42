import type { Command, Ledger, ProofBundle } from '@jupyterflow/ledger';
import type { Lease, LeaseAction, LeasePage, LeaseRequest } from '@jupyterflow/schema';
import type { Member } from '../auth/identity.js';
import { require, unknown, type Operation, type Relation } from '../auth/permissions.js';
import type { Clock } from '../clock.js';
import { durationOf, durationWished } from '../datasets/describe.js';
import type { DatasetService } from '../datasets/service.js';
import type { Viewer } from '../datasets/store.js';
import type { Database } from '../db/tables.js';
import { Problem } from '../http/problem.js';
import type { Commander } from '../ledger/commander.js';
import type { Intent } from '../ledger/command-id.js';
import { showLease } from './show.js';
import { findLease, listLeases, type LeaseQuery, type LeaseRow } from './store.js';

/** What a holder or an owner may do with a lease. */
export const leaseActions = ['renew', 'release', 'revoke', 'approve', 'deny'] as const;
export type LeaseActionName = (typeof leaseActions)[number];

/** What the service of leases works with. */
export interface LeaseServiceOptions {
  readonly db: Database;
  readonly ledger: Pick<Ledger, 'prove'>;
  readonly commander: Commander;
  readonly datasets: DatasetService;
  readonly clock: Clock;
}

/** Leases: asked for, granted, renewed, ended. Whether that is right is decided by the rules of the ledger. */
export class LeaseService {
  readonly #options: LeaseServiceOptions;
  /** The last proof that was asked for, and for whom proofs are being made. */
  #proving: Promise<unknown> = Promise.resolve();
  readonly #provingFor = new Set<string>();

  constructor(options: LeaseServiceOptions) {
    this.#options = options;
  }

  /** Active at once, or requested where the owner decides. */
  async request(caller: Member, dataset: string, wish: LeaseRequest, intent: Intent): Promise<Lease> {
    const { commander, datasets } = this.#options;
    const { id, policy } = await datasets.find(caller, dataset, 'lease:request');
    const duration = durationWished(wish.duration, policy);
    const { resource } = await commander.commit(
      intent,
      newId => ({ type: 'lease.request', lease: newId('ls'), dataset: id, purpose: wish.purpose, duration }),
      { dataset: id }
    );
    return this.get(caller, resource);
  }

  async list(caller: Member, query: LeaseQuery): Promise<LeasePage> {
    const viewer = { ...this.#viewer(caller), steward: caller.roles.includes('steward') };
    const { rows, nextCursor } = await listLeases(this.#options.db, viewer, query);
    return { items: rows.map(({ lease, dataset }) => showLease(lease, dataset, viewer.now)), nextCursor };
  }

  async get(caller: Member, id: string): Promise<Lease> {
    const { lease, dataset } = await this.find(caller, id, 'lease:read');
    return showLease(lease, dataset, this.#options.clock.now());
  }

  /** A lease that the caller may treat like this. @throws Problem 404 or 403 */
  async find(caller: Member, id: string, operation: Operation): Promise<LeaseRow> {
    const row = await findLease(this.#options.db, id);
    require(operation, id, row ? relations(caller, row) : new Set());
    if (!row) throw unknown('lease', id);
    return row;
  }

  /** What `jupyterflow-ledger verify-proof` checks offline. */
  async prove(caller: Member, id: string): Promise<ProofBundle> {
    const { lease } = await this.find(caller, id, 'lease:prove');
    const who = `${caller.organization.id} ${caller.user}`;
    if (this.#provingFor.has(who))
      throw new Problem('RATE_LIMITED', 'A proof is being made for you. Wait for it, then ask for the next one.');
    this.#provingFor.add(who);
    try {
      // Each reads the whole log: one after another, so that they take no more of this process than one does.
      const mine = this.#proving.catch(() => undefined).then(() => this.#options.ledger.prove(lease.id));
      this.#proving = mine;
      const proof = await mine;
      if (!proof) throw unknown('lease', id);
      return proof;
    } finally {
      this.#provingFor.delete(who);
    }
  }

  async act(caller: Member, id: string, action: LeaseActionName, body: LeaseAction, intent: Intent): Promise<Lease> {
    const { lease, dataset } = await this.find(caller, id, `lease:${action}`);
    await this.#options.commander.commit(intent, () => commandOf(action, lease.id, lease.duration, body), {
      dataset: dataset.id,
      lease: lease.id
    });
    return this.get(caller, id);
  }

  #viewer(caller: Member): Viewer {
    return { user: caller.user, organization: caller.organization.id, now: this.#options.clock.now() };
  }
}

function commandOf(action: LeaseActionName, lease: string, duration: number, body: LeaseAction): Command {
  const reason = body.reason === undefined ? {} : { reason: body.reason };
  switch (action) {
    case 'renew':
      return {
        type: 'lease.renew',
        lease,
        duration: body.duration === undefined ? duration : durationOf(body.duration, 'duration')
      };
    case 'approve':
      return { type: 'lease.approve', lease };
    default:
      return { type: `lease.${action}`, lease, ...reason };
  }
}

function relations(caller: Member, { lease }: LeaseRow): Set<Relation> {
  const found = new Set<Relation>();
  if (lease.user === caller.user && lease.organization === caller.organization.id) found.add('holder');
  if (lease.owner === caller.organization.id && caller.roles.includes('steward')) found.add('owner');
  return found;
}
