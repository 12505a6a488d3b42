import type { Command } from '../commands.js';
import { createKeyPair } from '../keys.js';
import { exclusive, Party } from '../scenario.js';
import { envelopeProblem, signedProblem } from './check.js';
import { commands } from './table.js';

const party = new Party('uio', 'kari');
const publish: Command = {
  type: 'dataset.publish',
  dataset: 'd',
  policy: exclusive,
  description: { title: 'Genomes', tags: ['a', null, true, 1.5], nested: { deep: {} } },
  sealed: 'ab'.repeat(32)
};
const run: Command = { type: 'run.start', run: 'r', leases: ['l'], plan: 'cd'.repeat(32), images: [], facts: {} };

const envelope = (command: object, more: object = {}): unknown => ({
  id: 'c',
  organization: 'uio',
  user: 'kari',
  time: 0,
  command,
  ...more
});
const invalid = (problem: string) => ({
  ok: false,
  code: 'INVALID',
  message: `The command is not valid: ${problem}. Correct it and sign it again.`
});

function deep(levels: number): object {
  let value: object = {};
  for (let level = 1; level < levels; level++) {
    value = { value };
  }
  return value;
}

test.each([
  ['a dataset', publish],
  ['a run', run],
  ['an organization', { type: 'organization.join', name: 'UiO', publicKey: createKeyPair().publicKey }],
  ['a reason of two lines', { type: 'lease.deny', lease: 'l', reason: 'first\nsecond' }],
  ['a description that is nested as deep as may be', { ...publish, description: deep(32) }],
  ['the longest lease there is', { type: 'lease.renew', lease: 'l', duration: 315_576_000_000 }]
])('%s passes', (_what, command) => {
  expect(envelopeProblem(envelope(command))).toBeUndefined();
});

const policy = (change: object) => ({ ...publish, policy: { ...exclusive, ...change } });
const described = (description: unknown) => ({ ...publish, description });
test.each([
  ['no command', null, `envelope.command.type must be one of ${Object.keys(commands).join(', ')}`],
  ['a field that is not known', { ...run, extra: 1 }, 'envelope.command must not have the field "extra"'],
  ['an owner in the command', { ...publish, owner: 'uio' }, 'envelope.command must not have the field "owner"'],
  ['a field that is missing', { type: 'lease.renew', lease: 'l' }, 'envelope.command.duration is missing'],
  [
    'a path for an id',
    { ...publish, dataset: '../d' },
    'envelope.command.dataset must be 1 to 128 letters, digits, dots, hyphens or underscores'
  ],
  [
    'a witness whose key is none',
    { type: 'organization.join', name: 'UiO', publicKey: createKeyPair().publicKey, witness: 'x' },
    'envelope.command.witness must be an Ed25519 public key: SPKI DER in base64'
  ],
  [
    'no concurrency',
    policy({ concurrency: 0 }),
    'envelope.command.policy.concurrency must be an integer from 1 to 1000'
  ],
  ['half a renewal', policy({ renewals: 0.5 }), 'envelope.command.policy.renewals must be an integer from 0 to 1000'],
  [
    'a policy of more than ten years',
    policy({ maxDuration: 315_576_000_001 }),
    'envelope.command.policy.maxDuration must be an integer from 1000 to 315576000000'
  ],
  [
    'an approval by nobody',
    policy({ approval: 'none' }),
    'envelope.command.policy.approval must be one of auto, owner'
  ],
  ['a purpose twice', policy({ purposes: ['a', 'a'] }), 'envelope.command.policy.purposes must not repeat a value'],
  [
    'a purpose of two lines',
    policy({ purposes: ['a\nb'] }),
    'envelope.command.policy.purposes[0] must be one line of 1 to 200 characters'
  ],
  [
    'a purpose of a terminal',
    policy({ purposes: ['a\u001b[2J'] }),
    'envelope.command.policy.purposes[0] must be one line of 1 to 200 characters'
  ],
  [
    'too many organizations',
    policy({ organizations: Array.from({ length: 201 }, (_, n) => `o${n}`) }),
    'envelope.command.policy.organizations must be a list of at most 200'
  ],
  [
    'a lease of less than a second',
    { type: 'lease.renew', lease: 'l', duration: 999 },
    'envelope.command.duration must be an integer from 1000 to 315576000000'
  ],
  [
    'a digest that is none',
    { ...run, plan: 'AB'.repeat(32) },
    'envelope.command.plan must be a SHA-256 in 64 lowercase hex digits'
  ],
  [
    'a key of another kind',
    { type: 'organization.join', name: 'UiO', publicKey: 'AAAA' },
    'envelope.command.publicKey must be an Ed25519 public key: SPKI DER in base64'
  ],
  [
    'an end that is none',
    { type: 'run.end', run: 'r', state: 'Running' },
    'envelope.command.state must be one of Succeeded, Failed, Error'
  ],
  [
    'a long reason',
    { type: 'lease.deny', lease: 'l', reason: 'x'.repeat(1001) },
    'envelope.command.reason must be text of at most 1000 characters'
  ],
  ['a description that is a list', described([]), 'envelope.command.description must be an object'],
  [
    'a large description',
    described({ text: 'x'.repeat(65_536) }),
    'envelope.command.description must be at most 65536 characters of JSON'
  ],
  [
    'a description that is nested too deeply',
    described(deep(34)),
    'envelope.command.description must be nested at most 32 deep'
  ],
  [
    'a description with half a character',
    described({ text: '\ud800' }),
    'envelope.command.description must be well-formed Unicode'
  ],
  [
    'a type that every object has',
    { type: 'constructor' },
    `envelope.command.type must be one of ${Object.keys(commands).join(', ')}`
  ]
])('%s is refused', (_what, command, problem) => {
  expect(envelopeProblem(envelope(command as object))).toEqual(invalid(problem));
});

test.each([
  ['a time that no clock shows', { time: 1e16 }, 'envelope.time must be an integer from 0 to 8640000000000000'],
  ['a user of two lines', { user: 'a\nb' }, 'envelope.user must be one line of 1 to 200 characters'],
  [
    'an organization with a slash',
    { organization: 'a/b' },
    'envelope.organization must be 1 to 128 letters, digits, dots, hyphens or underscores'
  ]
])('%s is refused', (_what, more, problem) => {
  expect(envelopeProblem(envelope(run, more))).toEqual(invalid(problem));
});

test('a signature has one spelling', () => {
  const { envelope: own, signature } = party.signs(run, 0);
  expect(signedProblem({ envelope: own, signature })).toBeUndefined();
  const others = [signature.replace(/==$/, ''), `${signature}\n`, signature.replace(/[AQgw]==$/, 'B==')];
  others.forEach(other =>
    expect(signedProblem({ envelope: own, signature: other })).toEqual(
      invalid('signed.signature must be an Ed25519 signature in base64')
    )
  );
});
