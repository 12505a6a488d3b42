import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { verifyLog } from './embedded/verify.js';
import type { Entry } from './ledger.js';
import { Draft, Replica } from './replica.js';
import type { StateKey } from './rules/reads.js';

// Written by version 0.1.0: a log with every command that it knew, and the state that it folded the log to.
const folder = fileURLToPath(new URL('../test-data/log-of-version-0.1.0', import.meta.url));

test('a log of version 0.1.0 still verifies', async () => {
  expect(await verifyLog(folder)).toMatchObject({
    ok: true,
    size: 24,
    root: '6d9EFRFw22ztPFyBYCZBS0kdU/iVhyRSyaZCkqUgGUw='
  });
});

test('a log of version 0.1.0 folds to every record that it folded to then', async () => {
  const replica = new Replica();
  for (const line of (await readFile(`${folder}/log.jsonl`, 'utf8')).trimEnd().split('\n')) {
    const draft = new Draft(replica);
    expect(draft.replay((JSON.parse(line) as { entry: Entry }).entry)).toBeUndefined();
    replica.commit(draft);
  }
  const records = JSON.parse(await readFile(`${folder}/state.json`, 'utf8')) as Record<StateKey, object>;
  expect(Object.keys(records)).toHaveLength(15);
  for (const [key, record] of Object.entries(records)) {
    const now = replica.get(key as StateKey);
    // What an organization offers is counted since.
    expect(key.startsWith('organization/') ? { ...now, offers: undefined } : now).toEqual(record);
  }
});
