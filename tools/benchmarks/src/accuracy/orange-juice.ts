import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pythonProgram } from '../cases/programs.ts';
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

const ROOT = join(import.meta.dirname, '../../../..');
const DATA = join(ROOT, '../shared/data/orange-juice');
const DESCRIPTOR = join(ROOT, 'tools/reference-data/orange-juice/dataset.json');
const CUTOFFS = ['1992-04-16', '1992-06-11', '1992-08-06'];
const HORIZON = 8;
/** The best LightGBM that comes with the reference data, in the mean over {@link CUTOFFS}. */
const PUBLISHED = 0.596;
const BIAS_LIMIT = 0.1;
const OURS = 'demand-transformer';

interface Backtest {
  readonly cutoffs: readonly {
    readonly cutoff: string;
    readonly seed: number;
    readonly demandError: number;
    readonly demandBias: number;
  }[];
}

/**
 * Backtests on public data: 11 brands of orange juice in 83 stores.
 * @param options cutoffs, seeds, how our model is trained
 * @param home of the command
 * @returns errors by cutoff; null where the reference data is not there
 */
export async function scoreOrangeJuice(
  options: AccuracyOptions,
  home: string,
): Promise<AccuracyTable | { readonly missing: string }> {
  if (!existsSync(DATA)) return { missing: `there is no reference data at ${DATA}` };
  const cutoffs = options.cutoffs ?? CUTOFFS;
  const backtest = async (
    name: string,
    model: string,
    seeds: readonly number[],
    more: readonly string[],
  ): Promise<Forecaster> => {
    options.onRun(name);
    const { result, seconds } = await hemline<Backtest>(
      [
        'backtest',
        model,
        ...['--data', DATA, '--descriptor', DESCRIPTOR, '--horizon', String(HORIZON)],
        ...['--cutoff', cutoffs.join(','), '--seed', seeds.join(',')],
        ...more,
      ],
      home,
    );
    const runs = seeds.map((seed) =>
      withMean(
        result.cutoffs
          .filter((one) => one.seed === seed)
          .map(({ cutoff, demandError, demandBias }) => [cutoff, { error: demandError, bias: demandBias }]),
      ),
    );
    return { name, ...overSeeds(runs), seconds };
  };
  const forecasters = [
    await backtest(OURS, OURS, options.seeds, options.training),
    await backtest('demand-naive, last', 'demand-naive', [1], []),
    await backtest('demand-naive, mean of 8', 'demand-naive', [1], ['--set', 'method=mean']),
  ];
  const skipped: { name: string; reason: string }[] = [];
  const environment = await pythonEnvironment(LIGHTGBM_PACKAGES);
  if ('python' in environment) forecasters.push(...(await boosted(environment.python, cutoffs, options)));
  else skipped.push({ name: 'LightGBM', reason: environment.missing });
  const { error, bias } = forecasters[0]!.scores['mean']!;
  return {
    title: `orange juice, ${HORIZON} weeks after each cutoff`,
    forecasters,
    skipped,
    reference: skipped.length === 0 ? 'LightGBM, tweedie, monotone' : 'demand-naive, mean of 8',
    verdicts:
      cutoffs.join() === CUTOFFS.join()
        ? [
            {
              requirement: 'a mean error of at most that of the best LightGBM of the reference data',
              value: error,
              limit: PUBLISHED,
              holds: error <= PUBLISHED,
            },
            {
              requirement: 'a mean bias, whatever its sign, of at most',
              value: Math.abs(bias),
              limit: BIAS_LIMIT,
              holds: Math.abs(bias) <= BIAS_LIMIT,
            },
          ]
        : [],
  };
}

/** LightGBM with each objective, free and with demand monotone in the discount. */
async function boosted(
  python: string,
  cutoffs: readonly string[],
  { onRun }: AccuracyOptions,
): Promise<Forecaster[]> {
  onRun('LightGBM');
  const args = ['--data', DATA, '--cutoff', cutoffs.join(','), '--horizon', String(HORIZON)];
  const output = await runChild(pythonProgram(python, 'lightgbm_orange_juice.py', args));
  type Scored = Accuracy & { readonly seconds: number };
  const { cutoffs: found } = JSON.parse(output) as {
    readonly cutoffs: Readonly<Record<string, Readonly<Record<string, Scored>>>>;
  };
  const kinds = Object.keys(Object.values(found)[0]!).filter((kind) => /^(log|tweedie|l2)/.test(kind));
  return kinds.map((kind) => {
    const own = Object.entries(found).map(([cutoff, scores]) => [cutoff, scores[kind]!] as const);
    return {
      name: `LightGBM, ${kind.replace('-', ', ')}`,
      scores: withMean(own.map(([cutoff, { error, bias }]) => [cutoff, { error, bias }])),
      seconds: own.reduce((sum, [, { seconds }]) => sum + seconds, 0),
    };
  });
}

function withMean(scores: readonly (readonly [string, Accuracy])[]): Record<string, Accuracy> {
  const mean = (of: (one: Accuracy) => number): number =>
    scores.reduce((sum, [, one]) => sum + of(one), 0) / scores.length;
  return {
    ...Object.fromEntries(scores),
    mean: { error: mean((one) => one.error), bias: mean((one) => one.bias) },
  };
}
