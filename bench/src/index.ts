import { command } from './command.js';
import { compile } from './compile.js';
import { engine } from './engine.js';
import { ledger } from './ledger.js';
import { sandbox } from './sandbox.js';
import { validate } from './validate.js';

/** The benchmarks by name; each gives the table that it prints. Those that know a longer form take it with `full`. */
export const benchmarks: Readonly<Record<string, (full?: boolean) => Promise<string>>> = {
  command,
  compile,
  engine,
  ledger,
  sandbox,
  validate
};
