import type { Command, Envelope } from '../commands.js';
import type { Refusal } from '../ledger.js';
import { envelopeProblem } from './check.js';
import { isRefusal, refuse, type Decision, type Rule } from './decision.js';
import { MAX_SKEW } from './limits.js';
import { read, readLater, readNow, type AsyncView, type Reading, type View } from './reads.js';
import { commands } from './table.js';
import { duration, time } from './wording.js';

/**
 * Decides a command over a state in memory. Whether the organization signed it, and whether its id is new, is for the
 * ledger to check before.
 *
 * @param now - the log's clock, ms
 */
export function decide(envelope: Envelope, view: View, now: number): Decision {
  return readNow(deciding(envelope, now), view);
}

/** Decides a command over a state that answers later, by the same rules. */
export function decideLater(envelope: Envelope, view: AsyncView, now: number): Promise<Decision> {
  return readLater(deciding(envelope, now), view);
}

/** The key that must have signed a command: that of its organization, or the one an organization joins with. */
export function* signingKey(envelope: Envelope): Reading<{ readonly publicKey: string } | Refusal> {
  if (envelope.command.type === 'organization.join') {
    return { publicKey: envelope.command.publicKey };
  }
  const organization = yield* read('organization', envelope.organization);
  if (organization === undefined) {
    return refuse('UNKNOWN_ORGANIZATION', `Organization ${envelope.organization} has not joined. Join it first.`);
  }
  const { id, gone } = organization;
  return gone === undefined
    ? organization
    : refuse('NOT_MEMBER', `Organization ${id} ${gone === 'left' ? 'has left' : 'was expelled'}. Join it again first.`);
}

function* deciding(envelope: Envelope, now: number): Reading<Decision> {
  const invalid = envelopeProblem(envelope);
  if (invalid !== undefined) {
    return invalid;
  }
  const key = yield* signingKey(envelope);
  if (isRefusal(key)) {
    return key;
  }
  const skew = Math.abs(envelope.time - now);
  if (skew > MAX_SKEW) {
    return refuse(
      'CLOCK_SKEW',
      `The command says ${time(envelope.time)}, the ledger's clock ${time(now)}: ${duration(skew)} apart, ` +
        `at most ${duration(MAX_SKEW)} are allowed. Set the clock and sign the command again.`
    );
  }
  const { command, organization, user } = envelope;
  // TypeScript can't see that the row and the command are of one type: both come from `command.type`.
  const rule = commands[command.type].rule as unknown as (
    command: Command,
    given: Parameters<Rule<'run.end'>>[1]
  ) => Reading<Decision>;
  return yield* rule(command, { organization, user, now });
}
