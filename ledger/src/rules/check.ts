import type { Refusal } from '../ledger.js';
import { refuse } from './decision.js';
import { MAX_TIME } from './limits.js';
import { id, integer, line, object, signature, variants } from './shape.js';
import { commands } from './table.js';

const command = variants(Object.fromEntries(Object.entries(commands).map(([type, { fields }]) => [type, fields])));

const envelope = object({
  id,
  organization: id,
  user: line(200),
  time: integer(0, MAX_TIME),
  command
});

const signed = object({ envelope, signature });

/** Refuses what is no envelope of a known command; whoever passes may be taken for its type. */
export function envelopeProblem(value: unknown): Refusal | undefined {
  return invalid(envelope.problem(value, 'envelope'));
}

/** The same for a signed command. */
export function signedProblem(value: unknown): Refusal | undefined {
  return invalid(signed.problem(value, 'signed'));
}

function invalid(problem: string | undefined): Refusal | undefined {
  return problem === undefined
    ? undefined
    : refuse('INVALID', `The command is not valid: ${problem}. Correct it and sign it again.`);
}
