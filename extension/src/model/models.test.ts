import { signalToPromise } from '@jupyterlab/testing';
import type { Dataset, Run } from '@jupyterflow/schema';
import { PlatformError } from '../problems';
import { dataset, datasetPage, job, lease, NOW, organizationPage, platform, run } from '../testing/fixtures';
import { CatalogModel, matches } from './catalog';
import { endingSoon, endKey, LeasesModel, visibleLeases } from './leases';
import { Live } from './live';
import { JobLog, plain } from './log';
import { Organizations } from './organizations';
import { pages } from './pages';
import { Reach } from './reach';
import { RunsModel } from './runs';

const down = new PlatformError('http://hub.test/', { kind: 'answer', status: 502 });

/** A live value whose loads are given one by one. */
function live(...loads: (() => Promise<string>)[]): Live<string> {
  return new Live({
    name: 'test',
    load: () => (loads.shift() ?? (() => Promise.resolve('last')))(),
    interval: () => 60_000
  });
}

describe('something that is kept up to date', () => {
  test('is loading, then ready', async () => {
    const one = live(() => Promise.resolve('first'));
    expect(one.state).toEqual({ kind: 'loading' });
    await one.refresh();
    expect(one.state).toEqual({ kind: 'ready', value: 'first' });
    one.dispose();
  });

  test('says why it failed and when it tries again', async () => {
    const one = live(() => Promise.reject(down));
    const before = Date.now();
    await one.refresh();
    expect(one.state).toEqual({ kind: 'failed', error: down, retryAt: expect.any(Number) as number });
    expect(one.state.kind === 'failed' && one.state.retryAt).toBeGreaterThan(before);
    one.dispose();
  });

  test('keeps what it knew while it fails, and forgets the failure when it succeeds', async () => {
    const one = live(
      () => Promise.resolve('first'),
      () => Promise.reject(down)
    );
    await one.refresh();
    await one.refresh();
    expect(one.state).toMatchObject({ kind: 'failed', value: 'first' });
    await one.refresh();
    expect(one.state).toEqual({ kind: 'ready', value: 'last' });
    one.dispose();
  });

  test('rests while nobody looks', async () => {
    let loads = 0;
    const one = new Live({
      name: 'test',
      load: () => Promise.resolve(++loads),
      interval: () => 60_000,
      idle: () => true
    });
    await one.refresh();
    expect([loads, one.state.kind]).toEqual([0, 'loading']);
    one.dispose();
  });
});

describe('an outage', () => {
  test('is told once, and one success makes the others try', async () => {
    const reach = new Reach();
    const [first, second] = [live(() => Promise.reject(down)), live(() => Promise.reject(down))];
    [first, second].forEach(one => reach.add(one));
    await reach.refresh();
    expect(reach.outage?.error).toBe(down);
    const recovered = signalToPromise(second.changed);
    await first.refresh();
    await recovered;
    expect(second.state).toEqual({ kind: 'ready', value: 'last' });
    expect(reach.outage).toBeUndefined();
    [first, second].forEach(one => one.dispose());
    reach.dispose();
  });

  test('is not what the platform itself refuses', async () => {
    const refused = new PlatformError('http://hub.test/', {
      kind: 'problem',
      status: 403,
      problem: { type: '', title: '', status: 403, detail: 'No.', code: 'NOT_ALLOWED' }
    });
    const reach = new Reach();
    const one = live(() => Promise.reject(refused));
    reach.add(one);
    await reach.refresh();
    expect(reach.outage).toBeUndefined();
    one.dispose();
  });
});

test('pages are read to the last, but no more than asked for', async () => {
  const all = [
    { items: [1, 2], nextCursor: 'a' },
    { items: [3], nextCursor: 'b' },
    { items: [4], nextCursor: null }
  ];
  const load = (cursor: string | undefined): Promise<(typeof all)[number]> =>
    Promise.resolve(all[cursor === undefined ? 0 : cursor === 'a' ? 1 : 2]!);
  expect((await pages(load, 9)).items).toEqual([1, 2, 3, 4]);
  expect((await pages(load, 2)).items).toEqual([1, 2, 3]);
});

describe('the catalogue', () => {
  const all = [dataset(), dataset({ id: 'ds_lorem00001', title: 'Lorem corpus', tags: [], description: '' })];

  test('asks the platform for what is searched, and shows what matches before it answers', async () => {
    const asked: (string | undefined)[] = [];
    const catalog = new CatalogModel(
      platform({
        datasets: ({ q }) => {
          asked.push(q);
          return Promise.resolve(datasetPage(all));
        }
      })
    );
    await catalog.live.refresh();
    expect(catalog.shown).toHaveLength(2);
    const answered = signalToPromise(catalog.live.changed);
    catalog.query = 'lorem';
    expect(catalog.shown.map(({ title }) => title)).toEqual(['Lorem corpus']);
    await answered;
    expect(asked).toEqual(['', 'lorem']);
    catalog.dispose();
  });

  test('loads one more page on request', async () => {
    const page = (cursor?: string): Dataset[] => (cursor ? [all[1]!] : [all[0]!]);
    const catalog = new CatalogModel(
      platform({ datasets: ({ cursor }) => Promise.resolve(datasetPage(page(cursor), cursor ? null : 'next', 2)) })
    );
    await catalog.live.refresh();
    expect(catalog.live.value).toMatchObject({ total: 2, more: true });
    await catalog.showMore();
    expect(catalog.shown).toHaveLength(2);
    expect(catalog.live.value?.more).toBe(false);
    catalog.dispose();
  });

  test.each([
    ['biscoe', true],
    ['PENGUINS uis', true],
    ['birds', true],
    ['', true],
    ['penguins uib', false]
  ])('“%s” finds the penguins of UiS: %s', (query, found) => {
    expect(matches(dataset(), query)).toBe(found);
  });
});

describe('leases', () => {
  const ended = (id: string, endedAt: string): ReturnType<typeof lease> => lease({ id, state: 'released', endedAt });

  test('are shown by their end; those that ended stay for five minutes', () => {
    const all = [
      lease({ id: 'ls_late00001', expiresAt: '2026-11-22T20:00:00Z' }),
      ended('ls_old000001', '2026-11-22T11:54:59Z'),
      ended('ls_gone00001', '2026-11-22T11:56:00Z'),
      lease({ id: 'ls_soon00001', expiresAt: '2026-11-22T12:05:00Z' }),
      lease({ id: 'ls_asked0001', state: 'requested', expiresAt: undefined })
    ];
    expect(visibleLeases(all, NOW).map(({ id }) => id)).toEqual([
      'ls_soon00001',
      'ls_late00001',
      'ls_asked0001',
      'ls_gone00001'
    ]);
  });

  test('are announced once under ten minutes, and again after a renewal', () => {
    const soon = lease({ expiresAt: '2026-11-22T12:09:59Z' });
    const told = new Set<string>();
    expect(endingSoon([soon, lease()], NOW, told)).toEqual([soon]);
    told.add(endKey(soon));
    expect(endingSoon([soon], NOW, told)).toEqual([]);
    const renewed = { ...soon, expiresAt: '2026-11-22T13:00:00Z' };
    expect(endingSoon([renewed], Date.parse('2026-11-22T12:55:00Z'), told)).toEqual([renewed]);
  });

  test('that were requested are told of when they are granted', async () => {
    let state: 'requested' | 'active' = 'requested';
    const leases = new LeasesModel(
      platform({ leases: () => Promise.resolve({ items: [lease({ state })], nextCursor: null }) }),
      { mine: true }
    );
    const granted = signalToPromise(leases.granted);
    await leases.live.refresh();
    state = 'active';
    await leases.live.refresh();
    expect((await granted)[1].id).toBe('ls_biscoe0001');
    leases.dispose();
  });

  test('are loaded again after a change', async () => {
    const calls: string[] = [];
    const leases = new LeasesModel(
      platform({
        leases: () => Promise.resolve({ items: [], nextCursor: null }),
        changeLease: (id, verb, action) => {
          calls.push(`${verb} ${id} ${JSON.stringify(action)}`);
          return Promise.resolve(lease());
        }
      }),
      { mine: true }
    );
    await leases.change('ls_1', 'renew', { duration: 'PT2H' });
    expect(calls).toEqual(['renew ls_1 {"duration":"PT2H"}']);
    expect(leases.live.state.kind).toBe('ready');
    leases.dispose();
  });
});

test('a run that was seen active tells when it ends, once', async () => {
  const answers: Run[] = [
    run({ state: 'Succeeded', id: 'run_before001' }),
    run(),
    run({ state: 'Failed' }),
    run({ state: 'Failed' })
  ];
  const runs = new RunsModel(
    platform({ runs: () => Promise.resolve({ items: [answers.shift()!], nextCursor: null }) })
  );
  const ended: string[] = [];
  runs.ended.connect((_, one) => ended.push(`${one.id} ${one.state}`));
  for (let n = 0; n < 4; n++) {
    await runs.live.refresh();
  }
  expect(ended).toEqual(['run_linear0001 Failed']);
  runs.dispose();
});

describe('a log', () => {
  test('grows until the job has finished', async () => {
    const log = new JobLog(
      platform({
        log: async function* () {
          yield 'one\n';
          await Promise.resolve();
          yield 'two\n';
        }
      }),
      'run_1',
      job().name
    );
    while (log.state.kind === 'reading') {
      await signalToPromise(log.changed);
    }
    expect([log.text, log.state.kind]).toEqual(['one\ntwo\n', 'ended']);
    log.dispose();
  });

  test('says why it can’t be read', async () => {
    const log = new JobLog(
      platform({
        log: async function* () {
          await Promise.resolve();
          throw down;
        }
      }),
      'run_1',
      'job-1'
    );
    await signalToPromise(log.changed);
    expect(log.state).toEqual({ kind: 'failed', error: down });
    log.dispose();
  });

  test.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['10%\r50%\r100%\n', '100%\n'],
    ['windows\r\nline', 'windows\nline']
  ])('%j is read as %j', (raw, text) => {
    expect(plain(raw)).toBe(text);
  });
});

test('an organization is called by its name; by its id while the name is not known', async () => {
  const answers = platform({ organizations: () => Promise.resolve(organizationPage({ uis: 'UiS' })) });
  const { live, nameOf } = new Organizations(answers);
  expect(nameOf('uis')).toBe('uis');
  await live.refresh();
  expect([nameOf('uis'), nameOf('uib')]).toEqual(['UiS', 'uib']);
  live.dispose();
});
