import type { Command } from 'commander';
import { runWorkflow, simulate } from '@hemline/hemline';
import { deskText } from '../terminal/desk-text.ts';
import { printNotice } from '../terminal/print.ts';
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
 * What a first look does without: trees and network learn for minutes more when they may, and are then somewhat better. Weights of
 * the blend are learnt on weeks held out, so that they are right for shorter trainings, too.
 */
const SHORT = {
  'demand-blend': { memberSettings: 'trees.examples=25000,trees.rounds=100,transformer.steps=300' },
};

/**
 * Adds `hemline start`: what `npm start` runs once the set-up is done.
 * @param program to add to
 */
export function addStart(program: Command): void {
  withMarket(withMlflow(program.command('start')), 'folder of the simulated market')
    .description(
      'simulate a market where there is none yet, run the weekly workflow on it, with short trainings of what it blends, and say how the pricing desk opens',
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ mlflow, json, ...market }: StartOptions) => {
      const { observed } = await withBars((told) => simulate({ ...market, ...told }));
      const given = { data: observed, seed: market.seed, mlflow, hyperparameters: SHORT };
      const report = await withStepTree((told) => runWorkflow('weekly', { ...given, ...told }));
      printRun(report, json);
      const next = deskText(report);
      if (next !== null) printNotice(next);
    });
}
