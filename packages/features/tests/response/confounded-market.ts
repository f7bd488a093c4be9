import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  parseWeek,
  stringsToColumn,
  toPanel,
  type Week,
} from '@hemline/core';
import { fillWeeks, type FilledPanel } from '../../src/panel/filled-panel.ts';
import { SeededRandom } from '../support/random.ts';

/** A market whose response to the price is known. */
export interface ConfoundedMarket {
  readonly seed: number;
  readonly series: number;
  readonly weeks: number;
  /** Price elasticities by group; series take turns. */
  readonly elasticities: readonly number[];
  /** Share of the coming week's noise that the planner foresees and the data does not have: 0 is what can be told apart. */
  readonly foresight?: number;
  /** Share of weeks whose discount is drawn by lot, and recorded. */
  readonly lottery?: number;
  /** Units of an ordinary week; 12 by default. */
  readonly level?: number;
  /** Deviation of the log of a series' own elasticity around its group's; 0 by default. */
  readonly own?: number;
  /** The only discount there is; by default the planner's. */
  readonly fixed?: number;
}

export const FIRST = parseWeek('2024-01-01');
const LEVELS = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
const [PERSISTENCE, DEVIATION] = [0.7, 0.35];
/** Depth of the discount that stock is bought for. */
const USUAL_DEPTH = 0.25;

/**
 * Poisson demand exp(level + noise + elasticity · −log(1 − d)) with autocorrelated noise. Each week begins with stock for twelve
 * ordinary weeks at a usual discount. The planner goes deeper by a step when it would last longer at the sales remembered, and back when it would not
 * last, so that discounts follow low demand; one week in ten it tries a neighbouring discount.
 * @param market what it is like
 * @returns its panel, the last week, and the elasticity of each series
 */
export function confoundedMarket(market: ConfoundedMarket): {
  panel: FilledPanel;
  cutoff: Week;
  elasticities: Float64Array;
} {
  const { seed, series, weeks, elasticities, foresight = 0, lottery = 0, level = 12, fixed } = market;
  const { own = 0 } = market;
  const random = new SeededRandom(seed);
  const rows: [string, number, number, number, string | null, number, number][] = [];
  const groups: string[] = [];
  const truth: number[] = [];
  for (let s = 0; s < series; s++) {
    const group = s % elasticities.length;
    const elasticity = elasticities[group]! * (own === 0 ? 1 : Math.exp(own * random.normal()));
    truth.push(elasticity);
    groups.push(`group ${group}`);
    const expected = level * Math.exp(0.5 * random.normal());
    let noise = DEVIATION * random.normal();
    const stock = 12 * expected * Math.exp(elasticity * USUAL_DEPTH);
    let remembered = stock / 12;
    let step = 1;
    for (let week = 0; week < weeks; week++) {
      noise = PERSISTENCE * noise + DEVIATION * Math.sqrt(1 - PERSISTENCE ** 2) * random.normal();
      const gap = Math.log((12 * remembered + 0.5) / (stock + 0.5)) + foresight * noise;
      if (gap < -0.1) step = Math.min(LEVELS.length - 1, step + 1);
      else if (gap > 0.25) step = Math.max(0, step - 1);
      const drawn = random.uniform() < lottery;
      const tried = random.uniform() < 0.1 ? step + (random.uniform() < 0.5 ? 1 : -1) : step;
      const near = Math.max(0, Math.min(LEVELS.length - 1, tried));
      const chosen = drawn ? random.below(LEVELS.length) : near;
      const discount = fixed ?? LEVELS[chosen]!;
      const mean = expected * Math.exp(noise - DEVIATION ** 2 / 2 - elasticity * Math.log1p(-discount));
      const units = level === 0 ? 0 : poisson(random, mean);
      rows.push([
        `a${s}`,
        week,
        units,
        discount,
        drawn ? 'lottery' : null,
        drawn ? 1 / LEVELS.length : NaN,
        stock,
      ]);
      remembered = 0.7 * remembered + 0.3 * units;
    }
  }
  const panel = fillWeeks(
    toPanel(
      new Batch({
        article: stringsToColumn(rows.map(([article]) => article)),
        market: stringsToColumn(rows.map(() => 'DE')),
        week: dateColumn(Int32Array.from(rows, ([, week]) => addWeeks(FIRST, week))),
        demand: float64Column(Float64Array.from(rows, ([, , units]) => units)),
        discount: float64Column(Float64Array.from(rows, ([, , , discount]) => discount)),
        stock: float64Column(Float64Array.from(rows, ([, , , , , , stock]) => stock)),
        blackPrice: float64Column(new Float64Array(rows.length).fill(50)),
        experiment: stringsToColumn(rows.map(([, , , , name]) => name)),
        propensity: float64Column(Float64Array.from(rows, ([, , , , , chance]) => chance)),
      }),
    ),
  );
  return {
    panel: { ...panel, series: panel.series.with({ group: stringsToColumn(groups) }) },
    cutoff: addWeeks(FIRST, weeks - 1),
    elasticities: Float64Array.from(truth),
  };
}

/** Inversion: means are small. */
function poisson(random: SeededRandom, mean: number): number {
  let [count, term] = [0, Math.exp(-mean)];
  let below = term;
  const at = random.uniform();
  while (at > below && count < 10_000) {
    count++;
    term *= mean / count;
    below += term;
  }
  return count;
}

/**
 * What one would estimate without a thought: least squares of log(1 + demand) on −log(1 − discount) within series.
 * @param panel of the market
 * @returns the elasticity
 */
export function naiveElasticity({ rows, offsets }: FilledPanel): number {
  const [demand, discount] = [rows.floats('demand'), rows.floats('discount')];
  let [products, squares] = [0, 0];
  for (let s = 0; s + 1 < offsets.length; s++) {
    const depth = Array.from(discount.subarray(offsets[s], offsets[s + 1]), (d) => -Math.log1p(-d));
    const log = Array.from(demand.subarray(offsets[s], offsets[s + 1]), Math.log1p);
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, one) => sum + one, 0) / values.length;
    const [depthMean, logMean] = [mean(depth), mean(log)];
    depth.forEach((one, i) => {
      products += (one - depthMean) * (log[i]! - logMean);
      squares += (one - depthMean) ** 2;
    });
  }
  return products / squares;
}
