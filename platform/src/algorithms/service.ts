import type { AlgorithmRecord, Ledger } from '@jupyterflow/ledger';
import type { Algorithm } from '@jupyterflow/schema';
import type { Commander } from '../ledger/commander.js';
import type { Intent } from '../ledger/command-id.js';

/** What the service of algorithms works with. */
export interface AlgorithmServiceOptions {
  readonly ledger: Ledger;
  readonly commander: Commander;
}

export type AlgorithmDecisionName = 'approve' | 'withdraw';

/** Which organizations approve of what runs execute. */
export class AlgorithmService {
  readonly #options: AlgorithmServiceOptions;

  constructor(options: AlgorithmServiceOptions) {
    this.#options = options;
  }

  /** @param digest - SHA-256, hex; of one that nobody approves nothing else is known */
  async get(digest: string): Promise<Algorithm> {
    return show((await this.#options.ledger.record('algorithm', digest)) ?? { digest, approvals: [] });
  }

  /** In the name of the caller's organization. */
  async decide(
    digest: string,
    decision: AlgorithmDecisionName,
    reason: string | undefined,
    intent: Intent
  ): Promise<Algorithm> {
    await this.#options.commander.commit(intent, () => ({
      type: `algorithm.${decision}`,
      algorithm: digest,
      ...(reason !== undefined && { reason })
    }));
    return this.get(digest);
  }
}

function show({ digest, approvals }: AlgorithmRecord): Algorithm {
  return { digest, approvals: approvals.map(one => ({ ...one, at: new Date(one.at).toISOString() })) };
}
