import { DataError, roundDiscount, type Table } from '@hemline/core';
import { joinWeeks, type JoinOptions } from './joined-weeks.ts';
import { discountLift, LevelFilter, STATE_WIDTH, type LevelDynamics } from './level-filter.ts';
import { nelderMead } from './nelder-mead.ts';
import { SeriesSample, type SampledWeek } from './series-sample.ts';
import type { SizeShares } from './size-shares.ts';

/** How the dynamics are learnt. */
export interface DynamicsOptions extends Omit<JoinOptions, 'columns'> {
  /** Most series to learn from; 160 by default. */
  readonly series?: number;
}

/** Mean and variance. */
interface Normal {
  readonly mean: number;
  readonly variance: number;
}

const SERIES = 160;
const LIMITS = { evaluations: 250, tolerance: 0.05 };
/** Logs of the three variances, logit of the persistence, drift, elasticity: where the search begins, and its first steps. */
const START = Float64Array.of(Math.log(0.003), Math.log(0.08), Math.log(0.06), 1, -0.01, 1.2);
const STEPS = Float64Array.of(0.7, 0.7, 0.7, 0.7, 0.01, 0.6);

/**
 * Learns how the level of demand moves from a sample of series, by maximum likelihood: that of all weeks given the weeks
 * before, sold-out sizes with the probability that at least what was sold was demanded. Leaving sold-out weeks out would
 * favour weeks of low demand.
 * @param weekly the table
 * @param sizes the table
 * @param shares of the sizes
 * @param options cutoff, and how many series
 * @returns the dynamics
 * @throws DataError when no week up to the cutoff has sales; and what {@link joinWeeks} throws
 */
export async function levelDynamics(
  weekly: Table,
  sizes: Table,
  shares: SizeShares,
  options: DynamicsOptions = {},
): Promise<LevelDynamics> {
  const sample = new SeriesSample(options.series ?? SERIES);
  for await (const rows of joinWeeks(weekly, sizes, shares, options)) sample.add(rows);
  const { series } = sample;
  const first = firstLevels(series);
  const hasDiscounts = series.some((weeks) => weeks.some(({ discount }) => roundDiscount(discount) > 0));
  const dynamicsAt = (at: Float64Array): LevelDynamics => ({
    stepVariance: Math.exp(at[0]!),
    swingVariance: Math.exp(at[1]!),
    weekVariance: Math.exp(at[2]!),
    persistence: 1 / (1 + Math.exp(-at[3]!)),
    drift: at[4]!,
    elasticity: hasDiscounts ? at[5]! : 0,
  });
  const { point } = nelderMead((at) => -logLikelihood(series, first, dynamicsAt(at)), START, STEPS, LIMITS);
  return dynamicsAt(point);
}

function logLikelihood(
  series: readonly (readonly SampledWeek[])[],
  first: Normal,
  dynamics: LevelDynamics,
): number {
  const filter = new LevelFilter(dynamics);
  const state = new Float64Array(STATE_WIDTH);
  let log = 0;
  for (const weeks of series) {
    filter.begin(state, 0, first.mean, first.variance);
    for (const week of weeks) {
      filter.step(state, 0, week.elapsed, discountLift(dynamics, week.discount), week);
      log += filter.posterior.logEvidence;
    }
  }
  return log;
}

/** Mean and variance of the log of what was sold in the first week of each series in which a size was available. */
function firstLevels(series: readonly (readonly SampledWeek[])[]): Normal {
  const logs: number[] = [];
  for (const weeks of series) {
    const first = weeks.find(({ share }) => share > 0.5);
    if (first !== undefined) logs.push(Math.log((first.sold + 0.5) / first.share));
  }
  if (logs.length === 0)
    throw new DataError('there is no demand to learn from', {
      expected: 'a week in which sizes were available',
      found: `${series.length} series without one`,
      where: { table: 'sizes' },
      remedy: 'Choose a later cutoff, or data that goes back further.',
    });
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  return { mean, variance: Math.max(0.1, squares / logs.length) };
}
