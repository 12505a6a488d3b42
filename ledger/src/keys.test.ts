import { Draft, Replica } from './replica.js';
import { createKeyPair, signRotation } from './keys.js';
import { Party } from './scenario.js';
import type { Receipt, Refusal } from './ledger.js';
import type { SignedCommand } from './commands.js';

const NOW = Date.UTC(2026, 0, 1);

function ledgerOf(...first: readonly SignedCommand[]) {
  const replica = new Replica();
  const give = (signed: SignedCommand): Receipt | Refusal => {
    const draft = new Draft(replica);
    const answer = draft.submit(signed, NOW);
    replica.commit(draft);
    return answer;
  };
  first.forEach(signed => expect(give(signed)).toMatchObject({ ok: true }));
  return { replica, give };
}

describe('after an organization took a new key', () => {
  const old = new Party('uis', 'ola');
  const { party: renewed, signed } = old.rotates(NOW);

  test('the old one is refused and the new one serves', () => {
    const { give } = ledgerOf(old.joins(NOW), signed);
    expect(give(old.publishes('d', NOW))).toEqual({
      ok: false,
      code: 'BAD_SIGNATURE',
      message: 'The signature is not by the key of uis. Sign the command with that key.'
    });
    expect(give(renewed.publishes('d', NOW))).toMatchObject({ ok: true });
  });

  test('a command that the old one signed before gives its receipt again', () => {
    const before = old.publishes('d', NOW);
    const { give } = ledgerOf(old.joins(NOW), before, signed);
    expect(give(before)).toMatchObject({ ok: true, index: 1 });
    expect(give(signed)).toMatchObject({ ok: true, index: 2 });
  });

  test('every entry verifies again, each with the key of its time', () => {
    const { replica } = ledgerOf(old.joins(NOW), old.publishes('d', NOW), signed, renewed.publishes('e', NOW));
    const copy = new Replica();
    for (const { index, time, signed: command } of replica.entries) {
      const draft = new Draft(copy);
      expect(draft.replay({ index, time, signed: command })).toBeUndefined();
      copy.commit(draft);
    }
    expect(copy.digest()).toBe(replica.digest());
  });
});

describe('a new key is refused', () => {
  const party = new Party('uis', 'ola');
  const [mine, theirs] = [createKeyPair(), createKeyPair()];
  const envelope = { id: 'c', organization: 'uis', user: 'ola', time: NOW };
  const noProof = {
    ok: false,
    code: 'BAD_SIGNATURE',
    message: 'The proof is not by the new key of uis. Sign the envelope without its proof with that key.'
  };
  const proofOf = (signed: SignedCommand): string => (signed.envelope.command as { readonly proof: string }).proof;

  test('when its organization does not have it', () => {
    const { publicKey } = theirs;
    const signed = signRotation(envelope, { publicKey, privateKey: mine.privateKey }, party.keys.privateKey);
    expect(ledgerOf(party.joins(NOW)).give(signed)).toEqual(noProof);
  });

  test('when the old key did not sign', () => {
    const signed = signRotation(envelope, mine, mine.privateKey);
    expect(ledgerOf(party.joins(NOW)).give(signed)).toMatchObject({ code: 'BAD_SIGNATURE' });
  });

  test('when its proof was made for another command', () => {
    const before = signRotation({ ...envelope, id: 'b' }, mine, party.keys.privateKey);
    const command = { type: 'organization.rotate', publicKey: mine.publicKey, proof: proofOf(before) } as const;
    expect(ledgerOf(party.joins(NOW)).give(party.signs(command, NOW, 'c'))).toEqual(noProof);
  });

  test('when a replayed entry lacks the proof', () => {
    const { replica } = ledgerOf(party.joins(NOW));
    const proof = proofOf(signRotation(envelope, theirs, party.keys.privateKey));
    const command = { type: 'organization.rotate', publicKey: mine.publicKey, proof } as const;
    const draft = new Draft(replica);
    expect(draft.replay({ index: 1, time: NOW, signed: party.signs(command, NOW, 'c') })).toBe(
      `the rules refuse it: ${noProof.message}`
    );
  });
});
