import type { RunView } from '../backend.js';
import { elapsed } from '../states.js';
import { cut, pad } from '../table.js';
import { branchesOf, foldBranches, isDone, type Branch, type Phase } from './branches.js';

export interface TreeOptions {
  /** Of the terminal: no line is wider, and there are fewer lines than rows. */
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** May the terminal be sent more than ASCII? */
  readonly unicode: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * A run as a tree: below it its jobs, below a job its copies. What does not fit is told in one line; jobs that failed or are
 * going are left out last.
 *
 *     demo-x7k2p  Running  12.3 s  1/4
 *     ├─ ✔ list     Succeeded  0.5 s
 *     └─ ● train    Running    10.2 s  0/3
 *        ├─ ● train-0  Running    10.2 s
 *        └─ ○ train-1  Pending
 */
export function drawTree(run: RunView, options: TreeOptions): readonly string[] {
  const [shown, folded] = foldBranches(branchesOf(run, options.now), Math.max(2, options.rows - 2));
  const rows = connect(shown, folded.length > 0, options.unicode);
  const widest = Math.max(0, ...rows.map(({ stem, branch }) => stem.length + branch.name.length));
  const times = rows.map(({ branch }) => branch.time.length);
  const widths = { name: Math.min(widest, Math.floor(options.columns / 2)), time: Math.max(LEAST_TIME, ...times) };
  const pen = new Pen(options, widths);
  return [pen.head(run), ...rows.map(row => pen.row(row)), ...(folded.length === 0 ? [] : [pen.rest(folded)])];
}

interface Row {
  readonly branch: Branch;
  /** What is drawn before it. */
  readonly stem: string;
}

function connect(branches: readonly Branch[], more: boolean, unicode: boolean): readonly Row[] {
  const [tee, corner, bar] = unicode ? ['├─ ', '└─ ', '│  '] : ['|- ', '`- ', '|  '];
  const lastOuter = more ? branches.length : branches.findLastIndex(({ depth }) => depth === 1);
  return branches.map((branch, at) => {
    if (branch.depth === 1) return { branch, stem: at === lastOuter ? corner : tee };
    const isLast = branches[at + 1]?.depth !== 2;
    return { branch, stem: `${at > lastOuter ? '   ' : bar}${isLast ? corner : tee}` };
  });
}

const COLORS: Readonly<Record<string, number>> = { Succeeded: 32, Failed: 31, Error: 31, Running: 34 };
const DIM = 2;
const SIGNS: Readonly<Record<Phase, readonly [unicode: string, ascii: string]>> = {
  Pending: ['○', '.'],
  Running: ['●', '*'],
  Succeeded: ['✔', '+'],
  Failed: ['✖', 'x'],
  Error: ['✖', 'x'],
  Skipped: ['–', '-'],
  Omitted: ['–', '-']
};
const STATE_WIDTH = 'Succeeded'.length;
const LEAST_TIME = '10.0 s'.length;

/** Writes lines that fit into the terminal. */
class Pen {
  readonly #options: TreeOptions;
  /** Columns of the widest name with its stem, and of the widest time. */
  readonly #widths: { readonly name: number; readonly time: number };
  /** The last column stays free: some terminals wrap when it is written. */
  readonly #room: number;

  constructor(options: TreeOptions, widths: { readonly name: number; readonly time: number }) {
    this.#options = options;
    this.#widths = widths;
    this.#room = options.columns - 1;
  }

  head(run: RunView): string {
    const done = run.jobs.filter(({ phase }) => isDone(phase)).length;
    const facts = `${elapsed(run, this.#options.now)}  ${done}/${run.jobs.length}`;
    return this.#cells([[run.name], [run.state, run.state], [facts]]);
  }

  row({ stem, branch: { phase, name, time, note } }: Row): string {
    const sign = SIGNS[phase][this.#options.unicode ? 0 : 1];
    const width = this.#widths.name - stem.length;
    const label = pad(this.#short(name, width), width);
    const facts = note === '' ? time : `${time.padEnd(this.#widths.time)}  ${note}`;
    const cells = this.#cells([[label], [phase.padEnd(STATE_WIDTH), phase], [facts]], stem.length + 2);
    return `${stem}${this.#paint(phase, sign)} ${cells}`.trimEnd();
  }

  rest(folded: readonly Branch[]): string {
    const counts = new Map<Phase, number>();
    for (const phase of folded.flatMap(({ phases }) => phases)) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    const text = [...counts].map(([phase, count]) => `${count} ${phase}`).join(', ');
    return this.#short(this.#options.unicode ? `└─ … ${text}` : `\`- ... ${text}`, this.#room);
  }

  /** Texts, each with the phase whose colour it has, two spaces between, as far as there is room. */
  #cells(cells: readonly (readonly [text: string, phase?: string])[], taken = 0): string {
    let left = this.#room - taken;
    return cells
      .map(([text, phase]) => {
        const kept = this.#short(text, left);
        left -= text.length + 2;
        return phase === undefined ? kept : this.#paint(phase, kept);
      })
      .join('  ')
      .trimEnd();
  }

  #short(text: string, width: number): string {
    const kept = cut(text, Math.max(0, width));
    return this.#options.unicode ? kept : kept.replace(/…$/, '~');
  }

  #paint(phase: string, text: string): string {
    return this.#options.color && text !== '' ? `\u001b[${COLORS[phase] ?? DIM}m${text}\u001b[0m` : text;
  }
}
