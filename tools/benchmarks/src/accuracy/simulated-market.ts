import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_DISCOUNTS, parseDiscountGrid } from '@hemline/core';
import { simulateMarket } from '@hemline/market-simulator';
import { nodeProgram, pythonProgram } from '../cases/programs.ts';
import type { Verdict } from '../harness/contestant.ts';
import { cached } from '../harness/cache.ts';
import { LIGHTGBM_PACKAGES, pythonEnvironment } from '../harness/python-environment.ts';
import { runChild } from '../harness/run-child.ts';
import {
  overSeeds,
  type Accuracy,
  type AccuracyOptions,
  type AccuracyTable,
  type Forecaster,
} from './accuracy-case.ts';
import { hemline } from './hemline-command.ts';
import { MarketTruth } from './market-truth.ts';

const ARTICLES = 2000;
const [OURS, NAIVE, PEER] = ['demand-transformer', 'demand-naive', 'LightGBM, monotone'];
/** Most of the peers' errors that ours may have. */
const [PEER_SHARE, NAIVE_SHARE] = [0.8, 0.5];

/**
 * Forecasts the planned half year of a simulated market, scored against the true expected demand at all discounts.
 * @param options seeds, size, how our model is trained
 * @param home of the command
 * @returns errors by part of the market
 */
export async function scoreSimulatedMarket(options: AccuracyOptions, home: string): Promise<AccuracyTable> {
  const articles = options.articles ?? ARTICLES;
  const levels = parseDiscountGrid(DEFAULT_DISCOUNTS);
  const { marketSeed } = options;
  const market = await cached(`market-${articles}-${marketSeed}`, async (out) => {
    await simulateMarket({ out, articles, seed: marketSeed });
  });
  const observed = join(market, 'observed');
  const truth = await MarketTruth.read(market, levels);
  const forecast = async (
    model: string,
    seed: number,
    training: readonly string[],
  ): Promise<{ scores: Record<string, Accuracy>; seconds: number }> => {
    options.onRun(`${model}, seed ${seed}`);
    const train = await hemline(
      ['train', model, '--data', observed, '--seed', String(seed), ...training],
      home,
    );
    const made = await hemline<{ readonly directory: string }>(['forecast', model, '--data', observed], home);
    const scores = await truth.score(made.result.directory);
    return { scores, seconds: train.seconds + made.seconds };
  };
  const naive = await forecast(NAIVE!, 1, []);
  const ours = [];
  for (const seed of options.seeds) ours.push(await forecast(OURS!, seed, options.training));
  const forecasters: Forecaster[] = [
    {
      name: OURS!,
      ...overSeeds(ours.map(({ scores }) => scores)),
      seconds: ours.reduce((sum, { seconds }) => sum + seconds, 0),
    },
    { name: NAIVE!, ...naive },
  ];
  const skipped: { name: string; reason: string }[] = [];
  const environment = await pythonEnvironment(LIGHTGBM_PACKAGES);
  if ('python' in environment) {
    options.onRun(PEER!);
    forecasters.push({ name: PEER!, ...(await boosted(environment.python, observed, levels, truth, home)) });
  } else skipped.push({ name: PEER!, reason: environment.missing });
  return {
    title: `simulated market ${marketSeed} of ${articles.toLocaleString('en')} articles, all planned weeks at all discounts`,
    forecasters,
    skipped,
    reference: skipped.length === 0 ? PEER! : NAIVE!,
    verdicts: articles === ARTICLES ? verdicts(forecasters) : [],
  };
}

async function boosted(
  python: string,
  observed: string,
  levels: Float64Array,
  truth: MarketTruth,
  home: string,
): Promise<{ scores: Record<string, Accuracy>; seconds: number }> {
  const panel = join(home, 'panel.parquet');
  const output = join(home, 'lightgbm');
  await rm(output, { recursive: true, force: true });
  const began = performance.now();
  await runChild(nodeProgram('market-panel.ts', [observed, panel]));
  const args = [panel, observed, output, '--discounts', Array.from(levels).join(',')];
  await runChild(pythonProgram(python, 'lightgbm_market.py', args));
  const seconds = (performance.now() - began) / 1000;
  return { scores: await truth.score(output), seconds };
}

function verdicts(forecasters: readonly Forecaster[]): Verdict[] {
  const errorOf = (name: string): number | undefined =>
    forecasters.find((one) => one.name === name)?.scores['all']!.error;
  return [[PEER!, PEER_SHARE] as const, [NAIVE!, NAIVE_SHARE] as const].flatMap(
    ([name, limit]): Verdict[] => {
      const peer = errorOf(name);
      if (peer === undefined) return [];
      const value = errorOf(OURS!)! / peer;
      return [
        { requirement: `at most ${limit} × the error of ${name}`, value, limit, holds: value <= limit },
      ];
    },
  );
}
