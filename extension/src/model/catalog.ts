import type { Dataset, DatasetDraft } from '@jupyterflow/schema';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Platform } from '../platform';
import { Live } from './live';
import { PAGE, pages } from './pages';

/** What is shown of the catalogue. */
export interface Listing {
  readonly datasets: readonly Dataset[];
  /** How many match over all pages. */
  readonly total: number;
  readonly more: boolean;
}

/** How long to wait for the next key before asking the platform, in milliseconds. */
const TYPING = 250;
const INTERVAL = 10_000;

/** The catalogue: a search, what it finds, and the dataset that is looked at. */
export class CatalogModel implements IDisposable {
  constructor(
    private readonly platform: Platform,
    idle?: () => boolean
  ) {
    this.live = new Live<Listing>({ name: 'catalog', load: () => this.#load(), interval: () => INTERVAL, idle });
    this.#search = new Debouncer(() => this.live.refresh(), TYPING);
  }

  readonly live: Live<Listing>;

  /** Emitted when the search or the selection changes. */
  get changed(): ISignal<this, void> {
    return this.#changed;
  }

  get query(): string {
    return this.#query;
  }

  set query(query: string) {
    if (query === this.#query) {
      return;
    }
    this.#query = query;
    this.#pages = 1;
    this.#changed.emit();
    void this.#search.invoke();
  }

  /** What is known and matches the search already, before the platform has answered it. */
  get shown(): readonly Dataset[] {
    return (this.live.value?.datasets ?? []).filter(dataset => matches(dataset, this.#query));
  }

  get selected(): Dataset | undefined {
    return this.find(this.#selected);
  }

  select(id: string | undefined): void {
    if (id !== this.#selected) {
      this.#selected = id;
      this.#changed.emit();
    }
  }

  find(id: string | undefined): Dataset | undefined {
    return this.live.value?.datasets.find(dataset => dataset.id === id);
  }

  /** Asks for one more page. */
  async showMore(): Promise<void> {
    this.#pages++;
    await this.live.refresh();
  }

  /** @throws PlatformError */
  async publish(draft: DatasetDraft): Promise<Dataset> {
    const dataset = await this.platform.publish(draft);
    await this.live.refresh();
    return dataset;
  }

  get isDisposed(): boolean {
    return this.live.isDisposed;
  }

  dispose(): void {
    this.live.dispose();
    this.#search.dispose();
    Signal.clearData(this);
  }

  async #load(): Promise<Listing> {
    const q = this.#query.trim();
    const { items, last } = await pages(cursor => this.platform.datasets({ q, cursor, limit: PAGE }), this.#pages);
    return { datasets: items, total: last.total, more: last.nextCursor !== null };
  }

  readonly #changed = new Signal<this, void>(this);
  readonly #search: Debouncer<void>;
  #query = '';
  #pages = 1;
  #selected: string | undefined;
}

/** Whether each word of a search is somewhere in what people read of a dataset. */
export function matches(dataset: Dataset, query: string): boolean {
  const text = [dataset.title, dataset.name, dataset.owner, dataset.description, ...dataset.tags]
    .join('\n')
    .toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}
