import { dataset, lease, now, request, run, threeDatasets } from './fake-platform.js';
import { expect, test } from './lab.js';

test.describe('the three states', () => {
  test('loading shows grey rows, then the data', async ({ lab, platform }) => {
    let release = (): void => undefined;
    platform.hold = new Promise(resolve => (release = resolve));
    platform.datasets = threeDatasets();
    await lab.open();
    await expect(lab.section('Datasets').getByRole('status', { name: 'Loading' })).toHaveAttribute('aria-busy', 'true');
    release();
    await expect(lab.section('Datasets').getByRole('option')).toHaveCount(3);
  });

  test('empty says what comes here', async ({ lab }) => {
    await lab.open();
    await expect(lab.section('Datasets')).toContainText('No datasets yet. Organizations publish them here.');
    await expect(lab.section('My leases')).toContainText('You use no data now.');
    await expect(lab.section('Runs')).toContainText('No runs yet.');
  });

  test('a platform that does not answer is named once, with its address and the reason, and is tried again', async ({
    lab,
    platform
  }) => {
    platform.down = 502;
    await lab.open();
    const alert = lab.panel.getByRole('alert');
    await expect(alert).toHaveText(
      /^The platform at http:\/\/127\.0\.0\.1:\d+\/services\/platform\/ does not answer \(502\)\.$/
    );
    await expect(lab.panel).toContainText(/Trying again( in \d+ s\.|…)/);
    platform.down = undefined;
    platform.datasets = threeDatasets();
    await lab.panel.getByRole('button', { name: 'Try now' }).click();
    await expect(lab.section('Datasets').getByRole('option')).toHaveCount(3);
    await expect(alert).toHaveCount(0);
  });

  test('no platform at all is told in words', async ({ lab, page }) => {
    await page.unrouteAll();
    await lab.open();
    await expect(lab.panel.getByRole('alert')).toHaveText(
      /^There is no platform at http:\/\/127\.0\.0\.1:\d+\/services\/platform\/ \(404\)\.$/
    );
  });
});

test('datasets tell their owner, size and state', async ({ lab, platform }) => {
  platform.datasets = threeDatasets();
  await lab.open();
  const rows = lab.section('Datasets').getByRole('option');
  await expect(rows).toHaveText([
    /^Penguins of Biscoeuis · 168 rowsOpen$/,
    /^Lorem corpusuib · 12 KBIn use until .+$/,
    /^Torgersen colonyuio · 52 rowsYours until .+$/
  ]);
  await expect(lab.section('Datasets')).toContainText('3 of 3');
});

test('search narrows the list, and what finds nothing can be cleared', async ({ lab, platform }) => {
  platform.datasets = threeDatasets();
  await lab.open();
  const section = lab.section('Datasets');
  const box = section.getByPlaceholder('Search datasets');
  await box.fill('torger');
  await expect(section.getByRole('option')).toHaveText([/Torgersen/]);
  await box.fill('whale');
  await expect(section).toContainText('No dataset matches “whale”.');
  await section.getByRole('button', { name: 'Clear search' }).click();
  await expect(section.getByRole('option')).toHaveCount(3);
});

test('everything about a dataset can be reached by keys', async ({ lab, platform, page }) => {
  platform.datasets = threeDatasets();
  await lab.open();
  const section = lab.section('Datasets');
  await section.getByRole('option').first().press('End');
  await expect(section.getByRole('option').last()).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const details = section.getByRole('region', { name: 'Penguins of Biscoe' });
  await expect(details).toContainText('one person at a time · up to 8 hours · for research, teaching');
  await expect(details).toContainText('/home/jovyan/penguins-biscoe');
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
});

test('using data leases it, makes its folders and offers a workflow that uses it', async ({ lab, platform, page }) => {
  platform.datasets = [dataset()];
  await lab.open();
  await lab.section('Datasets').getByRole('option').click();
  await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Makes ~/penguins-biscoe/ with 3 folders in your home.');
  await dialog.getByLabel('For how long').fill('9');
  await dialog.getByRole('button', { name: 'Use data' }).click();
  await expect(dialog).toContainText('At most 8 hours.');
  await dialog.getByLabel('For how long').fill('2');
  await dialog.getByRole('button', { name: 'Use data' }).click();

  await expect(page.getByText('Penguins of Biscoe is yours. Its folders are in ~/penguins-biscoe.')).toBeVisible();
  expect(platform.writes[0]).toMatchObject({
    path: 'datasets/ds_biscoe0001/leases',
    body: { purpose: 'research', duration: 'PT2H' }
  });
  expect(platform.writes[0]?.headers).toMatchObject({
    authorization: 'token lab-test',
    'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/)
  });
  const made = await page.request.get('api/contents/penguins-biscoe/results/figures?token=lab-test');
  expect(((await made.json()) as { type: string }).type).toBe('directory');
  await expect(lab.section('My leases')).toContainText('Penguins of Biscoe');

  await page.getByRole('button', { name: 'New workflow' }).last().click();
  await expect(page.getByRole('tab', { name: /^workflow(-\d+)?\.yaml$/ })).toBeVisible();
  await expect(page.locator('.cm-content')).toContainText(
    '- { id: ds_biscoe0001, name: penguins-biscoe, path: /home/jovyan/penguins-biscoe }'
  );
});

test('data that was just taken by someone else is told as the platform tells it', async ({ lab, platform, page }) => {
  platform.datasets = [dataset()];
  await lab.open();
  await lab.section('Datasets').getByRole('option').click();
  await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
  Object.assign(platform.datasets[0] ?? {}, { availability: 'taken', takenUntil: now(3600), takenBy: 'uib' });
  await page.getByRole('dialog').getByRole('button', { name: 'Use data' }).click();
  await expect(page.getByText('This dataset is in use at uib until 14:32.')).toBeVisible();
  await expect(lab.section('Datasets').getByRole('option')).toContainText('In use until');
});

test('a lease is renewed and released', async ({ lab, platform, page }) => {
  platform.leases = [lease()];
  await lab.open();
  const section = lab.section('My leases');
  await expect(section).toContainText(/[23]:\d\d:\d\d/);
  await section.getByRole('button', { name: 'Renew Torgersen colony' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Renew' }).click();
  await expect(section).toContainText(/[78]:\d\d:\d\d/);
  await section.getByRole('button', { name: 'Release Torgersen colony' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await expect(section).toContainText('Released');
  expect(platform.writes.map(({ path, body }) => [path, body])).toEqual([
    ['leases/ls_torgersen1/renew', { duration: 'PT4H' }],
    ['leases/ls_torgersen1/release', {}]
  ]);
});

test('a run shows its jobs, the log of the one that runs, and can be stopped; its end is told', async ({
  lab,
  platform,
  page
}) => {
  platform.runs = [run()];
  platform.log = 'counting\n\u001b[32mlorem\u001b[0m 42\n';
  await lab.open();
  await lab
    .section('Runs')
    .getByRole('button', { name: /^lorem-count/ })
    .click();
  const jobs = page.getByRole('group', { name: 'Jobs' });
  await expect(jobs.getByRole('button')).toHaveText([
    /listSucceeded/,
    /uisSucceeded/,
    /uibRunning/,
    /uioSucceeded/,
    /totalWaiting/
  ]);
  await expect(page.getByRole('region', { name: 'Log of uib' })).toHaveText('counting\nlorem 42\n');
  await jobs.getByRole('button', { pressed: true }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Job list' })).toContainText('Exit code0');

  await lab.section('Runs').getByRole('button', { name: 'Stop lorem-count-x7k2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByText('lorem-count-x7k2 failed: Stopped by ada')).toBeVisible();
  await expect(lab.section('Runs')).toContainText('Failed');
});

test('a run that goes on is in JupyterLab’s own panel of what runs', async ({ lab, platform, page }) => {
  platform.runs = [run()];
  await lab.open();
  await expect(page.getByText('1 run going on')).toBeVisible();
  await lab.execute('running:show-panel');
  await expect(page.locator('.jp-RunningSessions').getByText('lorem-count-x7k2')).toBeVisible();
});

test.describe('a steward', () => {
  test.beforeEach(({ platform }) => {
    Object.assign(platform.me, {
      roles: ['steward'],
      allowed: ['dataset:publish', 'lease:approve', 'lease:deny', 'lease:revoke']
    });
  });

  test('publishes a dataset; what is wrong is told at its field', async ({ lab, platform, page }) => {
    await lab.open();
    await lab.section('Datasets').getByRole('button', { name: 'Publish a dataset' }).click();
    const form = page.getByRole('form', { name: 'Publish a dataset' });
    await form.getByRole('button', { name: 'Publish' }).click();
    await expect(form.getByLabel('Title')).toBeFocused();
    await expect(form.getByLabel('Title')).toHaveAccessibleDescription('Give it a title.');
    await form.getByLabel('Title').fill('Whales');
    await form.getByLabel('Path').fill('sea/whales');
    await form.getByLabel('Folders').fill('results/figures');
    await form.getByRole('button', { name: 'Publish' }).click();
    await expect(form).toHaveCount(0);
    await expect(lab.section('Datasets').getByRole('option')).toContainText('Whales');
    expect(platform.writes[0]?.body).toEqual({
      title: 'Whales',
      structure: [{ name: 'results', folders: [{ name: 'figures' }] }],
      policy: { concurrency: 1, approval: 'auto', maxDuration: 'PT8H' },
      storage: { kind: 'directory', path: 'sea/whales' }
    });
  });

  test('approves who asks', async ({ lab, platform }) => {
    platform.leases = [request({ owner: 'uis', holder: { user: 'bo', organization: 'uib' } })];
    await lab.open();
    const section = lab.section('Our data');
    await section.getByRole('button', { name: 'Approve Torgersen colony for bo (uib)' }).click();
    await expect(section.getByRole('button', { name: 'Revoke Torgersen colony from bo (uib)' })).toBeVisible();
  });
});
