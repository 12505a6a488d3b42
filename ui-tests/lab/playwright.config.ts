import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { GalataOptions } from '@jupyterlab/galata';
import { defineConfig } from '@playwright/test';

const port = Number(process.env['JUPYTERFLOW_LAB_PORT'] ?? 18870);
// Workers inherit both.
const token = (process.env['JUPYTERFLOW_LAB_TOKEN'] ??= randomUUID());
const platform = (process.env['JUPYTERFLOW_LAB_PLATFORM'] ??= `http://127.0.0.1:${port + 1}`);
const system = '/usr/bin/chromium';

const server = {
  timeout: 60_000,
  gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
  reuseExistingServer: false
} as const;

/** The panel in JupyterLab alone, without a Hub, and a platform of its own. */
export default defineConfig<GalataOptions>({
  testDir: '.',
  outputDir: '../test-results/lab',
  reporter: 'line',
  // One platform serves all tests, and each begins with an empty catalogue.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    extraHTTPHeaders: { Authorization: `token ${token}` },
    // The tests put things on the platform before JupyterLab is opened.
    autoGoto: false,
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
  webServer: [
    { ...server, command: `node start-lab.mjs ${port}`, url: `http://127.0.0.1:${port}/api` },
    { ...server, command: `node start-platform.mjs`, url: `${platform}/services/platform/readyz` }
  ]
});
