import type { Motion } from '../commands.js';
import type { LedgerEvent, Refusal } from '../ledger.js';
import type { ConsortiumRecord, MotionRecord } from '../state.js';
import { isMember, readConsortium, withoutMember } from './consortium.js';
import { accept, refuse, type Given, type Rule, type Write } from './decision.js';
import { VOTE_LIFETIME } from './limits.js';
import { isCarried, motionName, votesInForce } from './motion.js';
import { memberRecord } from './organization.js';
import { read, type Reading } from './reads.js';

/**
 * A member votes for a motion. Its vote counts for {@link VOTE_LIFETIME}, once however often it is given (the last one
 * tells the time), and no longer than it stays a member. The vote that makes the majority carries the motion at once;
 * the same motion may then be made anew.
 */
export const voteInConsortium: Rule<'consortium.vote'> = function* ({ motion }, given) {
  const { organization, user, now } = given;
  const consortium = yield* readConsortium();
  const problem = yield* motionProblem(motion, consortium, given);
  if (problem !== undefined) {
    return problem;
  }
  const before = yield* read('motion', motionName(motion));
  const open = before === undefined || before.carriedAt !== undefined ? [] : votesInForce(before, consortium, now);
  const member = consortium.members.find(one => one.organization === organization);
  const votes = [
    ...open.filter(vote => vote.organization !== organization),
    { organization, term: member?.term ?? 0, user, until: now + VOTE_LIFETIME }
  ];
  if (!isCarried(motion, votes, consortium)) {
    return accept([{ type: 'consortium.voted', motion: { motion, votes } }]);
  }
  const carried: MotionRecord = { motion, votes, carriedAt: now };
  const { events, writes } = yield* carryingOut(motion, consortium, now);
  return accept([{ type: 'consortium.voted', motion: carried }, ...events], ...writes);
};

/** Why there is nothing to vote on. */
function* motionProblem(motion: Motion, consortium: ConsortiumRecord, given: Given): Reading<Refusal | undefined> {
  if (motion.type === 'configure') {
    const { membership, majority } = motion;
    return consortium.membership === membership && consortium.majority === majority
      ? refuse(
          'EXISTS',
          `The consortium is ${membership}, with a majority of ${majority}, already. Nothing is left to do.`
        )
      : undefined;
  }
  const { organization } = motion;
  const member = isMember(consortium, { organization });
  if (motion.type === 'expel') {
    if (!member) {
      return refuse('UNKNOWN_ORGANIZATION', `Organization ${organization} is no member. Nothing is left to do.`);
    }
    return organization === given.organization
      ? refuse('INVALID', `Organization ${organization} does not vote on itself. It may leave.`)
      : undefined;
  }
  const admission = yield* read('admission', organization);
  const admitted = admission?.publicKey === motion.publicKey && admission.spent !== true;
  if (!member && !admitted) {
    return undefined;
  }
  const is = member ? 'is a member' : 'is admitted with this key';
  return refuse('EXISTS', `Organization ${organization} ${is} already. Nothing is left to do.`);
}

interface Outcome {
  readonly events: readonly LedgerEvent[];
  readonly writes: readonly Write[];
}

function* carryingOut(motion: Motion, consortium: ConsortiumRecord, now: number): Reading<Outcome> {
  switch (motion.type) {
    case 'admit': {
      const { organization, publicKey } = motion;
      const admission = { organization, publicKey, admittedAt: now };
      return { events: [{ type: 'organization.admitted', admission }], writes: [] };
    }
    case 'expel': {
      const organization = { ...(yield* memberRecord(motion.organization)), gone: 'expelled' } as const;
      return {
        events: [{ type: 'organization.expelled', organization }],
        writes: [withoutMember(consortium, organization.id)]
      };
    }
    case 'configure': {
      const { membership, majority } = motion;
      const configured = { ...consortium, membership, majority };
      return { events: [{ type: 'consortium.configured', consortium: configured }], writes: [] };
    }
  }
}
