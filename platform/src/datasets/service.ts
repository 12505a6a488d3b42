import { leaseState, type DatasetRecord, type Ledger, type LeaseRecord } from '@jupyterflow/ledger';
import { explainLater, type PolicyCheck } from '@jupyterflow/ledger/rules';
import type {
  Dataset,
  DatasetDraft,
  DatasetPage,
  DatasetPatch,
  Explanation,
  PolicyCheck as ShownCheck
} from '@jupyterflow/schema';
import type { Member } from '../auth/identity.js';
import { require, unknown, type Operation, type Relation } from '../auth/permissions.js';
import type { Clock } from '../clock.js';
import type { Database } from '../db/tables.js';
import { Problem } from '../http/problem.js';
import { showLease } from '../leases/show.js';
import type { Commander } from '../ledger/commander.js';
import { refused } from '../ledger/refusals.js';
import { viewOf } from '../ledger/view.js';
import { SITE } from '../site.js';
import type { Intent } from '../ledger/command-id.js';
import { StorageError, resolveDirectory } from '../storage/directory.js';
import type { Vault } from '../vault/vault.js';
import {
  describe,
  descriptionOf,
  durationWished,
  freeName,
  nameFrom,
  policyFrom,
  redescribe,
  showPolicy
} from './describe.js';
import { findDataset, listDatasets, openLeases, publishedNames, type DatasetQuery, type Viewer } from './store.js';

/** What somebody asks to have explained. */
export interface ExplainQuery {
  readonly purpose: string;
  readonly duration?: string;
  readonly algorithm?: string;
}

/** What the services of the catalogue and of leases work with. */
export interface CatalogueOptions {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly commander: Commander;
  readonly vault: Vault;
  readonly clock: Clock;
  /** Data root of an organization. */
  readonly dataRoot: (organization: string) => string;
}

/** The catalogue. */
export class DatasetService {
  readonly #options: CatalogueOptions;
  /** By owner: publishing goes one after another, so that no two take the same name. */
  readonly #publishing = new Map<string, Promise<unknown>>();

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  async list(caller: Member, query: DatasetQuery): Promise<DatasetPage> {
    const viewer = this.#viewer(caller);
    const { rows, nextCursor, total } = await listDatasets(this.#options.db, viewer, query);
    return { items: await this.#show(rows, viewer), nextCursor, total };
  }

  async get(caller: Member, id: string): Promise<Dataset> {
    return this.#shown(caller, await this.find(caller, id, 'dataset:read'));
  }

  /** Every check that a lease of a dataset, and a run under it, would meet now. */
  async explain(caller: Member, id: string, query: ExplainQuery): Promise<Explanation> {
    const { ledger, clock } = this.#options;
    const dataset = await this.find(caller, id, 'dataset:explain');
    const { purpose, algorithm } = query;
    const wish = {
      dataset: dataset.id,
      user: caller.user,
      organization: caller.organization.id,
      purpose,
      duration: durationWished(query.duration, dataset.policy),
      site: SITE,
      ...(algorithm !== undefined && { algorithm })
    };
    const answer = await explainLater(wish, viewOf(ledger), clock.now());
    if ('ok' in answer) throw refused(answer, { dataset: dataset.id });
    const { approval } = dataset.policy;
    const allowed = answer.request.every(one => one.refusal === undefined);
    return { allowed, approval, request: answer.request.map(showCheck), run: answer.run.map(showCheck) };
  }

  /**
   * A dataset that the caller may treat like this.
   * @param id - its id, or `<owner>/<name>`
   * @throws Problem 404 or 403
   */
  async find(caller: Member, id: string, operation: Operation): Promise<DatasetRecord> {
    const record = await findDataset(this.#options.db, id);
    const relations = record ? await this.#relations(caller, record) : new Set<Relation>();
    require(operation, id, relations);
    if (!record) throw unknown('dataset', id);
    return record;
  }

  /** Publishes a dataset: its details are sealed and kept before the ledger knows of it. */
  async publish(caller: Member, draft: DatasetDraft, intent: Intent): Promise<Dataset> {
    const { commander, vault, dataRoot } = this.#options;
    const owner = caller.organization.id;
    const policy = policyFrom(draft.policy);
    await usable(resolveDirectory(dataRoot(owner), draft.storage));
    let kept: string | undefined;
    try {
      const { resource } = await this.#inTurn(owner, () =>
        commander.commit(intent, async newId => {
          const name = await this.#nameFor(owner, draft);
          const dataset = newId('ds');
          kept = await vault.keep(dataset, owner, draft.storage);
          return {
            type: 'dataset.publish',
            dataset,
            policy,
            description: describe({ ...draft, name }),
            sealed: kept
          };
        })
      );
      return await this.get(caller, resource);
    } catch (error) {
      // Without an answer of the ledger nobody knows whether it has the entry: then the next start tidies up.
      if (kept !== undefined && error instanceof Problem && error.status < 500) await vault.erase(kept);
      throw error;
    }
  }

  /** @param version - the one that the change is based on */
  async update(caller: Member, id: string, version: number, patch: DatasetPatch, intent: Intent): Promise<Dataset> {
    const record = await this.find(caller, id, 'dataset:update');
    const [policy, description] = [policyFrom(patch.policy, record.policy), redescribe(record, patch)];
    await this.#options.commander.commit(
      intent,
      () => ({ type: 'dataset.update', dataset: record.id, basedOn: version, policy, description }),
      { dataset: record.id }
    );
    return this.get(caller, id);
  }

  /** Takes a dataset back: no new leases, and its storage details are erased at once. Runs that are going keep their mounts. */
  async retire(caller: Member, id: string, version: number, intent: Intent): Promise<void> {
    const record = await this.find(caller, id, 'dataset:retire');
    const command = { type: 'dataset.retire', dataset: record.id, basedOn: version } as const;
    await this.#options.commander.commit(intent, () => command, { dataset: record.id });
    await this.#options.vault.erase(record.sealed);
  }

  /** The name that a draft asks for, or a free one made from its title. @throws Problem NAME_TAKEN */
  async #nameFor(owner: string, draft: DatasetDraft): Promise<string> {
    const taken = await publishedNames(this.#options.db, owner);
    if (draft.name === undefined) return freeName(nameFrom(draft.title), taken);
    if (!taken.has(draft.name)) return draft.name;
    throw new Problem(
      'NAME_TAKEN',
      `${owner} has published a dataset named ${draft.name} already. Choose another name, or retire that one.`
    );
  }

  async #inTurn<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#publishing.get(owner) ?? Promise.resolve()).then(work, work);
    this.#publishing.set(owner, mine);
    try {
      return await mine;
    } finally {
      if (this.#publishing.get(owner) === mine) this.#publishing.delete(owner);
    }
  }

  async #relations(caller: Member, record: DatasetRecord): Promise<Set<Relation>> {
    const { organization, roles } = caller;
    const relations = new Set<Relation>();
    const named = record.policy.organizations;
    const own = record.owner === organization.id;
    if (own || named.length === 0 || named.includes(organization.id)) relations.add('visible');
    // A holder keeps seeing what they hold, even when the policy has changed since.
    else if ((await this.#leases([record], this.#viewer(caller))).some(lease => isMine(lease, caller)))
      relations.add('visible');
    if (own && roles.includes('steward')) relations.add('owner');
    return relations;
  }

  async #shown(caller: Member, record: DatasetRecord): Promise<Dataset> {
    const viewer = this.#viewer(caller);
    return showDataset(record, await this.#leases([record], viewer), viewer);
  }

  async #show(records: readonly DatasetRecord[], viewer: Viewer): Promise<Dataset[]> {
    const leases = await this.#leases(records, viewer);
    return records.map(one =>
      showDataset(
        one,
        leases.filter(lease => lease.dataset === one.id),
        viewer
      )
    );
  }

  #leases(records: readonly DatasetRecord[], viewer: Viewer): Promise<LeaseRecord[]> {
    return openLeases(
      this.#options.db,
      records.map(one => one.id),
      viewer
    );
  }

  #viewer(caller: Member): Viewer {
    return { user: caller.user, organization: caller.organization.id, now: this.#options.clock.now() };
  }
}

function showCheck({ check, why, refusal }: PolicyCheck): ShownCheck {
  return { check, passed: refusal === undefined, why };
}

function isMine(lease: LeaseRecord, caller: Member): boolean {
  return lease.user === caller.user && lease.organization === caller.organization.id;
}

/** @param leases - of this dataset: active ones, the one that ends first in front, and requested ones of the viewer */
function showDataset(record: DatasetRecord, leases: readonly LeaseRecord[], viewer: Viewer): Dataset {
  const { id, version, owner, policy, state, publishedAt } = record;
  const active = leases.filter(lease => leaseState(lease, viewer.now) === 'active');
  const mine = leases.filter(lease => lease.user === viewer.user && lease.organization === viewer.organization);
  const lease = mine.find(one => active.includes(one)) ?? mine[0];
  const availability =
    lease && active.includes(lease) ? 'yours' : active.length < policy.concurrency ? 'open' : 'taken';
  const [first] = active;
  return {
    id,
    version,
    kind: 'data',
    ...descriptionOf(record),
    owner,
    policy: showPolicy(policy),
    state,
    availability,
    ...(availability === 'taken' &&
      first?.expiresAt !== undefined && { takenBy: first.organization, takenUntil: iso(first.expiresAt) }),
    ...(lease && { lease: showLease(lease, record, viewer.now) }),
    publishedAt: iso(publishedAt)
  };
}

const iso = (time: number): string => new Date(time).toISOString();

async function usable<T>(resolved: Promise<T>): Promise<T> {
  try {
    return await resolved;
  } catch (error) {
    if (error instanceof StorageError) throw new Problem('INVALID_STORAGE', error.message);
    throw error;
  }
}
