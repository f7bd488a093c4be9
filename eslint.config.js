// Lint of the whole workspace. The module boundaries below are the arrows of the README's map; tools/workspace-plugin has a
// fixture for every forbidden arrow that must fail here. Circles of imports are found by oxlint (.oxlintrc.json): what ESLint has
// for that passes over circles of types.
import js from '@eslint/js';
import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';

// Without a project graph the boundary rule would pass everything: make it, always fresh.
process.env.NX_DAEMON ??= 'false';
await createProjectGraphAsync({ exitOnError: true });

/** What each layer may import. */
export const depConstraints = [
  {
    sourceTag: 'layer:core',
    onlyDependOnLibsWithTags: ['layer:core'],
    allowedExternalImports: ['zod', 'apache-arrow', 'cephes', 'vitest', 'fast-check'],
  },
  {
    sourceTag: 'layer:lib',
    onlyDependOnLibsWithTags: ['layer:core'],
    bannedExternalImports: ['@aws-sdk/*', 'aws-cdk-lib'],
  },
  // What models that are made of others have in common: it knows them as it is handed them.
  {
    sourceTag: 'layer:blend',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:lib'],
    bannedExternalImports: ['@aws-sdk/*', 'aws-cdk-lib'],
  },
  {
    sourceTag: 'layer:model',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:lib', 'layer:blend', 'layer:stores', 'layer:runtime'],
    bannedExternalImports: ['@aws-sdk/*', 'aws-cdk-lib'],
  },
  {
    sourceTag: 'layer:parquet',
    onlyDependOnLibsWithTags: ['layer:core'],
    bannedExternalImports: ['@aws-sdk/*'],
  },
  { sourceTag: 'layer:stores', onlyDependOnLibsWithTags: ['layer:core', 'layer:parquet'] },
  // What a job is, here and on SageMaker: it knows neither what is in an image nor who asks for the job.
  { sourceTag: 'layer:sagemaker', onlyDependOnLibsWithTags: ['layer:core', 'layer:stores'] },
  { sourceTag: 'layer:runs', onlyDependOnLibsWithTags: ['layer:core', 'layer:stores', 'layer:sagemaker'] },
  {
    sourceTag: 'layer:runtime',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'lib:evaluation',
      'layer:parquet',
      'layer:stores',
      'layer:sagemaker',
    ],
  },
  // Steps are images and commands: a workflow knows neither what is in an image nor what makes it.
  {
    sourceTag: 'layer:workflow',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:stores', 'layer:sagemaker', 'layer:runs'],
  },
  // A page about a run: it reads what runs leave, and knows neither models nor the command.
  {
    sourceTag: 'layer:report',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'lib:evaluation',
      'layer:parquet',
      'layer:stores',
      'layer:sagemaker',
      'layer:runtime',
      'layer:runs',
      'layer:workflow',
    ],
  },
  // Variants are tried through a function that is given: models and the command are not known.
  {
    sourceTag: 'layer:experiments',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'lib:evaluation',
      'layer:stores',
      'layer:sagemaker',
      'layer:runtime',
      'layer:runs',
      'layer:workflow',
    ],
  },
  // Beside the models: it knows forecasts by their columns, and its entrypoint stands on the runtime as theirs do.
  {
    sourceTag: 'layer:pricing',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:stores', 'layer:sagemaker', 'layer:runtime'],
    bannedExternalImports: ['@aws-sdk/*', 'aws-cdk-lib'],
  },
  // Seasons are played through markets, policies and models that are given: no simulator, model or command is known.
  {
    sourceTag: 'layer:seasons',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:stores', 'layer:runtime', 'layer:pricing', 'layer:runs'],
    bannedExternalImports: ['@aws-sdk/*', 'aws-cdk-lib'],
  },
  // Files of others become a dataset: neither models nor the command are known.
  {
    sourceTag: 'layer:imports',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:stores', 'layer:runtime'],
  },
  {
    sourceTag: 'layer:tool',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'layer:lib',
      'layer:parquet',
      'layer:stores',
      'layer:sagemaker',
      'layer:runtime',
      'layer:pricing',
      'layer:seasons',
      'layer:imports',
      // The generator writes the requirements of a new model into its package.
      'layer:workflow',
      'layer:tool',
    ],
  },
  // The library: everything that the command can do.
  {
    sourceTag: 'layer:hemline',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'layer:lib',
      'layer:parquet',
      'layer:stores',
      'layer:sagemaker',
      'layer:runtime',
      'layer:pricing',
      'layer:runs',
      'layer:workflow',
      'layer:report',
      'layer:experiments',
      'layer:seasons',
      'layer:imports',
      'layer:tool',
    ],
  },
  // A notebook does with the library what a person would, and shows it.
  {
    sourceTag: 'layer:notebook',
    onlyDependOnLibsWithTags: ['layer:core', 'layer:lib', 'layer:stores', 'layer:runtime', 'layer:hemline'],
  },
  // A page for people, and the server behind it: what it does with runs it does through the library.
  {
    sourceTag: 'layer:desk',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'layer:parquet',
      'layer:stores',
      'layer:runtime',
      'layer:pricing',
      'layer:runs',
      'layer:report',
      'layer:hemline',
      'layer:tool',
    ],
  },
  // Parsing, terminal, exit codes.
  {
    sourceTag: 'layer:cli',
    onlyDependOnLibsWithTags: [
      'layer:core',
      'layer:lib',
      'layer:parquet',
      'layer:stores',
      'layer:sagemaker',
      'layer:runtime',
      'layer:pricing',
      'layer:runs',
      'layer:workflow',
      'layer:report',
      'layer:experiments',
      'layer:seasons',
      'layer:imports',
      'layer:tool',
      'layer:hemline',
      'layer:desk',
    ],
  },
];

/** Only what others call needs its parameters written out. */
const PUBLIC_FUNCTIONS = ['ExportNamedDeclaration > FunctionDeclaration'];

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '.hemline', '.nx', 'coverage', '**/golden/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx, jsdoc },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, banTransitiveDependencies: true, allow: [], depConstraints },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // Node strips the types and keeps the import: a module would be loaded for nothing.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'preserve-caught-error': 'off',
    },
  },
  {
    // Everything that a package gives to others is documented.
    files: ['{packages,models,tools}/*/src/**/*.ts', 'notebooks/src/**/*.ts'],
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: false },
        },
      ],
      'jsdoc/require-param': [
        'error',
        {
          contexts: PUBLIC_FUNCTIONS,
          checkDestructuredRoots: true,
          checkDestructured: false,
          enableFixer: false,
        },
      ],
      'jsdoc/require-param-description': ['error', { contexts: PUBLIC_FUNCTIONS }],
      'jsdoc/require-returns': ['error', { contexts: PUBLIC_FUNCTIONS, enableFixer: false }],
      'jsdoc/check-param-names': ['error', { checkDestructured: false, disableMissingParamChecks: true }],
    },
  },
  {
    // A model is business logic: only its two entrypoints meet the runtime.
    files: ['models/*/src/**/*.ts'],
    ignores: ['models/*/src/{train,process}.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@hemline/runtime', '@hemline/runtime/*'],
              message: 'A model is business logic only: the runtime is met in train.ts and process.ts.',
            },
            {
              group: ['@hemline/evaluation', '@hemline/evaluation/*'],
              message: 'A model does not score itself: evaluation is met in its tests.',
            },
            { group: ['node:*'], message: 'A model does no IO: it is given tables and an artifact.' },
          ],
        },
      ],
    },
  },
  {
    // An example imports its own package as others do.
    files: ['packages/*/examples/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  prettier,
);
