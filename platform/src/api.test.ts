import { openMemoryLedger } from '@jupyterflow/ledger';
import type { Dataset, DatasetPage, Lease, LeasePage, OrganizationPage, Problem } from '@jupyterflow/schema';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeOverDatabases, type Databases } from './testing/databases.js';
import { Rig, codeOf, good } from './testing/rig.js';

const storage = { kind: 'directory', path: 'penguins' } as const;
const titles = (page: DatasetPage): string[] => page.items.map(one => one.title);

describeOverDatabases(open => {
  let databases: Databases;
  let rig: Rig;
  beforeAll(async () => {
    databases = await open();
    rig = await Rig.open({ database: await databases.empty() });
  }, 60_000);
  afterAll(async () => {
    await rig.close();
    await databases.close();
  });

  describe('the catalogue', () => {
    test('shows a published dataset without its storage details, with defaults for what was left out', async () => {
      const dataset = await rig.publish('stina', { title: '  Øyenstikkere på Jæren (2026) ' });
      expect(dataset).toEqual({
        id: expect.stringMatching(/^ds_[0-9a-f]{24}$/) as unknown,
        version: 1,
        kind: 'data',
        title: '  Øyenstikkere på Jæren (2026) ',
        name: 'oyenstikkere-pa-jaeren-2026',
        description: '',
        owner: 'uis',
        tags: [],
        policy: {
          mode: 'access',
          concurrency: 1,
          approval: 'auto',
          maxDuration: 'PT8H',
          renewals: 3,
          purposes: [],
          organizations: [],
          algorithms: 'raw',
          sites: [],
          egress: [],
          resultRelease: 'auto'
        },
        structure: [],
        columns: [],
        storageKind: 'directory',
        state: 'published',
        availability: 'open',
        publishedAt: new Date(rig.clock.now()).toISOString()
      });
    });

    test('is searched by all words, in whatever case, and by nothing else', async () => {
      await rig.publish('stina', { title: 'Searchable 100%', tags: ['bird_song'], columns: ['Wingspan'] });
      const find = async (q: string): Promise<string[]> =>
        titles(good<DatasetPage>(await rig.call('kari', 'GET', `datasets?q=${encodeURIComponent(q)}`)));
      expect(await find('SEARCHABLE wingspan')).toEqual(['Searchable 100%']);
      expect(await find('searchable bird_song uis')).toEqual(['Searchable 100%']);
      for (const q of ['searchable %x', 'searchable bird?song', 'searchable birdXsong', "searchable' or true --"])
        expect(await find(q)).toEqual([]);
    });

    test.each(['title', 'owner', 'availability'])(
      'is read page by page, sorted by %s, each dataset once',
      async sort => {
        for (const title of ['Sorted b', 'sorted A', 'Sorted c'])
          await rig.publish(title === 'Sorted b' ? 'berit' : 'stina', { title });
        const all = good<DatasetPage>(await rig.call('kari', 'GET', `datasets?q=sorted&sort=${sort}&limit=200`));
        expect(all.total).toBe(all.items.length);
        const seen: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const page: DatasetPage = good(
            await rig.call('kari', 'GET', `datasets?q=sorted&sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`)
          );
          seen.push(...page.items.map(one => one.id));
          cursor = page.nextCursor;
        }
        expect(seen).toEqual(all.items.map(one => one.id));
        if (sort === 'owner') expect(all.items[0]?.owner).toBe('uib');
      }
    );

    test('hides a dataset from organizations that its policy leaves out', async () => {
      const dataset = await rig.publish('stina', { title: 'Hidden', policy: { organizations: ['uib', 'uib'] } });
      expect(dataset.policy.organizations).toEqual(['uib']);
      expect(titles(good(await rig.call('siri', 'GET', 'datasets?q=hidden')))).toEqual([]);
      for (const who of ['kari', 'ola'] as const)
        expect(titles(good(await rig.call(who, 'GET', 'datasets?q=hidden')))).toEqual(['Hidden']);
      expect(codeOf(await rig.call('siri', 'GET', `datasets/${dataset.id}`))).toBe('404 UNKNOWN_DATASET');
      expect(codeOf(await rig.call('siri', 'POST', `datasets/${dataset.id}/leases`, { purpose: 'x' }))).toBe(
        '404 UNKNOWN_DATASET'
      );
    });

    test('goes on showing to a holder what a new policy hides', async () => {
      const dataset = await rig.publish('stina', { title: 'Narrowed' });
      await rig.lease('siri', dataset.id);
      good(
        await rig.call(
          'stina',
          'PATCH',
          `datasets/${dataset.id}`,
          { policy: { organizations: ['uib'] } },
          { 'if-match': '"1"' }
        )
      );
      expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${dataset.id}`)).availability).toBe('yours');
      expect(titles(good(await rig.call('siri', 'GET', 'datasets?q=narrowed')))).toEqual(['Narrowed']);
    });

    test('changes only for who has seen the present version', async () => {
      const { id } = await rig.publish('stina');
      const patch = (headers: Record<string, string>) =>
        rig.call('stina', 'PATCH', `datasets/${id}`, { title: 'New', tags: ['a', 'a'] }, headers);
      expect(codeOf(await patch({}))).toBe('428 VERSION_CONFLICT');
      for (const tag of ['"2"', '*', '1', 'W/"1"'])
        expect(codeOf(await patch({ 'if-match': tag }))).toBe('412 VERSION_CONFLICT');
      const answer = await patch({ 'if-match': '"1"' });
      expect(good<Dataset>(answer)).toMatchObject({ version: 2, title: 'New', tags: ['a'], storageKind: 'directory' });
      expect(answer.headers['etag']).toBe('"2"');
      expect(codeOf(await patch({ 'if-match': '"1"' }))).toBe('412 VERSION_CONFLICT');
    });

    test('a retired dataset is not in it, can not be leased, and its details are erased', async () => {
      const before = await readdir(join(rig.state, 'vault', 'details'));
      const { id } = await rig.publish('stina', { title: 'Retiring' });
      await rig.lease('kari', id);
      expect((await rig.call('stina', 'DELETE', `datasets/${id}`, undefined, { 'if-match': '"1"' })).statusCode).toBe(
        204
      );
      expect(await readdir(join(rig.state, 'vault', 'details'))).toEqual(before);
      expect(titles(good(await rig.call('kari', 'GET', 'datasets?q=retiring')))).toEqual([]);
      expect(codeOf(await rig.call('siri', 'POST', `datasets/${id}/leases`, { purpose: 'x' }))).toBe('409 WRONG_STATE');
      const run = {
        source: `jobs:\n- command: ls\n  volumes: [{id: ${id}, path: /home/jovyan/x}]\n`,
        workspace: '/home/jovyan/work'
      };
      expect(codeOf(await rig.call('kari', 'POST', 'runs', run))).toBe('409 WRONG_STATE');
    });
  });

  describe('a lease', () => {
    test('makes the dataset yours and taken for others, until it is released', async () => {
      const { id } = await rig.publish('stina');
      const lease = await rig.lease('kari', id);
      expect(lease).toMatchObject({
        state: 'active',
        holder: { user: 'kari', organization: 'uib' },
        fencing: 1,
        renewalsLeft: 3,
        duration: 'PT4H'
      });
      expect(good<Dataset>(await rig.call('kari', 'GET', `datasets/${id}`))).toMatchObject({
        availability: 'yours',
        lease: { id: lease.id }
      });
      expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${id}`))).toMatchObject({
        availability: 'taken',
        takenBy: 'uib',
        takenUntil: lease.expiresAt
      });
      const refused = await rig.call('siri', 'POST', `datasets/${id}/leases`, { purpose: 'teaching' });
      expect(codeOf(refused)).toBe('409 LEASED');
      expect(refused.json<Problem>()).toMatchObject({ holder: 'uib', until: lease.expiresAt, dataset: id });
      expect(good<Lease>(await rig.call('kari', 'POST', `leases/${lease.id}/release`)).state).toBe('released');
      expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${id}`)).availability).toBe('open');
    });

    test('expires by its time alone', async () => {
      const { id } = await rig.publish('stina');
      const lease = await rig.lease('kari', id, { duration: 'PT10M' });
      rig.clock.advance(600_000);
      expect(good<Lease>(await rig.call('kari', 'GET', `leases/${lease.id}`))).toMatchObject({
        state: 'expired',
        endedAt: lease.expiresAt
      });
      expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${id}`)).availability).toBe('open');
      expect(codeOf(await rig.call('kari', 'POST', `leases/${lease.id}/renew`))).toBe('409 LEASE_NOT_ACTIVE');
      expect((await rig.lease('siri', id)).fencing).toBe(2);
    });

    test('that two clients race for is given to exactly one', async () => {
      for (let round = 0; round < 5; round++) {
        const { id } = await rig.publish('stina');
        const answers = await Promise.all(
          (['kari', 'siri', 'ola', 'stina'] as const).map(who =>
            rig.call(who, 'POST', `datasets/${id}/leases`, { purpose: 'race' })
          )
        );
        expect(answers.map(answer => answer.statusCode).sort()).toEqual([201, 409, 409, 409]);
      }
    });

    test.each([
      [{ purpose: 'profit' }, '422 POLICY'],
      [{ purpose: 'teaching', duration: 'PT9H' }, '422 POLICY'],
      [{ purpose: 'teaching', duration: 'P1Y' }, '422 INVALID_BODY'],
      [{ purpose: ' ' }, '422 INVALID_BODY'],
      [{ purpose: 'two\nlines' }, '422 INVALID_BODY']
    ])('asked for with %j is refused with %s', async (wish, code) => {
      const { id } = await rig.publish('stina', { policy: { purposes: ['teaching'] } });
      expect(codeOf(await rig.call('kari', 'POST', `datasets/${id}/leases`, wish))).toBe(code);
      expect(good<Dataset>(await rig.call('siri', 'GET', `datasets/${id}`)).availability).toBe('open');
    });

    test('waits for a steward of the owner where the policy says so', async () => {
      const { id } = await rig.publish('stina', { policy: { approval: 'owner' } });
      const ask = async (): Promise<Lease> =>
        good(await rig.call('kari', 'POST', `datasets/${id}/leases`, { purpose: 'x' }), 202);
      const first = await ask();
      expect(
        good<Lease>(await rig.call('stina', 'POST', `leases/${first.id}/deny`, { reason: 'not now' }))
      ).toMatchObject({ state: 'denied', reason: 'not now' });
      const second = await ask();
      expect(good<Dataset>(await rig.call('kari', 'GET', `datasets/${id}`))).toMatchObject({
        availability: 'open',
        lease: { state: 'requested' }
      });
      expect(good<Lease>(await rig.call('stina', 'POST', `leases/${second.id}/approve`)).state).toBe('active');
      expect(codeOf(await rig.call('stina', 'POST', `leases/${second.id}/approve`))).toBe('409 WRONG_STATE');
    });

    test('is listed for its holder and for the stewards of the owner', async () => {
      const { id } = await rig.publish('stina');
      const lease = await rig.lease('kari', id);
      const list = async (who: 'kari' | 'stina' | 'ola' | 'siri', query = ''): Promise<string[]> =>
        good<LeasePage>(await rig.call(who, 'GET', `leases?dataset=${id}${query}`)).items.map(one => one.id);
      expect(await list('kari', '&state=active&mine=true')).toEqual([lease.id]);
      expect(await list('stina')).toEqual([lease.id]);
      expect(await list('stina', '&mine=true')).toEqual([]);
      for (const who of ['ola', 'siri'] as const) expect(await list(who)).toEqual([]);
      rig.clock.advance(4 * 3_600_000);
      expect([await list('kari', '&state=active'), await list('kari', '&state=expired')]).toEqual([[], [lease.id]]);
    });
  });

  describe('a request with an Idempotency-Key', () => {
    const key = { 'idempotency-key': 'one' };

    test('has the same answer when it is repeated, at once or later', async () => {
      const body = { title: 'Repeated', storage };
      const details = async (): Promise<number> => (await readdir(join(rig.state, 'vault', 'details'))).length;
      const before = await details();
      const answers = await Promise.all([1, 2, 3].map(() => rig.call('stina', 'POST', 'datasets', body, key)));
      answers.push(await rig.call('stina', 'POST', 'datasets', body, key));
      expect(new Set(answers.map(answer => answer.body)).size).toBe(1);
      expect([answers[0]!.statusCode, await details()]).toEqual([201, before + 1]);
    });

    test('is refused for another body, and is another one for another person or place', async () => {
      const [first, second] = [
        await rig.publish('stina', { title: 'One' }),
        await rig.publish('stina', { title: 'Two', policy: { concurrency: 2 } })
      ];
      const ask = (who: 'kari' | 'siri', id: string, purpose: string) =>
        rig.call(who, 'POST', `datasets/${id}/leases`, { purpose }, key);
      const lease = good<Lease>(await ask('kari', second.id, 'x'), 201);
      expect(good<Lease>(await ask('kari', second.id, 'x'), 201)).toEqual(lease);
      expect(codeOf(await ask('kari', second.id, 'y'))).toBe('409 IDEMPOTENCY_MISMATCH');
      expect(good<Lease>(await ask('siri', second.id, 'x'), 201).id).not.toBe(lease.id);
      expect(good<Lease>(await ask('kari', first.id, 'x'), 201).id).not.toBe(lease.id);
    });

    test('that was refused may be tried again', async () => {
      const { id } = await rig.publish('stina');
      const lease = await rig.lease('siri', id);
      const ask = () => rig.call('kari', 'POST', `datasets/${id}/leases`, { purpose: 'x' }, key);
      expect(codeOf(await ask())).toBe('409 LEASED');
      good(await rig.call('siri', 'POST', `leases/${lease.id}/release`));
      expect((await ask()).statusCode).toBe(201);
    });
  });

  describe('a platform that starts again', () => {
    test('has everything, with an old, an empty or a foreign database', async () => {
      const again = await Rig.open({ database: await databases.empty() });
      const ledger = openMemoryLedger({ clock: () => again.clock.now() });
      const close = ledger.close.bind(ledger);
      ledger.close = () => Promise.resolve();
      try {
        await again.platform.close();
        await rm(join(again.state, 'vault'), { recursive: true });
        await again.start({ ledger, database: await databases.empty() });
        const dataset = await again.publish('stina');
        const lease = good<Lease>(
          await again.call(
            'kari',
            'POST',
            `datasets/${dataset.id}/leases`,
            { purpose: 'x' },
            { 'idempotency-key': 'k' }
          ),
          201
        );
        const foreign = await databases.empty();
        await foreign.insertInto('projection').values({ id: 1, next: 7, signature: 'of another ledger' }).execute();
        await foreign
          .insertInto('runs')
          .values({ id: 'run_1', organization: 'uib', user: 'kari', state: 'Succeeded', startedAt: 0, record: '{}' })
          .execute();
        for (const database of [await databases.empty(), foreign]) {
          await again.platform.close();
          await again.start({ ledger, database });
          expect(good<Lease>(await again.call('kari', 'GET', `leases/${lease.id}`))).toEqual(lease);
          expect(good<LeasePage>(await again.call('kari', 'GET', 'runs')).items).toEqual([]);
          const repeated = await again.call(
            'kari',
            'POST',
            `datasets/${dataset.id}/leases`,
            { purpose: 'x' },
            { 'idempotency-key': 'k' }
          );
          expect(good<Lease>(repeated, 201)).toEqual(lease);
        }
        await again.platform.close();
        await rm(join(again.state, 'vault', 'keys', 'uib.json'));
        await expect(again.start({ ledger, database: await databases.empty() })).rejects.toThrow(
          'the ledger knows uib by a key that is not in the vault'
        );
      } finally {
        await close();
        await again.close();
      }
    }, 60_000);
  });

  test('organizations are named with the fingerprints of their keys', async () => {
    const { items } = good<OrganizationPage>(await rig.call('kari', 'GET', 'organizations'));
    expect(items.map(one => one.id)).toEqual(['uis', 'uib', 'uio']);
    expect(new Set(items.map(one => one.keyFingerprint)).size).toBe(3);
  });
});
