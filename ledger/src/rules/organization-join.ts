import { accept, refuse, type Rule } from './decision.js';
import { read } from './reads.js';

/** The first join of an id is trusted; the signature proves that the organization has the key. */
export const joinOrganization: Rule<'organization.join'> = function* (command, given) {
  const known = yield* read('organization', given.organization);
  if (known !== undefined) {
    return refuse(
      'EXISTS',
      known.publicKey === command.publicKey
        ? `Organization ${known.id} has joined already, with this key. Go on with it.`
        : `Organization ${known.id} has joined already, with another key. Sign with that key, or join under another id.`
    );
  }
  const { name, publicKey, witness } = command;
  return accept([
    {
      type: 'organization.joined',
      organization: { id: given.organization, name, publicKey, ...(witness === undefined ? {} : { witness }) }
    }
  ]);
};
