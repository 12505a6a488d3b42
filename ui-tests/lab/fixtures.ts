import { expect, test as base, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Locator } from '@playwright/test';
import { Consortium } from './consortium.js';

const SECTIONS = { Datasets: 'datasets', 'My leases': 'leases', Runs: 'runs', 'Our data': 'lending' } as const;

/** The panel in JupyterLab. */
export class Lab {
  constructor(
    readonly page: IJupyterLabPageFixture,
    private readonly folder: string
  ) {
    this.panel = page.getByRole('region', { name: 'DataExplorer', exact: true });
  }

  readonly panel: Locator;

  /** Opens JupyterLab in the test's own folder, and the panel. */
  async open(): Promise<void> {
    await this.page.goto(`tree/${this.folder}?reset`);
    await this.page.sidebar.openTab('jp-DataExplorer');
    await expect(this.panel).toBeVisible();
  }

  section(name: keyof typeof SECTIONS): Locator {
    return this.page.locator(`#jp-DataExplorer-${SECTIONS[name]}`);
  }
}

export const test = base.extend<{ consortium: Consortium; lab: Lab }>({
  consortium: [
    async ({ context }, use) => {
      const consortium = new Consortium();
      await consortium.serve(context);
      await use(consortium);
      await consortium.clear();
    },
    { auto: true }
  ],
  lab: async ({ page, tmpPath }, use) => {
    await use(new Lab(page, tmpPath));
  }
});
export { expect };
