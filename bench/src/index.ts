import { command } from './command.js';
import { compile } from './compile.js';
import { sandbox } from './sandbox.js';
import { validate } from './validate.js';

/** The benchmarks by name; each gives the table that it prints. */
export const benchmarks: Readonly<Record<string, () => Promise<string>>> = { command, compile, sandbox, validate };
