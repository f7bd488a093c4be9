import { pythonProgram } from '../cases/programs.ts';
import { runChild } from '../harness/run-child.ts';
import { HORIZON, type RetailData } from './suite-data.ts';
import type { WindowScore } from './window-score.ts';

/** What lightgbm_retail.py prints of a window. */
interface Boosted {
  readonly cutoff: string;
  readonly seed: number;
  /** `mean`: that of all the others' forecasts. */
  readonly objective: string;
  readonly monotone: boolean | null;
  readonly rows: number;
  readonly seconds: number;
  /** Σ b (q̂ − q)², Σ b q², Σ b (q̂ − q), Σ b q. */
  readonly articles: Readonly<Record<string, readonly [number, number, number, number]>>;
}

const NAMES: Readonly<Record<string, string>> = {
  tweedie: 'Tweedie',
  l2: 'L2',
  poisson: 'Poisson',
  log: 'log',
};

/**
 * @param objective of a training
 * @param isMonotone whether demand is bound to rise with the discount
 * @returns what it is called among the contestants
 */
export function boostedName(objective: string, isMonotone: boolean): string {
  return `LightGBM, ${NAMES[objective] ?? objective}${isMonotone ? ', monotone' : ''}`;
}

/** The mean of the forecasts of all objectives, free and bound. */
export const BOOSTED_MEAN = 'LightGBM, mean of all';

/**
 * LightGBM on public data, told the same: every objective, free and bound.
 * @param python interpreter with its packages
 * @param data what it forecasts
 * @param ask cutoffs, seeds
 * @param ask.cutoffs last known weeks, as dates
 * @param ask.seeds of the training
 * @returns a score for each cutoff, seed and training, and for the mean of their forecasts
 */
export async function boostedScores(
  python: string,
  data: RetailData,
  { cutoffs, seeds }: { readonly cutoffs: readonly string[]; readonly seeds: readonly number[] },
): Promise<WindowScore[]> {
  const args = [
    ...[data.descriptor, data.folder, '--cutoff', cutoffs.join(','), '--horizon', String(HORIZON)],
    ...['--seed', seeds.join(','), '--rounds', String(data.rounds)],
  ];
  const found = JSON.parse(await runChild(pythonProgram(python, 'lightgbm_retail.py', args))) as Boosted[];
  return found.map(({ cutoff, seed, objective, monotone, rows, seconds, articles }): WindowScore => {
    const total = (part: 0 | 1 | 2 | 3): number =>
      Object.values(articles).reduce((sum, sums) => sum + sums[part], 0);
    return {
      ...{ data: data.name, cutoff, seed, rows, seconds, coverage: null, parts: null, lift: null },
      contestant: monotone === null ? BOOSTED_MEAN : boostedName(objective, monotone),
      kind: monotone === null ? 'peer-mean' : 'peer',
      isMonotone: monotone ?? false,
      error: Math.sqrt(total(0) / total(1)),
      bias: total(2) / total(3),
      articles: new Map(
        Object.entries(articles).map(([name, [squares, truthSquares]]) => [name, { squares, truthSquares }]),
      ),
    };
  });
}
