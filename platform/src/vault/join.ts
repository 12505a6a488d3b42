import { sign, type Ledger } from '@jupyterflow/ledger';
import type { OrganizationConfig } from '../auth/identity.js';
import type { Clock } from '../clock.js';
import { commandId } from '../ledger/command-id.js';
import { makeKeys, readKeys, type OrganizationKeys } from './keys.js';

/**
 * The keys of all organizations; one that is new gets its keys, and joins the ledger with them.
 * @throws Error when the ledger knows an organization by a key that is not here
 */
export async function joinAll(
  folder: string,
  organizations: readonly OrganizationConfig[],
  ledger: Ledger,
  clock: Clock
): Promise<ReadonlyMap<string, OrganizationKeys>> {
  const all = new Map<string, OrganizationKeys>();
  for (const { id, name } of organizations) {
    const known = await ledger.organization(id);
    let keys = await readKeys(folder, id);
    if (known && known.publicKey !== keys?.signing.publicKey) {
      throw new Error(
        `the ledger knows ${id} by a key that is not in the vault: restore vault/keys/${id}.json from your backup`
      );
    }
    keys ??= await makeKeys(folder, id);
    all.set(id, keys);
    if (known) continue;
    const { publicKey, privateKey } = keys.signing;
    const command = { type: 'organization.join', name, publicKey } as const;
    const answer = await ledger.submit(
      sign({ id: commandId(undefined), organization: id, user: 'platform', time: clock.now(), command }, privateKey)
    );
    if (!answer.ok) throw new Error(`${id} could not join the ledger: ${answer.message}`);
  }
  return all;
}
