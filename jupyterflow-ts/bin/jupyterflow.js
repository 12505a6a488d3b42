#!/usr/bin/env node
import { existsSync } from 'node:fs';

// The bundle starts faster; a checkout that is only compiled has none.
const bundle = new URL('../bundle/jupyterflow.js', import.meta.url);
await import(existsSync(bundle) ? bundle.href : '../dist/cli/main.js');
