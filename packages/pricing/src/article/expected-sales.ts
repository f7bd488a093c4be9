import { MOST_SKEW, standardLoss } from './loss-table.ts';

// E[min(D, s)] of a week's demand D with mean q and variance q + dispersion · q²: negative binomial, that is Poisson with a gamma
// mean. Concave in s, linear between whole units. Above EXACT_MEAN units the sum over units is replaced by the loss of the shifted
// gamma distribution with the same mean, variance and skewness.

/** Means up to which the sum over units is taken; of very skewed demand, whose zeros the gamma does not have, up to the latter. */
const EXACT_MEAN = 32;
const EXACT_SKEWED_MEAN = 2000;
const SKEWED = 2;

/**
 * Stock from which on demand counts as served whole: what is lost beyond is some millionths of it.
 * @param mean expected demand, > 0
 * @param dispersion (variance − mean) / mean²
 * @returns units
 */
export function saturation(mean: number, dispersion: number): number {
  const scale = 1 + dispersion * mean;
  return mean + 5 * Math.sqrt(mean * scale) + 9 * scale;
}

/**
 * @param mean expected demand, ≥ 0
 * @param dispersion (variance − mean) / mean², ≥ 0
 * @param certain demand is the mean, without any scatter
 * @param stock units that can be sold, ≥ 0
 * @returns expected sales E[min(D, stock)], units
 */
export function expectedSales(mean: number, dispersion: number, certain: boolean, stock: number): number {
  if (mean <= 0 || stock <= 0) return 0;
  if (certain) return Math.min(mean, stock);
  if (stock >= saturation(mean, dispersion)) return mean;
  const deviation = Math.sqrt(mean * (1 + dispersion * mean));
  const skew = (1 + 2 * dispersion * mean) / deviation;
  if (hasManyUnits(mean, skew)) {
    const sales = mean - deviation * standardLoss(skew, (stock - mean) / deviation);
    return sales < 0 ? 0 : Math.min(sales, stock);
  }
  let probability = noDemand(mean, dispersion);
  let more = 1 - probability;
  const ratio = mean / (1 + dispersion * mean);
  const whole = Math.floor(stock);
  let sales = 0;
  for (let unit = 0; unit < whole; unit++) {
    sales += more;
    probability *= ((1 + dispersion * unit) * ratio) / (unit + 1);
    more -= probability;
  }
  return Math.min(mean, stock, sales + (stock - whole) * Math.max(0, more));
}

/**
 * {@link expectedSales} at rising stocks, in one pass over the units.
 * @param mean expected demand, ≥ 0
 * @param dispersion (variance − mean) / mean², ≥ 0
 * @param certain demand is the mean
 * @param knots stocks, rising from 0
 * @param count knots to fill
 * @param row receives expected sales
 * @param start first place in `row`
 */
export function expectedSalesAt(
  mean: number,
  dispersion: number,
  certain: boolean,
  knots: Float64Array,
  count: number,
  row: Float64Array,
  start: number,
): void {
  if (mean <= 0) {
    row.fill(0, start, start + count);
    return;
  }
  if (certain) {
    for (let index = 0; index < count; index++) row[start + index] = Math.min(mean, knots[index]);
    return;
  }
  const served = saturation(mean, dispersion);
  const deviation = Math.sqrt(mean * (1 + dispersion * mean));
  const skew = (1 + 2 * dispersion * mean) / deviation;
  let index = 0;
  if (hasManyUnits(mean, skew)) {
    for (; index < count && knots[index] < served; index++) {
      const stock = knots[index];
      const sales = mean - deviation * standardLoss(skew, (stock - mean) / deviation);
      row[start + index] = sales < 0 ? 0 : Math.min(sales, stock);
    }
  } else {
    let probability = noDemand(mean, dispersion);
    let more = 1 - probability;
    const ratio = mean / (1 + dispersion * mean);
    let unit = 0;
    let sales = 0;
    for (; index < count && knots[index] < served; index++) {
      const stock = knots[index];
      while (unit + 1 <= stock) {
        sales += more;
        probability *= ((1 + dispersion * unit) * ratio) / (unit + 1);
        more -= probability;
        unit++;
      }
      row[start + index] = Math.min(mean, stock, sales + (stock - unit) * Math.max(0, more));
    }
  }
  row.fill(mean, start + index, start + count);
}

function hasManyUnits(mean: number, skew: number): boolean {
  return mean > (skew <= SKEWED ? EXACT_MEAN : EXACT_SKEWED_MEAN) && skew <= MOST_SKEW;
}

/** P(D = 0). */
function noDemand(mean: number, dispersion: number): number {
  return dispersion < 1e-9 ? Math.exp(-mean) : Math.exp(-Math.log1p(dispersion * mean) / dispersion);
}
