import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/lib/',
      '**/bundle/',
      '**/generated/',
      '**/labextension/',
      '**/node_modules/',
      '.venv*/',
      '.jupyterflow/',
      '**/test-results/'
    ]
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./*/tsconfig.json', './*/tsconfig.test.json'], tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      complexity: ['error', 15],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }]
    }
  },
  {
    files: ['extension/src/**/*.ts', 'extension/src/**/*.tsx'],
    ignores: ['**/*.test.ts', '**/*.test.tsx', 'extension/src/testing/**'],
    plugins: { jupyter },
    rules: {
      ...jupyter.configs.recommended[0].rules,
      // What is needed as soon as the extension is activated gains nothing from being lazy.
      'jupyter/prefer-lazy-imports': [
        'warn',
        {
          ignoreImports: [
            '../model/*',
            '../words/*',
            '../request',
            ...['datasets', 'leases', 'panel', 'runs', 'section'].map(name => `../widgets/${name}`)
          ]
        }
      ]
    }
  },
  { files: ['**/*.test.ts', '**/*.test.tsx'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  prettier
);
