import type { ConsortiumSettings, Motion } from '../commands.js';
import type { ConsortiumRecord, MotionRecord, Vote } from '../state.js';
import { isMember } from './consortium.js';

/** Name of a motion in its key, without spaces: the same motion has the same name. */
export function motionName(motion: Motion): string {
  switch (motion.type) {
    case 'admit':
      return `admit:${motion.organization}:${motion.publicKey}`;
    case 'expel':
      return `expel:${motion.organization}`;
    case 'configure':
      return `configure:${motion.membership}:${motion.majority}`;
  }
}

/** The votes that count: of members who have been so without a break since, before their end. */
export function votesInForce(
  { votes }: Pick<MotionRecord, 'votes'>,
  consortium: ConsortiumRecord,
  now: number
): readonly Vote[] {
  return votes.filter(vote => now < vote.until && isMember(consortium, vote));
}

const ENOUGH: Readonly<Record<ConsortiumSettings['majority'], (votes: number, members: number) => boolean>> = {
  half: (votes, members) => 2 * votes > members,
  'two-thirds': (votes, members) => 3 * votes >= 2 * members,
  all: (votes, members) => votes === members
};

/**
 * Whether the votes in force carry a motion. Who is to be expelled neither votes nor counts as a member, and one member
 * alone expels nobody: two who fall out part by leaving.
 */
export function isCarried(motion: Motion, votes: readonly Vote[], { members, majority }: ConsortiumRecord): boolean {
  if (motion.type !== 'expel') {
    return ENOUGH[majority](votes.length, members.length);
  }
  const others = votes.filter(({ organization }) => organization !== motion.organization).length;
  return others >= 2 && ENOUGH[majority](others, members.length - 1);
}
