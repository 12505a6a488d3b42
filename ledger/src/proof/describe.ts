import { fingerprint } from '../keys.js';
import { duration, time } from '../rules/wording.js';
import { shown } from '../shown.js';
import { leaseState } from '../state.js';
import type { Anchor, CheckedProof } from './check.js';
import type { Story, StoryStep } from './story.js';

/**
 * What a good proof proves, in plain words, and what that rests on.
 *
 * @param keys - the keys of organizations that were trusted, by id
 */
export function describeProof({ story, origin, anchors }: CheckedProof, keys: ReadonlyMap<string, string>): string {
  const { lease, dataset, steps } = story;
  const title = typeof dataset.description['title'] === 'string' ? ` "${shown(dataset.description['title'])}"` : '';
  const holder = `${shown(lease.user)} of ${named(story, lease.organization)}`;
  return [
    `ok: lease ${lease.id} is on the log ${shown(origin)}`,
    '',
    `  dataset  ${dataset.id}${title} of ${named(story, lease.owner)}`,
    `  holder   ${holder}`,
    `  purpose  ${shown(lease.purpose)}`,
    `  until    ${endOf(story)}`,
    '',
    'what happened',
    ...steps.map(step => `  ${time(step.time)}  ${stepText(step, lease.duration)}  (entry ${step.index})`),
    '',
    'this rests on',
    ...[...keys]
      .filter(([id]) => story.organizations.has(id))
      .map(([id, key]) => `  the key of ${id} that you gave, SHA-256 ${fingerprint(key)}`),
    ...anchors.flatMap(anchorLines),
    ...aloneLines(anchors),
    '',
    ...timeLines(anchors),
    '',
    'it does not show',
    '  entries that were left out of the file, or came later: a renewal, a release or a revocation, say',
    `  who has a copy of the log sees all of them: jupyterflow-ledger show DIR --lease ${lease.id}`
  ].join('\n');
}

function named(story: Story, id: string): string {
  const name = story.organizations.get(id)?.name;
  return name === undefined ? id : `${id} (${shown(name)})`;
}

function endOf({ lease }: Story): string {
  if (lease.expiresAt === undefined) {
    return `never active: it is ${lease.state}`;
  }
  const end = lease.endedAt ?? lease.expiresAt;
  return `${time(end)}${lease.endedAt === undefined ? '' : `, when it was ${leaseState(lease, end)}; it would have lasted until ${time(lease.expiresAt)}`}`;
}

function stepText({ what, user, organization, until, reason }: StoryStep, asked: number): string {
  const who = `${shown(user)} of ${organization}`;
  const why = reason === undefined ? '' : `: "${shown(reason)}"`;
  switch (what) {
    case 'requested':
      return `requested by ${who}, for ${duration(asked)}`;
    case 'granted':
      return `granted${until === undefined ? '' : ` until ${time(until)}`}, by a command of ${who}`;
    case 'renewed':
      return `renewed by ${who}${until === undefined ? '' : `, until ${time(until)}`}`;
    default:
      return `${what} by ${who}${why}`;
  }
}

/** A witness makes what its own organization says no truer: nobody else vouches for it where it is the only one. */
function aloneLines(anchors: readonly Anchor[]): string[] {
  const [one, ...others] = new Set(
    anchors.flatMap(({ witnesses }) => witnesses.map(({ organization }) => organization))
  );
  return anchors.some(({ log }) => log) || one === undefined || others.length > 0
    ? []
    : [
        `  so on ${one} alone: who doubts it gives the key of the log, or keys of more organizations that have a witness`
      ];
}

/** Whose the times are, and what the witnesses say of them. */
function timeLines(anchors: readonly Anchor[]): string[] {
  const first = new Map<string, number>();
  for (const { organization, time: at } of anchors.flatMap(({ witnesses }) => witnesses)) {
    first.set(organization, Math.min(at, first.get(organization) ?? Infinity));
  }
  return [
    'the times are those of the log',
    ...(first.size === 0
      ? ['  no witness that you know saw them']
      : [
          `  the witnesses saw it at the latest at ${time(Math.max(...first.values()) * 1000)}`,
          '  a dishonest log can set an entry back, at most to the time of the cosigned entry before it'
        ])
  ];
}

function anchorLines({ size, log, witnesses }: Anchor): string[] {
  const whole = `a tree of ${size} entries`;
  return [
    ...(log ? [`  the key of the log that you gave, which signed ${whole}`] : []),
    ...witnesses.map(
      ({ organization, time: at }) => `  the witness of ${organization}, which cosigned ${whole} at ${time(at * 1000)}`
    )
  ];
}
