import { EXIT } from '../failure.js';
import { openBackend } from '../open-backend.js';
import type { BackendFlags } from '../settings.js';
import { print } from '../terminal.js';

/** Forgets a finished run and its logs. */
export async function remove(reference: string, flags: BackendFlags): Promise<number> {
  const backend = await openBackend(flags);
  const { id, name } = await backend.find(reference);
  await backend.remove(id);
  print(`${name} deleted\n`);
  return EXIT.ok;
}
