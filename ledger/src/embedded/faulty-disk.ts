import { realDisk, type Disk, type DiskFile } from './disk.js';

/** How a call fails: at once, after half of the bytes, or not at all but with half of the bytes. */
export type Fault = 'ENOSPC' | 'EIO' | 'torn' | 'short';

/** A disk one of whose calls fails; for tests. */
export class FaultyDisk implements Disk {
  /** What was called, in order. */
  readonly calls: string[] = [];
  readonly #failing: number;
  readonly #fault: Fault;

  /**
   * @param failing - which call fails, counted from 0; all those after a full disk or an error fail too
   */
  constructor(failing: number, fault: Fault) {
    this.#failing = failing;
    this.#fault = fault;
  }

  async open(path: string, flags: 'a' | 'w' | 'r', mode?: number): Promise<DiskFile> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (flags !== 'r') {
      this.#call('open', name);
    }
    const file = await realDisk.open(path, flags, mode);
    return {
      write: bytes => this.#write(file, name, bytes),
      sync: () => this.#then('fsync', name, () => file.sync()),
      datasync: () => this.#then('fdatasync', name, () => file.datasync()),
      truncate: length => this.#then('truncate', name, () => file.truncate(length)),
      close: () => file.close()
    };
  }

  rename(from: string, to: string): Promise<void> {
    return this.#then('rename', to.slice(to.lastIndexOf('/') + 1), () => realDisk.rename(from, to));
  }

  async #then(call: string, name: string, act: () => Promise<void>): Promise<void> {
    this.#call(call, name);
    await act();
  }

  async #write(file: DiskFile, name: string, bytes: Uint8Array): Promise<number> {
    const failing = this.calls.length === this.#failing;
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    try {
      this.#call('write', name);
    } catch (error) {
      if (failing && this.#fault === 'torn') {
        await file.write(half);
      }
      throw error;
    }
    return file.write(failing && half.length > 0 ? half : bytes);
  }

  #call(call: string, name: string): void {
    const at = this.calls.push(`${call} ${name}`) - 1;
    if (this.#fault !== 'short' && at >= this.#failing) {
      const code = this.#fault === 'torn' ? 'ENOSPC' : this.#fault;
      throw Object.assign(new Error(`${code}: ${call} ${name}`), { code, syscall: call });
    }
  }
}
