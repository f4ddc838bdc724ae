import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib/', 'coverage/', 'src/api/schema.ts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // Jupyter's own style: interfaces of tokens and models are named IThing.
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'typeLike', format: ['PascalCase'] },
        { selector: 'variable', modifiers: ['global', 'const'], format: null }
      ],
      // A namespace beside a class holds its options: the idiom of Lumino and JupyterLab.
      '@typescript-eslint/no-namespace': 'off',
      // A Token and its interface share one name, and classes may only have static members.
      '@typescript-eslint/no-redeclare': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      // Lumino's signals take a method and its `this` apart: connect(this._onChange, this).
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true }
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }
      ],
      curly: 'error',
      eqeqeq: 'error',
      'no-console': 'error'
    }
  },
  {
    files: ['**/*.tsx'],
    extends: [a11y.flatConfigs.strict, hooks.configs.flat['recommended-latest']]
  },
  {
    files: ['tests/**', '*.config.*'],
    languageOptions: { globals: globals.node }
  },
  prettier
);
