import { open, rename } from 'node:fs/promises';

/** Every call that changes files of a ledger or a witness goes through here: a test can let each of them fail. */
export interface Disk {
  /** @param flags - `a` to append, `w` to write anew, `r` for a folder that is to be synced */
  open(path: string, flags: 'a' | 'w' | 'r', mode?: number): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
}

/** An open file; what was written is durable only when `sync` or `datasync` has resolved. */
export interface DiskFile {
  /** May write less than all; resolves to how many bytes it wrote. */
  write(bytes: Uint8Array): Promise<number>;
  sync(): Promise<void>;
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The disk of this machine. */
export const realDisk: Disk = {
  async open(path, flags, mode) {
    const handle = await open(path, flags, mode);
    return {
      write: async bytes => (await handle.write(bytes)).bytesWritten,
      sync: () => handle.sync(),
      datasync: () => handle.datasync(),
      truncate: length => handle.truncate(length),
      close: () => handle.close()
    };
  },
  rename
};

/** Writes all of it, however little a single write takes. */
export async function writeAll(file: DiskFile, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const written = await file.write(bytes.subarray(done));
    if (written === 0) {
      throw new Error('ENOSPC: the disk takes no more');
    }
    done += written;
  }
}
