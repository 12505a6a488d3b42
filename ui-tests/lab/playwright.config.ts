import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const port = Number(process.env['JUPYTERFLOW_LAB_PORT'] ?? 18870);
const token = 'lab-test';
const system = '/usr/bin/chromium';

/** The panel in JupyterLab alone; the platform's answers are given by the tests. */
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results/lab',
  reporter: 'line',
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(existsSync(system) ? { executablePath: system } : {}),
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
  },
  webServer: {
    command: `node start-lab.mjs ${port} ${token}`,
    url: `http://127.0.0.1:${port}/api`,
    timeout: 60_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    reuseExistingServer: false
  }
});
