import { join } from 'node:path';
import type { LeasePage, RunPage } from '@jupyterflow/schema';
import { expect, test, type Page } from '@playwright/test';
import { login, machine, root } from '../machine.js';

const TEXTS = ['Lorem text of UiS', 'Lorem text of UiB', 'Lorem text of UiO'] as const;

/** Opens a tab of the left sidebar. */
async function openSidebar(page: Page, name: string): Promise<void> {
  const tab = page.getByRole('tab', { name, exact: false }).first();
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
}

/** The picture in README is made by this test, when it is asked to. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['JUPYTERFLOW_PICTURES'] === '1' ? 'docs/images' : 'test-results';
  // Notifications come and go; what is below them is the picture.
  await page.screenshot({ path: join(root, folder, `${name}.png`), style: '.Toastify { visibility: hidden }' });
}

// Whatever this test could not give back itself, the tests after it want to lease.
test.afterEach(async () => {
  const session = await login('ola');
  const { items } = await session.platform<LeasePage>('GET', '/leases?mine=true&state=active');
  for (const { id } of items) await session.platform('POST', `/leases/${id}/release`, {});
});

test('a researcher leases data, runs a workflow on it, reads the result and gives the data back', async ({ page }) => {
  const { url, passwords } = await machine();
  const session = await login('ola');
  const newestRun = async (): Promise<string> => {
    const { items } = await session.platform<RunPage>('GET', '/runs?limit=1');
    return items[0]?.name ?? '';
  };
  let before = '';

  await test.step('log in', async () => {
    await page.goto(url);
    await page.getByLabel('Username').fill('ola');
    await page.getByLabel('Password').fill(passwords['ola'] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/user/ola/lab**', { timeout: 60_000 });
    await page.locator('#jupyterlab-splash').waitFor({ state: 'detached', timeout: 60_000 });
  });

  await test.step('open the panel', async () => {
    await openSidebar(page, 'DataExplorer');
    const datasets = page.getByRole('listbox', { name: 'Datasets' });
    await expect(datasets.getByRole('option')).toHaveCount(6);
    await expect(datasets.getByRole('option', { name: TEXTS[0] })).toContainText('Open');
  });

  for (const title of TEXTS)
    await test.step(`lease ${title}`, async () => {
      const row = page.getByRole('listbox', { name: 'Datasets' }).getByRole('option', { name: title });
      await row.click();
      await page.getByRole('button', { name: 'Use data…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Purpose').fill('how often they say lorem');
      await dialog.getByRole('button', { name: 'Use data' }).click();
      await expect(row).toContainText('Yours');
      await expect(page.getByRole('button', { name: `Release ${title}` })).toBeAttached();
    });

  await test.step('see the directories', async () => {
    await openSidebar(page, 'File Browser');
    for (const name of ['lorem-uis', 'lorem-uib', 'lorem-uio'])
      await expect(page.locator('.jp-DirListing-item').filter({ hasText: name })).toBeVisible();
    const { content } = await session.notebook<{ content: readonly { name: string }[] }>('GET', '/contents/lorem-uis');
    expect(content.map(({ name }) => name)).toEqual(['results']);
  });

  await test.step('run the workflow in a terminal', async () => {
    await session.notebook('DELETE', '/contents/examples/lorem-count/result.txt').catch(() => undefined);
    before = await newestRun();
    await page.locator('.jp-LauncherCard').filter({ hasText: 'Terminal' }).click();
    const terminal = page.locator('.jp-Terminal .xterm-helper-textarea');
    await terminal.focus();
    await page.keyboard.type('cd ~/examples/lorem-count && jupyterflow run -f workflow.yaml\n');
  });

  await test.step('watch it reach Succeeded in the panel', async () => {
    await openSidebar(page, 'DataExplorer');
    await expect.poll(newestRun).not.toBe(before);
    const run = await newestRun();
    const row = page.getByRole('listitem').filter({ hasText: run });
    await expect(row).toContainText('Succeeded', { timeout: 30_000 });
    await row.getByRole('button', { name: run }).first().click();
    await expect(page.locator('.jp-DataExplorer-runView').getByText('5/5 jobs')).toBeVisible();
    await page.getByRole('button', { name: 'Close details' }).click();
    await picture(page, 'dataexplorer');
  });

  await test.step('read the result', async () => {
    await openSidebar(page, 'File Browser');
    for (const name of ['examples', 'lorem-count', 'result.txt'])
      await page.locator('.jp-DirListing-item').filter({ hasText: name }).first().dblclick();
    await expect(page.locator('.cm-content').filter({ hasText: 'lorem = 42' })).toBeVisible();
  });

  await test.step('release the data', async () => {
    await openSidebar(page, 'DataExplorer');
    for (const title of TEXTS) {
      await page.getByRole('button', { name: `Release ${title}` }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
      await expect(page.getByRole('button', { name: `Release ${title}` })).toHaveCount(0);
    }
    await expect(page.getByText('You use no data now.')).toBeVisible();
    await expect(page.getByRole('listbox', { name: 'Datasets' }).getByRole('option', { name: TEXTS[0] })).toContainText(
      'Open'
    );
  });
});
