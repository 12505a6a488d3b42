import type { Platform } from '../platform';
import { Live } from './live';

const INTERVAL = 300_000;

/** What the organizations of the consortium are called. */
export class Organizations {
  constructor(platform: Pick<Platform, 'organizations'>) {
    this.live = new Live({
      name: 'organizations',
      load: async () => new Map((await platform.organizations()).items.map(({ id, name }) => [id, name])),
      interval: () => INTERVAL
    });
  }

  readonly live: Live<ReadonlyMap<string, string>>;

  /** The name of an organization; its id while that is all that is known. */
  readonly nameOf = (id: string): string => this.live.value?.get(id) ?? id;
}
