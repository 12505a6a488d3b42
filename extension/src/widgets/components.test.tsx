import { render, screen, fireEvent } from '@testing-library/react';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { act } from 'react';
import { CatalogModel } from '../model/catalog';
import { Clock } from '../model/clock';
import { LeasesModel } from '../model/leases';
import { Live } from '../model/live';
import { Organizations } from '../model/organizations';
import { Reach } from '../model/reach';
import { PlatformError } from '../problems';
import { dataset, job, lease, me, organizationPage, platform, policy, trans } from '../testing/fixtures';
import type { IPlatform } from '../tokens';
import { Datasets } from './datasets';
import { LentLeases, MyLeases } from './leases';
import { ListBox, target } from './listbox';
import { Publish } from './publish';
import { interesting } from './run';
import { Boundary, Loaded, OutageBanner } from './states';
import { lengthMs, lengthOf, outcomeWords } from './use-data';

const clock = new Clock();
const commands = new CommandRegistry();
const context = { clock, commands, trans };
const consortium = new Organizations({
  organizations: () => Promise.resolve(organizationPage({ uis: 'UiS', uio: 'UiO' }))
});
const down = new PlatformError('/services/platform/', { kind: 'answer', status: 502 });

// The test environment lays nothing out, so nothing can be scrolled to.
Element.prototype.scrollIntoView = () => undefined;

beforeAll(() => consortium.live.refresh());
afterAll(() => {
  clock.dispose();
  consortium.live.dispose();
});

function loaded(load: () => Promise<string>): Live<string> {
  return new Live({ name: 'test', load, interval: () => 60_000 });
}

const refresh = (live: { refresh(): Promise<void> }): Promise<void> => act(() => live.refresh());

describe('the three states', () => {
  test('loading: three grey rows, announced as busy', () => {
    const { container } = render(
      <Loaded live={loaded(() => Promise.resolve(''))} {...context}>
        {value => value}
      </Loaded>
    );
    expect(screen.getByRole('status').getAttribute('aria-busy')).toBe('true');
    expect(container.querySelectorAll('.jp-DataExplorer-skeleton')).toHaveLength(3);
  });

  test('an outage: which address, why, when it is tried again, and a button to try now', async () => {
    let answer = (): Promise<string> => Promise.reject(down);
    const live = loaded(() => answer());
    const reach = new Reach();
    reach.add(live);
    render(<OutageBanner reach={reach} clock={clock} trans={trans} />);
    render(
      <Loaded live={live} {...context}>
        {value => <p>{value}</p>}
      </Loaded>
    );
    await refresh(live);
    expect(screen.getByRole('alert').textContent).toBe('The platform at /services/platform/ does not answer (502).');
    expect(screen.getByText(/^Trying again in \d+ s\.$/)).toBeTruthy();
    expect(screen.getByText('Can’t be shown until the platform answers.')).toBeTruthy();
    answer = () => Promise.resolve('back');
    fireEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(await screen.findByText('back')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    live.dispose();
  });

  test('an outage leaves in sight what was known before', async () => {
    const answers = [() => Promise.resolve('known'), () => Promise.reject(down)];
    const live = loaded(() => answers.shift()!());
    render(
      <Loaded live={live} {...context}>
        {value => <p>{value}</p>}
      </Loaded>
    );
    await refresh(live);
    await refresh(live);
    expect(screen.getByText('known')).toBeTruthy();
    live.dispose();
  });

  test('a part that breaks says so and can be shown again', () => {
    let broken = true;
    const Part = (): React.JSX.Element => {
      if (broken) {
        throw new Error('oh');
      }
      return <p>whole</p>;
    };
    const silent = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    render(
      <Boundary trans={trans}>
        <Part />
      </Boundary>
    );
    silent.mockRestore();
    expect(screen.getByRole('alert').textContent).toBe('This part of the panel failed: oh');
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Show it again' }));
    expect(screen.getByText('whole')).toBeTruthy();
  });
});

describe('the catalogue', () => {
  function datasets(
    items: ReturnType<typeof dataset>[],
    allowed: string[] = []
  ): { catalog: CatalogModel; identity: IPlatform['identity'] } {
    const answers = platform({ datasets: () => Promise.resolve({ items, nextCursor: null, total: items.length }) });
    const catalog = new CatalogModel(answers);
    const identity = new Live({ name: 'me', load: () => Promise.resolve(me({ allowed })), interval: () => 60_000 });
    render(<Datasets {...context} catalog={catalog} platform={{ ...answers, identity, consortium }} />);
    return { catalog, identity };
  }

  test('empty: says who will fill it; a steward gets a button', async () => {
    const { catalog, identity } = datasets([], ['dataset:publish']);
    await refresh(catalog.live);
    expect(screen.getByText('No datasets yet. Organizations publish them here.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Publish a dataset' })).toBeNull();
    await refresh(identity);
    expect(screen.getByRole('button', { name: 'Publish a dataset' })).toBeTruthy();
  });

  test('nothing found: says for what, and clears the search', async () => {
    const { catalog } = datasets([dataset()]);
    await refresh(catalog.live);
    act(() => void (catalog.query = 'whales'));
    expect(screen.getByText('No dataset matches “whales”.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Clear search' }));
    expect(screen.getByRole('option').textContent).toContain('Penguins of Biscoe');
  });

  test('Enter opens the details with the policy in words, Escape closes them', async () => {
    const { catalog } = datasets([dataset({ size: '168 rows', policy: policy({ purposes: ['research'] }) })]);
    await refresh(catalog.live);
    expect(screen.getByText('1 of 1')).toBeTruthy();
    expect(screen.getByText('UiS · 168 rows')).toBeTruthy();
    fireEvent.keyDown(screen.getByRole('option'), { key: 'Enter' });
    expect(screen.getByText('one person at a time · up to 8 hours · for research')).toBeTruthy();
    expect(screen.getByText('UiS')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Use data…' })).toBeTruthy();
    fireEvent.keyDown(screen.getByRole('option'), { key: 'Escape' });
    expect(screen.queryByRole('button', { name: 'Use data…' })).toBeNull();
  });
});

describe('my leases', () => {
  test('each has its time and its actions by name', async () => {
    const mine = lease({ expiresAt: new Date(Date.now() + 300_000).toISOString() });
    const leases = new LeasesModel(platform({ leases: () => Promise.resolve({ items: [mine], nextCursor: null }) }), {
      mine: true
    });
    render(<MyLeases {...context} leases={leases} consortium={consortium} />);
    await refresh(leases.live);
    expect(screen.getByText(/^(5:00|4:5\d)$/)).toBeTruthy();
    expect(screen.getByText('UiS · research')).toBeTruthy();
    expect(screen.getAllByRole('button').map(button => button.getAttribute('aria-label'))).toEqual([
      'Renew Penguins of Biscoe',
      'Show the folder of Penguins of Biscoe',
      'Insert Penguins of Biscoe into a workflow',
      'Release Penguins of Biscoe'
    ]);
    expect(screen.getByText('Penguins of Biscoe is yours for less than 10 more minutes.')).toBeTruthy();
    leases.dispose();
  });
});

test('our data: who uses it, of which organization', async () => {
  const one = lease({ expiresAt: new Date(Date.now() + 300_000).toISOString() });
  const leases = new LeasesModel(platform({ leases: () => Promise.resolve({ items: [one], nextCursor: null }) }), {
    mine: false
  });
  render(<LentLeases {...context} leases={leases} consortium={consortium} />);
  await refresh(leases.live);
  expect(screen.getByText('ada (UiO) · research')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Revoke Penguins of Biscoe from ada (UiO)' })).toBeTruthy();
  leases.dispose();
});

describe('the list box', () => {
  test('is one stop for Tab, and the arrows move that stop', () => {
    const items = ['a', 'b', 'c'].map(id => ({ id }));
    const chosen: (string | undefined)[] = [];
    render(
      <ListBox label="Letters" items={items} selected={undefined} onSelect={id => chosen.push(id)}>
        {({ id }) => id}
      </ListBox>
    );
    const options = screen.getAllByRole('option');
    expect(options.map(option => option.tabIndex)).toEqual([0, -1, -1]);
    act(() => options[0]?.focus());
    fireEvent.keyDown(options[0]!, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(options[1]);
    expect(options.map(option => option.tabIndex)).toEqual([-1, 0, -1]);
    fireEvent.keyDown(options[1]!, { key: ' ' });
    expect(chosen).toEqual(['b']);
  });

  test.each([
    ['ArrowDown', 2, 2],
    ['ArrowUp', 0, 0],
    ['Home', 2, 0],
    ['End', 0, 2],
    ['a', 1, undefined]
  ])('%s at %d leads to %s', (key, from, to) => {
    expect(target(key, from, 3)).toBe(to);
  });
});

describe('the publishing form', () => {
  test('tells what is wrong at the field, and sends nothing then', () => {
    const sent = jest.fn();
    render(<Publish trans={trans} onPublish={sent} />);
    fireEvent.click(screen.getByRole('button', { name: 'Publish' }));
    const title = screen.getByLabelText('Title');
    expect(title.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(title.getAttribute('aria-describedby') ?? '')?.textContent).toBe('Give it a title.');
    expect(sent).not.toHaveBeenCalled();
  });

  test('says why the platform refused, and can be sent again', async () => {
    render(<Publish trans={trans} onPublish={() => Promise.reject(new Error('The name is taken.'))} />);
    fireEvent.change(screen.getByLabelText('Title'), { target: { value: 'Penguins' } });
    fireEvent.change(screen.getByLabelText('Path'), { target: { value: 'penguins' } });
    fireEvent.click(screen.getByRole('button', { name: 'Publish' }));
    expect((await screen.findByRole('alert')).textContent).toBe('The name is taken.');
    expect(screen.getByRole('button', { name: 'Publish' }).hasAttribute('disabled')).toBe(false);
  });
});

describe('asking for data', () => {
  test.each([
    [
      dataset({ structure: [{ name: 'a' }, { name: 'b', folders: [{ name: 'c' }] }] }),
      'Makes ~/penguins-biscoe/ with 3 folders in your home.'
    ],
    [dataset({ structure: [{ name: 'a' }] }), 'Makes ~/penguins-biscoe/ with 1 folder in your home.'],
    [dataset(), 'Makes ~/penguins-biscoe/ in your home.'],
    [dataset({ structure: [{ name: '..' }] }), 'No folders are made: “..” is not a safe name for a folder.']
  ])('says what will be made: %#', (one, words) => {
    expect(outcomeWords(one, trans)).toBe(words);
  });

  test.each([
    [{ amount: '4', unit: 'hours' } as const, 14_400_000],
    [{ amount: '1,5', unit: 'hours' } as const, 5_400_000],
    [{ amount: '0', unit: 'days' } as const, undefined],
    [{ amount: '', unit: 'days' } as const, undefined],
    [{ amount: '-1', unit: 'hours' } as const, undefined]
  ])('%j is %s ms', (length, ms) => {
    expect(lengthMs(length)).toBe(ms);
  });

  test.each([
    [14_400_000, { amount: '4', unit: 'hours' }],
    [5_400_000, { amount: '90', unit: 'minutes' }],
    [172_800_000, { amount: '2', unit: 'days' }]
  ])('%d ms are shown as %j', (ms, length) => {
    expect(lengthOf(ms)).toEqual(length);
  });
});

test.each([
  [
    'what failed',
    [job({ name: 'a', startedAt: 'x' }), job({ name: 'b', phase: 'Failed' }), job({ name: 'c', phase: 'Running' })],
    'b'
  ],
  ['else what runs', [job({ name: 'a', startedAt: 'x' }), job({ name: 'c', phase: 'Running' })], 'c'],
  [
    'else the last that began',
    [job({ name: 'a', startedAt: 'x' }), job({ name: 'b', startedAt: 'x' }), job({ name: 'c' })],
    'b'
  ],
  ['else the first', [job({ name: 'a', phase: 'Pending' }), job({ name: 'b', phase: 'Pending' })], 'a']
])('a run shows first %s', (_, jobs, name) => {
  expect(interesting({ jobs })?.name).toBe(name);
});
