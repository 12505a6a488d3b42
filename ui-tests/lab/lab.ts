import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { FakePlatform } from './fake-platform.js';

/** The panel in a JupyterLab with a fresh workspace. */
export class Lab {
  constructor(readonly page: Page) {
    this.panel = page.getByRole('region', { name: 'DataExplorer', exact: true });
  }

  readonly panel: Locator;

  /** Opens JupyterLab and the panel in it. */
  async open(theme: 'light' | 'dark' = 'light'): Promise<void> {
    await this.page.goto(`lab/workspaces/${crypto.randomUUID()}?token=lab-test`);
    await this.page.waitForFunction(() => 'jupyterapp' in window);
    await this.page.evaluate(
      async () => (window as unknown as { jupyterapp: { restored: Promise<void> } }).jupyterapp.restored
    );
    await this.page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
    await this.execute('apputils:change-theme', { theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light' });
    await expect(this.page.locator('body')).toHaveAttribute('data-jp-theme-light', String(theme === 'light'));
    await this.execute('dataexplorer:open');
    await expect(this.panel).toBeVisible();
  }

  /** Runs a command of JupyterLab. */
  async execute(command: string, args: Record<string, string> = {}): Promise<void> {
    await this.page.evaluate(
      async ([id, values]) => {
        const { jupyterapp } = window as unknown as {
          jupyterapp: { commands: { execute(id: string, args: object): Promise<unknown> } };
        };
        await jupyterapp.commands.execute(id, values);
      },
      [command, args] as const
    );
  }

  section(name: string): Locator {
    const id = { Datasets: 'datasets', 'My leases': 'leases', Runs: 'runs', 'Our data': 'lending' }[name] ?? name;
    return this.page.locator(`#jp-DataExplorer-${id}`);
  }
}

export const test = base.extend<{ platform: FakePlatform; lab: Lab }>({
  platform: [
    async ({ page }, use) => {
      const platform = new FakePlatform();
      await platform.attach(page);
      await use(platform);
    },
    { auto: true }
  ],
  lab: async ({ page }, use) => {
    await use(new Lab(page));
  }
});
export { expect };
