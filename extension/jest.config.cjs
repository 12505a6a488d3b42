const jestJupyterLab = require('@jupyterlab/testing/lib/jest-config');

/** Packages that are published as ES modules only; Jest here runs CommonJS. */
const esModules = [
  '@codemirror',
  '@lezer',
  '@marijn',
  '@microsoft',
  '@jupyter/react-components',
  '@jupyter/web-components',
  '@jupyter/ydoc',
  '@jupyterlab/',
  '@rjsf/',
  'color',
  'exenv-es6',
  'lib0',
  'marked',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yaml',
  'yjs'
].join('|');
const base = jestJupyterLab(__dirname);

module.exports = {
  ...base,
  rootDir: __dirname,
  roots: ['<rootDir>/src'],
  testRegex: 'src/.*\\.test\\.tsx?$',
  reporters: ['default'],
  collectCoverage: false,
  coverageReporters: ['text-summary'],
  transform: {
    '\\.svg$': '@jupyterlab/testing/lib/jest-raw-loader.js',
    '^.+\\.[mc]?[tj]sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'classic' } }
        },
        module: { type: 'commonjs' }
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`, 'node_modules/@babel']
};
