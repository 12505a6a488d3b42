import { expect, test } from './fixtures.js';
import { FAILS, GOES_ON } from './workflows.js';

test.describe('the three states', () => {
  test('loading shows grey rows, then the data', async ({ lab, consortium }) => {
    await consortium.threeDatasets();
    const release = consortium.hold();
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
    consortium
  }) => {
    await consortium.threeDatasets();
    consortium.instead = route => route.fulfill({ status: 502, body: '<h1>No</h1>', contentType: 'text/html' });
    await lab.open();
    const alert = lab.panel.getByRole('alert');
    await expect(alert).toHaveText(
      /^The platform at http:\/\/127\.0\.0\.1:\d+\/services\/platform\/ does not answer \(502\)\.$/
    );
    await expect(lab.panel).toContainText(/Trying again( in \d+ s\.|…)/);
    const release = consortium.hold();
    await lab.panel.getByRole('button', { name: 'Try now' }).click();
    release();
    await expect(lab.section('Datasets').getByRole('option')).toHaveCount(3);
    await expect(alert).toHaveCount(0);
  });

  test('no platform at all is told in words', async ({ lab, consortium }) => {
    consortium.instead = route => route.continue();
    await lab.open();
    await expect(lab.panel.getByRole('alert')).toHaveText(
      /^There is no platform at http:\/\/127\.0\.0\.1:\d+\/services\/platform\/ \(404\)\.$/
    );
  });
});

test.describe('the catalogue', () => {
  test.beforeEach(async ({ lab, consortium }) => {
    await consortium.threeDatasets();
    await lab.open();
  });

  test('tells of each dataset its owner, size and state', async ({ lab }) => {
    await expect(lab.section('Datasets').getByRole('option')).toHaveText([
      /^Lorem corpusUiB · 12 KBIn use until .+$/,
      /^Penguins of BiscoeUiS · 168 rowsOpen$/,
      /^Torgersen colonyUiO · 52 rowsYours until .+$/
    ]);
    await expect(lab.section('Datasets').getByTitle('In use at UiB')).toBeVisible();
    await expect(lab.section('Datasets')).toContainText('3 of 3');
    await expect(lab.section('My leases').getByRole('listitem')).toContainText('UiO · research');
  });

  test('is narrowed by a search, and one that finds nothing can be cleared', async ({ lab }) => {
    const section = lab.section('Datasets');
    const box = section.getByPlaceholder('Search datasets');
    await box.fill('torger');
    await expect(section.getByRole('option')).toHaveText([/Torgersen/]);
    await box.fill('whale');
    await expect(section).toContainText('No dataset matches “whale”.');
    await section.getByRole('button', { name: 'Clear search' }).click();
    await expect(section.getByRole('option')).toHaveCount(3);
  });

  test('can be used by keys alone', async ({ lab, page }) => {
    const section = lab.section('Datasets');
    await section.getByRole('option').first().press('End');
    await expect(section.getByRole('option').last()).toBeFocused();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const details = section.getByRole('region', { name: 'Penguins of Biscoe' });
    await expect(details).toContainText('OwnerUiS');
    await expect(details).toContainText('one person at a time · up to 8 hours · for research, teaching');
    await expect(details).toContainText('/home/jovyan/penguins-of-biscoe');
    await page.keyboard.press('Escape');
    await expect(details).toHaveCount(0);
  });
});

test.describe('using data', () => {
  test('leases it, makes its folders and offers a workflow that uses it', async ({
    lab,
    consortium,
    page,
    tmpPath
  }) => {
    const name = consortium.named('penguins');
    const dataset = await consortium.kari.publish({
      name,
      structure: [{ name: 'notebooks' }, { name: 'results', folders: [{ name: 'figures' }] }],
      policy: { maxDuration: 'PT8H', purposes: ['research', 'teaching'] }
    });
    await lab.open();
    await lab.section('Datasets').getByRole('option').click();
    await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(`Makes ~/${name}/ with 3 folders in your home.`);
    await dialog.getByLabel('For how long').fill('9');
    await dialog.getByRole('button', { name: 'Use data' }).click();
    await expect(dialog).toContainText('At most 8 hours.');
    await dialog.getByLabel('For how long').fill('2');
    await dialog.getByRole('button', { name: 'Use data' }).click();

    await expect(page.getByText(`Penguins of Biscoe is yours. Its folders are in ~/${name}.`)).toBeVisible();
    expect(await consortium.ada.leases()).toMatchObject([
      { dataset: dataset.id, state: 'active', purpose: 'research', duration: 'PT2H' }
    ]);
    expect(await page.contents.directoryExists(`${name}/results/figures`)).toBe(true);
    await expect(lab.section('My leases')).toContainText('Penguins of Biscoe');

    await page.getByRole('button', { name: 'New workflow' }).last().click();
    await expect(page.getByRole('tab', { name: 'workflow.yaml' })).toBeVisible();
    await expect(page.locator('.cm-content')).toContainText(
      `- { id: ${dataset.id}, name: ${name}, path: /home/jovyan/${name} }`
    );
    expect(await page.contents.fileExists(`${tmpPath}/workflow.yaml`)).toBe(true);
    await page.contents.deleteDirectory(name);
  });

  test('is told as the platform tells it when someone else was quicker', async ({ lab, consortium, page }) => {
    const dataset = await consortium.kari.publish();
    await lab.open();
    await lab.section('Datasets').getByRole('option').click();
    await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
    await consortium.ida.lease(dataset);
    await page.getByRole('dialog').getByLabel('Purpose').fill('research');
    await page.getByRole('dialog').getByRole('button', { name: 'Use data' }).click();
    await expect(page.getByText(`Dataset ${dataset.id} is leased by uib until`)).toBeVisible();
    await expect(lab.section('Datasets').getByRole('option')).toContainText('In use until');
  });

  test('leases it once when the answer of the platform was lost', async ({ lab, consortium, page }) => {
    const name = consortium.named('penguins');
    await consortium.kari.publish({ name, policy: { concurrency: 2 } });
    await lab.open();
    await lab.section('Datasets').getByRole('option').click();
    await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
    await page.getByRole('dialog').getByLabel('Purpose').fill('research');
    consortium.instead = async route => {
      if (route.request().method() !== 'POST') return consortium.answer(route);
      consortium.instead = undefined;
      await consortium.lose(route);
    };
    await page.getByRole('dialog').getByRole('button', { name: 'Use data' }).click();
    await expect(page.getByText(`Penguins of Biscoe is yours. Its folders are in ~/${name}.`)).toBeVisible();
    expect(await consortium.ada.leases()).toHaveLength(1);
    await page.contents.deleteDirectory(name);
  });

  test('asks the owner where the policy says so, and tells when they have decided', async ({
    lab,
    consortium,
    page
  }) => {
    await consortium.siri.publish({ policy: { approval: 'owner' } });
    await lab.open();
    await lab.section('Datasets').getByRole('option').click();
    await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
    await page.getByRole('dialog').getByLabel('Purpose').fill('research');
    await page.getByRole('dialog').getByRole('button', { name: 'Ask the owner' }).click();
    await expect(page.getByText('You asked UiB for Penguins of Biscoe.')).toBeVisible();
    await expect(lab.section('Datasets').getByRole('option')).toContainText('Requested');
    for (const lease of await consortium.ada.leases()) await consortium.siri.change(lease, 'approve');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(page.getByText('You may use Penguins of Biscoe now.')).toBeVisible();
  });
});

test('a lease is renewed and released', async ({ lab, consortium, page }) => {
  const dataset = await consortium.nils.publish({ title: 'Torgersen colony' });
  await consortium.ada.lease(dataset, { duration: 'PT1H' });
  await lab.open();
  const section = lab.section('My leases');
  await expect(section).toContainText(/(1:00:00|59:\d\d)/);
  await section.getByRole('button', { name: 'Renew Torgersen colony' }).click();
  await page.getByRole('dialog').getByLabel('For how long').fill('3');
  await page.getByRole('dialog').getByRole('button', { name: 'Renew' }).click();
  await expect(section).toContainText(/(3:00:00|2:59:\d\d)/);
  await section.getByRole('button', { name: 'Release Torgersen colony' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
  await expect(section).toContainText('Released');
  expect(await consortium.ada.leases()).toMatchObject([{ state: 'released', renewalsLeft: 2 }]);
  expect(await consortium.ida.lease(dataset)).toMatchObject({ state: 'active' });
});

test.describe('a run', () => {
  test('shows its jobs, the log of the one that runs, and can be stopped; its end is told', async ({
    lab,
    consortium,
    page
  }) => {
    const { name } = await consortium.ada.run(GOES_ON);
    await lab.open();
    await lab.section('Runs').getByRole('button', { name }).first().click();
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

    const tools = page.getByRole('tabpanel', { name }).getByRole('toolbar');
    await expect(tools.getByRole('button', { name: 'Stop' })).toBeVisible();
    await lab
      .section('Runs')
      .getByRole('button', { name: `Stop ${name}` })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByText(`${name} failed: `)).toContainText(`stopped by ${consortium.ada.name}`);
    await expect(lab.section('Runs').getByRole('listitem')).toContainText(`stopped by ${consortium.ada.name}`);
    await expect(tools).toBeHidden();
  });

  test('that failed tells in its row which job and how', async ({ lab, consortium }) => {
    const { name } = await consortium.ada.run(FAILS);
    await lab.open();
    const row = lab.section('Runs').getByRole('listitem').filter({ hasText: name });
    await expect(row).toContainText('Failed');
    await expect(row).toContainText('job-2: exit 1');
  });

  test('that goes on is in JupyterLab’s own panel of what runs', async ({ lab, consortium, page }) => {
    const { name } = await consortium.ada.run(GOES_ON);
    await lab.open();
    await expect(page.getByText('1 run going on')).toBeVisible();
    await page.sidebar.openTab('jp-running-sessions');
    await expect(page.locator('.jp-RunningSessions').getByText(name)).toBeVisible();
  });
});

test.describe('a steward', () => {
  test.beforeEach(({ consortium }) => {
    consortium.user = consortium.kari;
  });

  test('publishes a dataset; what is wrong is told at its field, or by the platform', async ({
    lab,
    consortium,
    page
  }) => {
    await lab.open();
    await lab.section('Datasets').getByRole('button', { name: 'Publish a dataset' }).click();
    const form = page.getByRole('form', { name: 'Publish a dataset' });
    await form.getByRole('button', { name: 'Publish' }).click();
    await expect(form.getByLabel('Title')).toBeFocused();
    await expect(form.getByLabel('Title')).toHaveAccessibleDescription('Give it a title.');
    await form.getByLabel('Title').fill('Whales');
    await form.getByLabel('Path').fill('sea/unicorns');
    await form.getByLabel('Folders').fill('results/figures');
    await form.getByRole('button', { name: 'Publish' }).click();
    await expect(form.getByRole('alert')).toContainText('must name a directory that exists');
    await form.getByLabel('Path').fill('sea/whales');
    await form.getByRole('button', { name: 'Publish' }).click();
    await expect(form).toHaveCount(0);
    await expect(lab.section('Datasets').getByRole('option')).toContainText('WhalesUiS');
    const { items } = await consortium.ida.datasets();
    expect(items).toMatchObject([
      {
        title: 'Whales',
        owner: 'uis',
        structure: [{ name: 'results', folders: [{ name: 'figures' }] }],
        policy: { concurrency: 1, approval: 'auto', maxDuration: 'PT8H' }
      }
    ]);
  });

  test('approves who asks, and takes it back', async ({ lab, consortium, page }) => {
    const who = `${consortium.ida.name} (UiB)`;
    await consortium.ida.lease(await consortium.kari.publish({ policy: { approval: 'owner' } }));
    await lab.open();
    const section = lab.section('Our data');
    await section.getByRole('button', { name: `Approve Penguins of Biscoe for ${who}` }).click();
    await section.getByRole('button', { name: `Revoke Penguins of Biscoe from ${who}` }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('withdrawn');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await expect(section.getByRole('listitem').filter({ hasText: 'withdrawn' })).toContainText('Revoked by the owner');
    expect(await consortium.ida.leases()).toMatchObject([{ state: 'revoked', reason: 'withdrawn' }]);
  });
});
