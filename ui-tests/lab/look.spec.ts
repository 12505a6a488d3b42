import { AxeBuilder } from '@axe-core/playwright';
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { TestInfo } from '@playwright/test';
import type { Consortium } from './consortium.js';
import { expect, test, type Lab } from './fixtures.js';
import { FAILS, GOES_ON } from './workflows.js';

/** Something of everything, for a steward. */
async function fill(consortium: Consortium): Promise<void> {
  const { kari, ida, siri } = consortium;
  consortium.user = kari;
  await consortium.threeDatasets();
  await kari.lease(await siri.publish({ title: 'Dream island' }), { duration: 'PT8M' });
  await ida.lease(await kari.publish({ title: 'Adelie nests', policy: { approval: 'owner' } }));
  await kari.run(FAILS);
  await kari.run(GOES_ON);
}

/** Nothing that axe finds wrong, and a picture to look at. */
async function check(page: IJupyterLabPageFixture, scope: string, info: TestInfo, name: string): Promise<void> {
  await page.screenshot({ path: info.outputPath(`${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).include(scope).analyze();
  expect
    .soft(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join('\n')}`))
    .toEqual([]);
}

async function resize({ page, panel }: Lab, width: number): Promise<void> {
  await page.addStyleTag({ content: ':root { --jp-sidebar-min-width: 240px !important; }' });
  // The layout asks for the least width again when another panel is shown.
  await page.sidebar.openTab('filebrowser');
  await page.sidebar.openTab('jp-DataExplorer');
  await page.sidebar.setWidth(width);
  await expect.poll(async () => Math.abs(((await panel.boundingBox())?.width ?? 0) - width)).toBeLessThanOrEqual(2);
}

for (const theme of ['JupyterLab Light', 'JupyterLab Dark']) {
  for (const width of [240, 420]) {
    test(`everything is readable at ${width} px in ${theme}`, async ({ lab, consortium, page }, info) => {
      await fill(consortium);
      await lab.open();
      await page.theme.setTheme(theme);
      await resize(lab, width);
      await expect(lab.section('Runs')).toContainText('job-2: exit 1');
      await check(page, '#jp-DataExplorer', info, 'panel');
      const overflow = await lab.panel.evaluate(node =>
        Array.from(node.querySelectorAll('.jp-DataExplorer-body'), body => body.scrollWidth - body.clientWidth)
      );
      expect(Math.max(...overflow)).toBeLessThanOrEqual(0);

      const datasets = lab.section('Datasets');
      await datasets.getByRole('option', { name: 'Torgersen colony' }).click();
      await expect(datasets.getByRole('button', { name: 'New workflow' })).toBeVisible();
      await check(page, '#jp-DataExplorer', info, 'details-of-mine');
      await datasets.getByRole('option', { name: 'Penguins of Biscoe' }).click();
      await check(page, '#jp-DataExplorer', info, 'details');
      await datasets.getByRole('button', { name: 'Use data…' }).click();
      await expect(page.getByRole('dialog')).toContainText('Makes');
      await check(page, '.jp-Dialog-body', info, 'use');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

      await lab
        .section('Runs')
        .getByRole('button', { name: /^lorem-count/ })
        .click();
      await expect(page.getByRole('region', { name: 'Log of uib' })).toContainText('lorem 42');
      await check(page, '.jp-DataExplorer-runView', info, 'run');
      await lab.panel.getByRole('button', { name: 'Publish a dataset' }).click();
      const form = page.getByRole('form', { name: 'Publish a dataset' });
      await form.getByRole('button', { name: 'Publish' }).click();
      await expect(form.getByLabel('Title')).toBeFocused();
      await check(page, '.jp-DataExplorer-publish', info, 'publish');
    });
  }
}

for (const [state, words, status] of [
  ['empty', 'No runs yet', undefined],
  ['error', 'does not answer', 502]
] as const) {
  test(`the panel is readable when it is in the state ${state}`, async ({ lab, consortium, page }, info) => {
    consortium.instead = status && (route => route.fulfill({ status }));
    await lab.open();
    await resize(lab, 240);
    await expect(lab.panel).toContainText(words);
    await check(page, '#jp-DataExplorer', info, state);
  });
}
