import type { Command } from 'commander';
import { DEFAULT_DISCOUNTS } from '@hemline/core';
import { parseWhole, withMlflow } from './options.ts';
import { jobsOfMachine } from './run.ts';
import { simulate } from './simulate.ts';

/**
 * Adds `hemline start`: what `npm start` runs once the set-up is done.
 * @param program to add to
 */
export function addStart(program: Command): void {
  withMlflow(program.command('start'))
    .description('simulate a market where there is none yet, and run the weekly workflow on it')
    .option('--out <dir>', 'folder of the simulated market', '.hemline/market')
    .option('--articles <n>', 'articles', parseWhole, 2000)
    .option('--markets <n>', 'markets', parseWhole, 4)
    .option('--weeks <n>', 'weeks of history', parseWhole, 104)
    .option('--seed <n>', 'same seed, same bytes', parseWhole, 1)
    .option('--json', 'print the result as JSON')
    .action(
      async (options: {
        out: string;
        articles: number;
        markets: number;
        weeks: number;
        seed: number;
        json?: boolean;
        mlflow?: string;
      }) => {
        const market = await simulate(options);
        const { runWorkflow } = await import('../workflow/run-workflow.ts');
        await runWorkflow('weekly', {
          data: market.observed,
          horizon: 26,
          discounts: DEFAULT_DISCOUNTS,
          seed: options.seed,
          jobs: jobsOfMachine(),
          json: options.json,
          mlflow: options.mlflow,
        });
      },
    );
}
