import { expectedNoiseFactor } from '../demand/noise.ts';
import { expectedResidual } from '../money/residual-value.ts';
import { RETURN_LAGS } from '../returns.ts';
import type { Cohort } from '../series/cohort.ts';
import { sumOf, type SeriesState } from '../series/series-state.ts';
import { expectedDemand } from '../series/week-demand.ts';
import type { ShopState } from './shop-state.ts';

/** What nobody in a shop knows: the truth about the weeks ahead. N series, T weeks, L levels. */
export interface PlayTruth {
  readonly weeks: number;
  /** First week on sale, and the week after the last, as positions in the weeks ahead; equal where there is none [N]. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
  /** Expected units, given all noise up to the last week that was sold [N·T·L]; 0 where not on sale. */
  readonly demand: Float64Array;
  /** Variance over squared mean besides the Poisson part, of the count and of noise to come [N·T]. */
  readonly dispersion: Float64Array;
  /** Probability that a unit comes back [N·L]. */
  readonly returnRate: Float64Array;
  readonly lags: number;
  /** Share of the returned units that is back after each number of weeks [N·lags]. */
  readonly returnLag: Float64Array;
  /** Of one unit, in currency units [N]. */
  readonly shippingCost: Float64Array;
  readonly returnCost: Float64Array;
  /** Expected worth of a unit left at the season's end, as a share of the list price [N]. */
  readonly residual: Float64Array;
  /**
   * Units that arrive before the sales of a week: deliveries, and what is expected back of units sold before, given what has come
   * back [N·T]; 0 in the first week, of which they are in stock already.
   */
  readonly arrivals: Float64Array;
}

/**
 * Tells the truth about the weeks ahead. Where articles compete, demand is that at the discounts which the others gave in the last
 * week that was sold (none, before their launch).
 * @param cohort all series
 * @param week first week ahead, opened
 * @param weeks T
 * @param before all series between the last week and this one
 * @returns the truth
 */
export function tellTruth(cohort: Cohort, week: number, weeks: number, before: ShopState): PlayTruth {
  const { series } = cohort;
  const N = series.length;
  const L = series[0]!.lift.length;
  const whole = (): Int32Array => new Int32Array(N);
  const zeros = (length: number): Float64Array => new Float64Array(length);
  const truth: PlayTruth = {
    ...{ weeks, begin: whole(), end: whole(), demand: zeros(N * weeks * L), dispersion: zeros(N * weeks) },
    ...{ returnRate: zeros(N * L), lags: RETURN_LAGS, returnLag: zeros(N * RETURN_LAGS) },
    ...{ shippingCost: zeros(N), returnCost: zeros(N), residual: zeros(N), arrivals: zeros(N * weeks) },
  };
  const held = ({ record }: SeriesState): number =>
    week > record.launch ? record.level[week - 1 - record.launch]! : 0;
  for (let t = 0; t < weeks; t++) {
    cohort.meet(week + t, held);
    series.forEach((one, n) => tellWeek(truth, n, one, week, t, before.noise(n)));
  }
  series.forEach(({ record, returnRate, parameters }, n) => {
    const within = (at: number): number => Math.min(weeks, Math.max(0, at - week));
    truth.begin[n] = within(record.launch);
    truth.end[n] = Math.max(truth.begin[n]!, within(record.launch + record.last + 1));
    truth.returnRate.set(returnRate, n * L);
    truth.returnLag.set(parameters.returnDelay, n * RETURN_LAGS);
    truth.shippingCost[n] = parameters.cost.shipping;
    truth.returnCost[n] = parameters.cost.returning;
    truth.residual[n] = expectedResidual(parameters.residual, 0);
  });
  return truth;
}

function tellWeek(
  truth: PlayTruth,
  n: number,
  series: SeriesState,
  week: number,
  t: number,
  known: number,
): void {
  const { record, parameters, lift } = series;
  const { noise, dispersion } = parameters;
  const age = week + t - record.launch;
  if (t > 0) truth.arrivals[n * truth.weeks + t] = expectedArrivals(series, week - record.launch, age);
  if (age < 0 || age > record.last) return;
  // Of noise that begins later, nothing is known.
  const isKnown = week > record.launch;
  const factor = isKnown ? expectedNoiseFactor(noise, known, t + 1) : 1;
  const carried = isKnown ? noise.persistence ** (t + 1) : 0;
  const variance = noise.deviation ** 2 * (1 - carried * carried);
  truth.dispersion[n * truth.weeks + t] = (1 + 1 / dispersion) * Math.exp(variance) - 1;
  for (let level = 0; level < lift.length; level++)
    truth.demand[(n * truth.weeks + t) * lift.length + level] = expectedDemand(series, age, level) * factor;
}

/** What is delivered, and what comes back of units sold before the present week: all that is known of returns is in stock. */
function expectedArrivals(
  { record, deliveries, returnRate, parameters }: SeriesState,
  present: number,
  age: number,
): number {
  if (age < 0 || age >= record.life + RETURN_LAGS - 1) return 0;
  let units = age > record.last ? 0 : sumOf(deliveries, age * record.sizes, (age + 1) * record.sizes);
  for (let soldAt = Math.max(0, age - RETURN_LAGS + 1); soldAt < Math.min(present, record.life); soldAt++) {
    const rate = returnRate[record.level[soldAt]!]!;
    let [back, passed] = [0, 0];
    for (let lag = 0; lag < RETURN_LAGS && soldAt + lag <= present; lag++) {
      back += record.returned[soldAt * RETURN_LAGS + lag]!;
      passed += parameters.returnDelay[lag]!;
    }
    const chance = (rate * parameters.returnDelay[age - soldAt]!) / (1 - rate * passed);
    units += (record.sales[soldAt]! - back) * chance;
  }
  return units;
}
