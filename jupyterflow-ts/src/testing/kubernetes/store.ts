import { randomUUID } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

export interface StoredObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Json & {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly object: StoredObject;
}

/** Objects of an API server in memory: versions, collections by path, and what changed. */
export class ObjectStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #events: StoreEvent[] = [];
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  #version = 1000;
  /** Versions up to this one are forgotten, as etcd forgets them. */
  oldest = 0;

  get version(): string {
    return String(this.#version);
  }

  get(collection: string, name: string): StoredObject | undefined {
    return this.#objects.get(`${collection}/${name}`);
  }

  list(collection: string): readonly StoredObject[] {
    return [...this.#objects].flatMap(([path, object]) =>
      path.slice(0, path.lastIndexOf('/')) === collection ? [object] : []
    );
  }

  /** Undefined when there is one of that name. */
  create(collection: string, body: Json): StoredObject | undefined {
    const metadata = body['metadata'] as Json & { readonly name?: string; readonly generateName?: string };
    const name = metadata.name ?? `${metadata.generateName ?? ''}${randomUUID().slice(0, 5)}`;
    if (this.get(collection, name) !== undefined) return undefined;
    const uid = randomUUID();
    const creationTimestamp = new Date().toISOString();
    return this.#keep('ADDED', collection, { ...body, metadata: { ...metadata, name, uid, creationTimestamp } });
  }

  /** Replaces an object that is there. */
  replace(collection: string, body: Json): StoredObject {
    return this.#keep('MODIFIED', collection, body);
  }

  delete(collection: string, name: string): StoredObject | undefined {
    const object = this.get(collection, name);
    if (object === undefined) return undefined;
    this.#objects.delete(`${collection}/${name}`);
    this.#version += 1;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: this.version } };
    this.#tell({ type: 'DELETED', collection, object: last });
    return last;
  }

  /** Changes since a version, then each as it comes, until `close` is called. */
  watch(since: number, listener: (event: StoreEvent) => void): () => void {
    for (const event of this.#events) if (Number(event.object.metadata.resourceVersion) > since) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(type: 'ADDED' | 'MODIFIED', collection: string, body: Json): StoredObject {
    this.#version += 1;
    const metadata = { ...(body['metadata'] as Json), resourceVersion: this.version } as StoredObject['metadata'];
    // What others hold must not change under them.
    const object = JSON.parse(JSON.stringify({ ...body, metadata })) as StoredObject;
    this.#objects.set(`${collection}/${metadata.name}`, object);
    this.#tell({ type, collection, object });
    return object;
  }

  #tell(event: StoreEvent): void {
    this.#events.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** RFC 7396, JSON Merge Patch. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result = new Map(Object.entries(isMap(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else result.set(key, mergePatch(result.get(key), value));
  }
  return Object.fromEntries(result);
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
