import { AxeBuilder } from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { lease, now, request, run, threeDatasets, type FakePlatform } from './fake-platform.js';
import { expect, test, type Lab } from './lab.js';

function fill(platform: FakePlatform): void {
  Object.assign(platform.me, { roles: ['steward'], allowed: ['dataset:publish', 'lease:revoke'] });
  platform.datasets = threeDatasets();
  platform.leases = [
    lease(),
    lease({ id: 'ls_soon00001', datasetTitle: 'Dream island', expiresAt: now(500) }),
    request({ id: 'ls_asked0001', owner: 'uis', holder: { user: 'bo', organization: 'uib' } })
  ];
  const job = {
    name: 'job-2',
    phase: 'Failed',
    exitCode: 1,
    startedAt: now(-250),
    finishedAt: now(-240),
    attempts: 1,
    dependsOn: []
  } as const;
  platform.runs = [
    run(),
    run({
      id: 'run_linear0001',
      name: 'linear-p2m4',
      state: 'Failed',
      finishedAt: now(-240),
      jobs: [{ ...job, dependsOn: [] }]
    })
  ];
  platform.log = 'counting\nlorem 42\n';
}

// axe's package was compiled against another patch release of playwright-core: the types differ, the page does not.
/** Nothing that axe finds wrong, and a picture to look at. */
async function check(page: Page, scope: string, info: TestInfo, name: string): Promise<void> {
  await page.screenshot({ path: info.outputPath(`${name}.png`) });
  const { violations } = await new AxeBuilder({ page: page as never }).include(scope).analyze();
  expect
    .soft(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join('\n')}`))
    .toEqual([]);
}

async function resize(lab: Lab, width: number): Promise<void> {
  const { page, panel } = lab;
  await page.addStyleTag({ content: ':root { --jp-sidebar-min-width: 240px !important; }' });
  const handle = await page.locator('#jp-main-split-panel > .lm-SplitPanel-handle').first().boundingBox();
  const left = await panel.boundingBox();
  if (handle && left) {
    await page.mouse.move(handle.x + handle.width / 2, 300);
    await page.mouse.down();
    await page.mouse.move(left.x + width, 300, { steps: 4 });
    await page.mouse.up();
  }
  await expect.poll(async () => Math.round((await panel.boundingBox())?.width ?? 0)).toBeLessThanOrEqual(width + 10);
}

for (const theme of ['light', 'dark'] as const) {
  for (const width of [240, 420]) {
    test(`everything is readable at ${width} px, ${theme}`, async ({ lab, platform, page }, info) => {
      fill(platform);
      await lab.open(theme);
      await resize(lab, width);
      await expect(lab.section('Runs')).toContainText('linear-p2m4');
      await check(page, '#jp-DataExplorer', info, 'panel');
      const overflow = await lab.panel.evaluate(node =>
        Array.from(node.querySelectorAll('.jp-DataExplorer-body'), body => body.scrollWidth - body.clientWidth)
      );
      expect(Math.max(...overflow)).toBeLessThanOrEqual(0);

      await lab.section('Datasets').getByRole('option').first().click();
      await check(page, '#jp-DataExplorer', info, 'details');
      await lab.section('Datasets').getByRole('button', { name: 'Use data…' }).click();
      await expect(page.getByRole('dialog')).toContainText('Makes');
      await check(page, '.jp-Dialog-body', info, 'use');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

      await lab.execute('dataexplorer:open-run', { run: 'run_lorem00001' });
      await expect(page.getByRole('region', { name: 'Log of uib' })).toContainText('lorem 42');
      await check(page, '.jp-DataExplorer-runView', info, 'run');
      await lab.execute('dataexplorer:publish');
      const form = page.getByRole('form', { name: 'Publish a dataset' });
      await form.getByRole('button', { name: 'Publish' }).click();
      await check(page, '.jp-DataExplorer-publish', info, 'publish');
    });
  }
}

for (const [name, prepare] of [
  ['empty', () => undefined],
  ['error', (platform: FakePlatform) => (platform.down = 502)]
] as const) {
  test(`the panel is readable when it is in the state ${name}`, async ({ lab, platform, page }, info) => {
    prepare(platform);
    await lab.open();
    await resize(lab, 240);
    await expect(lab.panel).toContainText(name === 'empty' ? 'No runs yet' : 'does not answer');
    await check(page, '#jp-DataExplorer', info, name);
  });
}
