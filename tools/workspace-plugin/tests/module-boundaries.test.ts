import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));
const eslint = new ESLint({ cwd: workspace });

/** Lints one import as if it stood in a file of the workspace; gives what the boundary rules say. */
async function lintImport(file: string, specifier: string): Promise<string[]> {
  const [result] = await eslint.lintText(
    `import * as fixture from '${specifier}';\nexport const used = fixture;\n`,
    { filePath: `${workspace}${file}` },
  );
  const rules = ['@nx/enforce-module-boundaries', 'no-restricted-imports'];
  return result!.messages
    .filter(({ ruleId }) => rules.includes(ruleId ?? ''))
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const NX = '@nx/enforce-module-boundaries';

const forbidden: [why: string, file: string, specifier: string, expected: string | RegExp][] = [
  ['core stands on nothing', 'packages/core/src/errors/causes.ts', '@hemline/runtime', NX],
  ['core has no dependency worth the name', 'packages/core/src/errors/causes.ts', 'pino', NX],
  ['evaluation knows no runtime', 'packages/evaluation/src/index.ts', '@hemline/runtime', NX],
  ['evaluation knows no features', 'packages/evaluation/src/index.ts', '@hemline/features', NX],
  ['features know no evaluation', 'packages/features/src/index.ts', '@hemline/evaluation', NX],
  ['the runtime knows no model', 'packages/runtime/src/index.ts', '@hemline/demand-naive', NX],
  ['the runtime knows no features', 'packages/runtime/src/index.ts', '@hemline/features', NX],
  ['the workflow knows no model', 'packages/workflow/src/index.ts', '@hemline/demand-naive', NX],
  ['the workflow knows no runtime', 'packages/workflow/src/index.ts', '@hemline/runtime', NX],
  ['the runtime knows no workflow', 'packages/runtime/src/index.ts', '@hemline/workflow', NX],
  ['no model knows another', 'models/demand-naive/src/model.ts', '@hemline/return-rate-average', NX],
  ['no model imports a member', 'models/demand-blend/src/model.ts', '@hemline/demand-naive', NX],
  ['a blend knows no model', 'packages/blend/src/index.ts', '@hemline/demand-naive', NX],
  ['a blend knows no runtime', 'packages/blend/src/index.ts', '@hemline/runtime', NX],
  ['no model knows the AWS SDK', 'models/demand-naive/src/model.ts', '@aws-sdk/client-s3', NX],
  ['no model knows the CDK', 'models/demand-naive/src/model.ts', 'aws-cdk-lib', NX],
  [
    'only entrypoints of a model meet the runtime',
    'models/demand-naive/src/model.ts',
    '@hemline/runtime',
    /no-restricted-imports: .*business logic only/,
  ],
  [
    'a model does no IO',
    'models/demand-naive/src/model.ts',
    'node:fs',
    /no-restricted-imports: .*does no IO/,
  ],
  ['a workflow knows no runtime', 'packages/workflow/src/index.ts', '@hemline/runtime', NX],
  ['a workflow knows no model', 'packages/workflow/src/index.ts', '@hemline/demand-naive', NX],
  ['the runtime knows no workflow', 'packages/runtime/src/index.ts', '@hemline/workflow', NX],
  ['no model knows a workflow', 'models/demand-naive/src/model.ts', '@hemline/workflow', NX],
  ['a package imports what it declares', 'packages/evaluation/src/index.ts', 'apache-arrow', NX],
  ['a report knows no model', 'packages/report/src/index.ts', '@hemline/demand-naive', NX],
  ['a report knows no features', 'packages/report/src/index.ts', '@hemline/features', NX],
  ['no workflow knows a report', 'packages/workflow/src/index.ts', '@hemline/report', NX],
  ['an experiment knows no model', 'packages/experiments/src/index.ts', '@hemline/demand-naive', NX],
  ['an experiment knows no report', 'packages/experiments/src/index.ts', '@hemline/report', NX],
  ['no workflow knows an experiment', 'packages/workflow/src/index.ts', '@hemline/experiments', NX],
  ['an experiment knows no library', 'packages/experiments/src/index.ts', '@hemline/hemline', NX],
  ['an experiment knows no command', 'packages/experiments/src/index.ts', '@hemline/cli', NX],
  ['a season knows no model', 'packages/seasons/src/index.ts', '@hemline/demand-naive', NX],
  ['a season knows no simulator', 'packages/seasons/src/index.ts', '@hemline/market-simulator', NX],
  ['a season knows no library', 'packages/seasons/src/index.ts', '@hemline/hemline', NX],
  ['no optimiser knows a season', 'packages/pricing/src/index.ts', '@hemline/seasons', NX],
  ['pricing knows no model', 'packages/pricing/src/index.ts', '@hemline/demand-naive', NX],
  ['pricing knows no library', 'packages/pricing/src/index.ts', '@hemline/hemline', NX],
  ['pricing knows no workflow', 'packages/pricing/src/index.ts', '@hemline/workflow', NX],
  ['the runtime knows no pricing', 'packages/runtime/src/index.ts', '@hemline/pricing', NX],
  ['no workflow knows pricing', 'packages/workflow/src/index.ts', '@hemline/pricing', NX],
  ['no model knows pricing', 'models/demand-naive/src/model.ts', '@hemline/pricing', NX],
  ['decisions know no pricing', 'packages/runs/src/decisions/decision-store.ts', '@hemline/pricing', NX],
  ['an import knows no model', 'packages/imports/src/index.ts', '@hemline/demand-naive', NX],
  ['an import knows no library', 'packages/imports/src/index.ts', '@hemline/hemline', NX],
  ['the runtime knows no import', 'packages/runtime/src/index.ts', '@hemline/imports', NX],
  ['the library knows no command', 'packages/hemline/src/index.ts', '@hemline/cli', NX],
  ['the library has no terminal', 'packages/hemline/src/index.ts', 'commander', NX],
  ['the library draws no bars', 'packages/hemline/src/index.ts', 'cli-progress', NX],
  ['the library imports models by name only', 'packages/hemline/src/index.ts', '@hemline/demand-naive', NX],
  ['a report knows no library', 'packages/report/src/index.ts', '@hemline/hemline', NX],
  ['no workflow knows the library', 'packages/workflow/src/index.ts', '@hemline/hemline', NX],
  ['no model knows the library', 'models/demand-naive/src/model.ts', '@hemline/hemline', NX],
  ['no tool knows the library', 'tools/market-simulator/src/index.ts', '@hemline/hemline', NX],
  ['no tool knows the command', 'tools/market-simulator/src/index.ts', '@hemline/cli', NX],
];

const allowed: [file: string, specifier: string][] = [
  ['packages/evaluation/src/index.ts', '@hemline/core'],
  ['packages/runtime/src/index.ts', '@hemline/evaluation'],
  ['models/demand-naive/src/model.ts', '@hemline/core'],
  ['models/return-rate-average/src/model.ts', '@hemline/features'],
  ['models/demand-blend/src/model.ts', '@hemline/blend'],
  ['packages/blend/src/index.ts', '@hemline/features'],
  ['models/demand-naive/src/train.ts', '@hemline/runtime'],
  ['models/demand-naive/src/process.ts', '@hemline/runtime'],
  ['packages/workflow/src/index.ts', '@hemline/core'],
  ['packages/workflow/src/index.ts', 'aws-cdk-lib'],
  ['packages/report/src/index.ts', '@hemline/runtime'],
  ['packages/report/src/index.ts', '@hemline/workflow'],
  ['packages/experiments/src/index.ts', '@hemline/workflow'],
  ['packages/experiments/src/index.ts', '@hemline/sagemaker'],
  ['packages/hemline/src/index.ts', '@hemline/experiments'],
  ['packages/seasons/src/index.ts', '@hemline/pricing'],
  ['packages/hemline/src/index.ts', '@hemline/seasons'],
  ['packages/pricing/src/job/optimise-job.ts', '@hemline/runtime'],
  ['packages/pricing/src/job/claim-with-decisions.ts', '@hemline/runs/decisions'],
  ['packages/hemline/src/index.ts', '@hemline/pricing'],
  ['packages/runs/src/decisions/decision-store.ts', '@hemline/stores'],
  ['packages/imports/src/index.ts', '@hemline/runtime'],
  ['packages/hemline/src/index.ts', '@hemline/imports'],
  ['packages/hemline/src/index.ts', '@hemline/report'],
  ['packages/hemline/src/index.ts', '@hemline/market-simulator'],
  ['packages/hemline/src/index.ts', 'apache-arrow'],
  ['packages/cli/src/main.ts', '@hemline/hemline'],
  ['packages/cli/src/main.ts', '@hemline/experiments'],
  ['packages/cli/src/main.ts', '@hemline/workflow'],
];

describe('module boundaries', () => {
  it.each(forbidden)('%s: %s must not import %s', async (_why, file, specifier, expected) => {
    const messages = await lintImport(file, specifier);
    expect(messages).not.toEqual([]);
    expect(messages.join('\n')).toMatch(expected);
  });

  it.each(allowed)('%s may import %s', async (file, specifier) => {
    expect(await lintImport(file, specifier)).toEqual([]);
  });
});
