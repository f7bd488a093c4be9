import type { Evaluation, LinkingRow, Portfolio } from '@hemline/pricing';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Plans of each article. */
const PLANS = 3;
/** Bytes of a plan. */
const LEVELS = 26;

/**
 * Articles whose best plans are found by looking at three, so that what is left of a search is what it does between evaluations. Every other row
 * binds, as the upper bounds of rates do and the lower ones do not.
 * @param articles how many
 * @param R rows of the limits
 * @returns the portfolio
 */
export function quickPortfolio(articles: number, R: number): Portfolio {
  const random = xoroshiro128plus(articles);
  const draw = (): number => uniformFloat64(random);
  const profit = Float64Array.from({ length: articles * PLANS }, () => 50 + 50 * draw());
  const use = Float64Array.from({ length: articles * PLANS * R }, draw);
  const planOffsets = Float64Array.from({ length: articles + 1 }, (_, a) => a * LEVELS);
  const none = new Float64Array(R);
  const best = (multipliers: Float64Array): Evaluation => {
    const found: Evaluation = {
      ...{ profit: new Float64Array(articles), use: new Float64Array(articles * R) },
      ...{ bound: new Float64Array(articles), levels: new Uint8Array(articles * LEVELS) },
    };
    for (let a = 0; a < articles; a++) {
      let [chosen, most] = [0, -Infinity];
      for (let k = a * PLANS; k < (a + 1) * PLANS; k++) {
        let worth = profit[k]!;
        for (let r = 0; r < R; r++) worth -= multipliers[r]! * use[k * R + r]!;
        if (worth > most) [chosen, most] = [k, worth];
      }
      found.profit[a] = profit[chosen]!;
      found.bound[a] = most;
      found.use.set(use.subarray(chosen * R, (chosen + 1) * R), a * R);
      found.levels.fill(chosen - a * PLANS, a * LEVELS, (a + 1) * LEVELS);
    }
    return found;
  };
  const free = best(none);
  const rows = Array.from({ length: R }, (_, r): LinkingRow => {
    let sum = 0;
    for (let a = 0; a < articles; a++) sum += free.use[a * R + r]!;
    return { name: `row ${r}`, bound: r % 2 === 0 ? 0.98 * sum : 1.5 * sum, price: null };
  });
  return {
    ...{ rows, planOffsets },
    // Of a sample the others are not looked at.
    evaluate: (multipliers) => Promise.resolve(best(multipliers)),
    known: () => Promise.resolve([]),
    vary: () => Promise.reject(new RangeError('expected more than 2,000 articles: these have no variations')),
  };
}
