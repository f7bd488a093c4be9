import type { Command } from 'commander';
import { runWorkflow, simulate } from '@hemline/hemline';
import { withStepTree } from '../terminal/step-tree.ts';
import { withBars } from '../terminal/with-bars.ts';
import { withMlflow, type MlflowOption } from './options.ts';
import { printRun } from './run.ts';
import { withMarket } from './simulate.ts';

interface StartOptions extends MlflowOption {
  readonly out: string;
  readonly articles: number;
  readonly markets: number;
  readonly weeks: number;
  readonly seed: number;
  readonly json?: boolean;
}

/**
 * What a first look does without: the network learns for minutes more when it may, and is then somewhat better. Weights of the blend
 * are learnt on weeks held out, so that they are right for the shorter training, too.
 */
const SHORT = { 'demand-blend': { memberSettings: 'transformer.steps=500' } };

/**
 * Adds `hemline start`: what `npm start` runs once the set-up is done.
 * @param program to add to
 */
export function addStart(program: Command): void {
  withMarket(withMlflow(program.command('start')), 'folder of the simulated market')
    .description(
      'simulate a market where there is none yet, and run the weekly workflow on it, with a short training of the Transformer',
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ mlflow, json, ...market }: StartOptions) => {
      const { observed } = await withBars((told) => simulate({ ...market, ...told }));
      const given = { data: observed, seed: market.seed, mlflow, hyperparameters: SHORT };
      printRun(await withStepTree((told) => runWorkflow('weekly', { ...given, ...told })), json);
    });
}
