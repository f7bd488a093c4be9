import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_DISCOUNTS, formatWeek, parseDiscountGrid } from '@hemline/core';
import { simulateMarket } from '@hemline/market-simulator';
import { nodeProgram, pythonProgram } from '../cases/programs.ts';
import { cached } from '../harness/cache.ts';
import { LIGHTGBM_PACKAGES, pythonEnvironment } from '../harness/python-environment.ts';
import { runChild } from '../harness/run-child.ts';
import type { AccuracyOptions } from './accuracy-case.ts';
import { boostedName } from './boosted-scores.ts';
import { hemline } from './hemline-command.ts';
import { MarketTruth } from './market-truth.ts';
import type { OurModel } from './our-models.ts';
import type { DataScores } from './retail-scores.ts';
import { MARKETS } from './suite-data.ts';
import type { WindowScore } from './window-score.ts';

const OBJECTIVES = ['tweedie', 'l2', 'poisson'];

/**
 * Forecasts the planned half year of a simulated market, scored against the true expected demand at all discounts.
 * @param marketSeed which market
 * @param models ours
 * @param options seeds, size
 * @param home of the command
 * @returns scores of each seed; of LightGBM with the first seed alone
 */
export async function marketScores(
  marketSeed: number,
  models: readonly OurModel[],
  options: AccuracyOptions,
  home: string,
): Promise<DataScores> {
  const { seeds, onRun } = options;
  const articles = options.articles ?? MARKETS.articles;
  const levels = parseDiscountGrid(DEFAULT_DISCOUNTS);
  const market = await cached(`market-${articles}-${marketSeed}`, async (out) => {
    await simulateMarket({ out, articles, seed: marketSeed });
  });
  const observed = join(market, 'observed');
  const truth = await MarketTruth.read(market, levels);
  const data = `${MARKETS.name} ${marketSeed}`;
  const window = { data, cutoff: formatWeek(truth.cutoff) };
  const scores: WindowScore[] = [];
  for (const { model, name, training, isRandom } of models) {
    for (const seed of isRandom ? seeds : [1]) {
      onRun(`${data}: ${name}, seed ${seed}`);
      const args = ['--data', observed, '--seed', String(seed), ...training];
      const train = await hemline(['train', model, ...args], home);
      const made = await hemline<{ readonly directory: string }>(
        ['forecast', model, '--data', observed],
        home,
      );
      const seconds = train.seconds + made.seconds;
      const found = await truth.score(made.result.directory);
      scores.push({ ...window, seed, contestant: name, kind: 'model', isMonotone: true, seconds, ...found });
    }
  }
  const environment = await pythonEnvironment(LIGHTGBM_PACKAGES);
  if ('missing' in environment)
    return { scores, skipped: [{ name: `LightGBM on ${data}`, reason: environment.missing }] };
  onRun(`${data}: LightGBM`);
  const panel = join(home, 'panel.parquet');
  const output = join(home, 'lightgbm');
  await rm(output, { recursive: true, force: true });
  await runChild(nodeProgram('market-panel.ts', [observed, panel]));
  const seed = seeds[0]!;
  const { trainings } = JSON.parse(
    await runChild(
      pythonProgram(environment.python, 'lightgbm_market.py', [
        ...[panel, observed, output, '--discounts', Array.from(levels).join(',')],
        ...['--objective', OBJECTIVES.join(','), '--monotone', 'both', '--seed', String(seed)],
      ]),
    ),
  ) as { readonly trainings: readonly Training[] };
  for (const { objective, monotone, seconds, folder } of trainings)
    scores.push({
      ...{ ...window, seed, contestant: boostedName(objective, monotone), kind: 'peer', seconds },
      ...{ isMonotone: monotone, ...(await truth.score(join(output, folder))) },
    });
  return { scores, skipped: [] };
}

/** What lightgbm_market.py prints of a training. */
interface Training {
  readonly objective: string;
  readonly monotone: boolean;
  readonly seconds: number;
  /** Of its forecasts. */
  readonly folder: string;
}
