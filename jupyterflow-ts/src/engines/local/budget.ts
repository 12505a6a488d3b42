import type { PlanJob, PlanResources } from '../../plan/plan.js';

/** What the jobs of all runs together may take of this machine. */
export interface Limits {
  /** Jobs at once. */
  readonly slots: number;
  /** Processors. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/** Gives out what a machine has. A job that asks for more than all there is runs alone. */
export class Budget {
  readonly #limits: Limits;
  #used: Limits = { slots: 0, cpu: 0, memory: 0 };
  #alone = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  fits(job: Pick<PlanJob, 'resources'>): boolean {
    if (this.#used.slots === 0) return true;
    if (this.#alone || this.#exceeds(job)) return false;
    const { slots, cpu, memory } = sum(this.#used, amountsOf(job.resources), 1);
    return slots <= this.#limits.slots && cpu <= this.#limits.cpu && memory <= this.#limits.memory;
  }

  take(job: Pick<PlanJob, 'resources'>): void {
    this.#alone = this.#exceeds(job);
    this.#used = sum(this.#used, amountsOf(job.resources), 1);
  }

  giveBack(job: Pick<PlanJob, 'resources'>): void {
    if (this.#exceeds(job)) this.#alone = false;
    this.#used = sum(this.#used, amountsOf(job.resources), -1);
  }

  #exceeds({ resources }: Pick<PlanJob, 'resources'>): boolean {
    const { cpu, memory } = amountsOf(resources);
    return cpu > this.#limits.cpu || memory > this.#limits.memory;
  }
}

function sum(a: Limits, b: Limits, sign: 1 | -1): Limits {
  // Thousandths of a processor, so that what was taken is given back exactly.
  const cpu = Math.round((a.cpu + sign * b.cpu) * 1000) / 1000;
  return { slots: a.slots + sign * b.slots, cpu, memory: a.memory + sign * b.memory };
}

function amountsOf({ cpu = '0', memory = '0' }: PlanResources): Limits {
  return { slots: 1, cpu: parseQuantity(cpu), memory: parseQuantity(memory) };
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60
};

/** The number that a Kubernetes quantity stands for: `500m`, `2`, `1.5Gi`, `1e3`. NaN for another text. */
export function parseQuantity(text: string): number {
  const [, amount, unit = ''] = /^(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)([a-zA-Z]*)$/.exec(text) ?? [];
  return amount === undefined ? NaN : Number(amount) * (Object.hasOwn(UNITS, unit) ? (UNITS[unit] ?? NaN) : NaN);
}
