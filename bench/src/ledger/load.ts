import {
  createKeyPair,
  openEmbeddedLedger,
  sign,
  type Command,
  type Ledger,
  type SignedCommand
} from '@jupyterflow/ledger';

/** The clock of the benchmark: commands are signed before they are timed, and must not be too old by then. */
export const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** Opens the ledger of a benchmark. */
export function openLedger(folder: string): Promise<Ledger> {
  return openEmbeddedLedger({ folder, clock: () => NOW, origin: 'bench' });
}

/** An organization that gives commands. */
export class Giver {
  readonly #keys = createKeyPair();
  readonly #organization: string;
  #count = 0;

  constructor(organization: string) {
    this.#organization = organization;
  }

  gives(command: Command, user = 'kari'): SignedCommand {
    const id = `${this.#organization}-${this.#count++}`;
    return sign({ id, organization: this.#organization, user, time: NOW, command }, this.#keys.privateKey);
  }

  joins(): SignedCommand {
    const { publicKey } = this.#keys;
    return this.gives({ type: 'organization.join', name: this.#organization, publicKey });
  }

  publishes(dataset: string): SignedCommand {
    const policy = {
      concurrency: 1,
      approval: 'auto',
      maxDuration: HOUR,
      renewals: 1,
      purposes: [],
      organizations: []
    } as const;
    const description = { title: `Dataset ${dataset}`, name: dataset, tags: ['bench'], description: 'x'.repeat(200) };
    return this.gives({ type: 'dataset.publish', dataset, policy, description, sealed: 'ab'.repeat(32) });
  }

  requests(lease: string, dataset: string, user?: string): SignedCommand {
    return this.gives({ type: 'lease.request', lease, dataset, purpose: 'research', duration: HOUR }, user);
  }

  releases(lease: string, user?: string): SignedCommand {
    return this.gives({ type: 'lease.release', lease }, user);
  }
}

/** What came of a load. */
export interface Load {
  readonly seconds: number;
  /** Of each command, ms. */
  readonly latencies: readonly number[];
  readonly accepted: number;
}

/** Submits commands by clients that each wait for an answer before they go on. */
export async function submitAll(ledger: Ledger, commands: readonly SignedCommand[], clients: number): Promise<Load> {
  const latencies: number[] = [];
  let [next, accepted] = [0, 0];
  const client = async (): Promise<void> => {
    for (let command = commands[next++]; command !== undefined; command = commands[next++]) {
      const start = performance.now();
      const answer = await ledger.submit(command);
      latencies.push(performance.now() - start);
      accepted += answer.ok ? 1 : 0;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return { seconds: (performance.now() - start) / 1000, latencies, accepted };
}

/** Half of the values are at most this. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? 0;
}
