import { defineConfig } from '@playwright/test';

/** The main job in a real JupyterHub, started as a newcomer starts it. */
export default defineConfig({
  testDir: 'tests',
  outputDir: '../../test-results/hub',
  globalSetup: './machine.ts',
  // One Hub serves all tests, and two cores serve the Hub.
  workers: 1,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    actionTimeout: 20_000,
    viewport: { width: 1360, height: 860 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['JUPYTERFLOW_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
});
