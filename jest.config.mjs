// The packages that run on Node. The extension has its own configuration: JupyterLab's test environment is not ESM.
export default {
  testEnvironment: 'node',
  // Many tests wait for processes that they started, so no processor is left to the one that deals them out.
  maxWorkers: '100%',
  // No test says how fast this machine is; what hangs is still found.
  testTimeout: 60_000,
  roots: [
    'schema/src',
    'jupyterflow-ts/src',
    'ledger/src',
    'platform/src',
    'hub/src',
    'hub/bootstrap',
    'docs',
    'examples'
  ].map(path => `<rootDir>/${path}`),
  testMatch: ['**/*.test.ts', '**/*.test.mjs'],
  extensionsToTreatAsEsm: ['.ts'],
  // Sources import './x.js' as Node wants it; the file beside a test is './x.ts'.
  moduleNameMapper: { '^(\\.{1,2}/(?!.*generated/).*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }]
  }
};
