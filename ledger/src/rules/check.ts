import type { Refusal } from '../ledger.js';
import type { CommandType } from './decision.js';
import { refuse } from './decision.js';
import { MAX_TIME } from './limits.js';
import { id, integer, line, matching, object, type Field } from './shape.js';
import { commands } from './table.js';

const command: Field = {
  problem(value, path) {
    const type = (value as { readonly type?: unknown } | null | undefined)?.type;
    if (typeof type !== 'string' || !Object.hasOwn(commands, type)) {
      return `${path}.type must be one of ${Object.keys(commands).join(', ')}`;
    }
    const known: Field = { problem: () => undefined };
    return object({ type: known, ...commands[type as CommandType].fields }).problem(value, path);
  }
};

const envelope = object({
  id,
  organization: id,
  user: line(200),
  time: integer(0, MAX_TIME),
  command
});

// Only the one spelling that encodes 64 bytes: another would be other bytes under the same meaning.
const signature = matching(/^[A-Za-z0-9+/]{85}[AQgw]==$/, 'must be an Ed25519 signature in base64');
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
