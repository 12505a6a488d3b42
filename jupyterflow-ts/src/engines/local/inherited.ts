import { closeSync, openSync, readFileSync, readdirSync } from 'node:fs';
import type { IOType } from 'node:child_process';

const O_CLOEXEC = 0o2000000;

/** Files of a child by their numbers; see `child_process.spawn`. */
export type Stdio = (IOType | 'ipc' | number)[];

/**
 * Files that this process was itself started with and that every child would get too, e.g. of the shell that started it.
 * Those that Node opens are closed in children; these are covered by /dev/null.
 */
export class Inherited {
  readonly #files = inheritedFiles();
  readonly #nothing = openSync('/dev/null', 'r+');

  /** `stdio` for a child that gets these files and no other. */
  cover(stdio: Readonly<Stdio>): Stdio {
    const covered = [...stdio];
    for (const file of this.#files) {
      while (covered.length <= file) covered.push('ignore');
      if (file >= stdio.length) covered[file] = this.#nothing;
    }
    return covered;
  }

  close(): void {
    closeSync(this.#nothing);
  }
}

function inheritedFiles(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter(file => file > 2 && (flagsOf(file) & O_CLOEXEC) === 0);
}

/** Flags of an open file, see proc(5); a file that is closed meanwhile counts as one that closes itself. */
function flagsOf(file: number): number {
  try {
    return Number.parseInt(/^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'utf8'))?.[1] ?? '0', 8);
  } catch {
    return O_CLOEXEC;
  }
}
