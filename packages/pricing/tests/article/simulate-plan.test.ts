import { describe, expect, it } from 'vitest';
import { newArticlePlan } from '../../src/article/article-plan.ts';
import { expectedSales } from '../../src/article/expected-sales.ts';
import { simulatePlan } from '../../src/article/simulate-plan.ts';
import { StockSimulation } from '../../src/article/stock-simulation.ts';
import { ArticleWorkspace } from '../../src/article/solve-article.ts';
import { randomArticle, randomNumbers } from './random-article.ts';

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);
const shape = { markets: 3, weeks: 8, levelCount: 6, pool: true, returns: true, deliveries: true };

/** Any levels, within limits or not. */
function anyLevels(seed: number, size: number, levelCount: number): Uint8Array {
  const random = randomNumbers(seed);
  return Uint8Array.from({ length: size }, () => Math.floor(random() * levelCount));
}

describe('a plan that is played', () => {
  it('withholds nothing: all that is asked for is sold while there is stock, pro rata', () => {
    for (const seed of seeds) {
      const problem = randomArticle(seed, { ...shape, certain: true, pool: seed % 2 === 0 });
      const { markets, weeks, levelCount, stockOf } = problem;
      const solved = new ArticleWorkspace().solve(problem);
      for (const level of [anyLevels(seed, markets * weeks, levelCount), solved.level.slice()]) {
        const out = newArticlePlan(markets, weeks, problem.stocks);
        simulatePlan(problem, level, out);
        for (let market = 0; market < markets; market++) {
          for (let week = 0; week < weeks; week++) {
            const at = market * weeks + week;
            const asked = problem.demand[at * levelCount + level[at]];
            const left = out.left[stockOf[market] * weeks + week];
            // Either everybody is served, or nothing is left.
            expect(Math.min(asked - out.sales[at], left)).toBeLessThan(1e-9 * (1 + asked));
            expect(out.sales[at]).toBeLessThanOrEqual(asked * (1 + 1e-12));
          }
        }
      }
    }
  });

  it('loses no unit: stock, deliveries and returns are sold or left', () => {
    for (const seed of seeds) {
      const problem = randomArticle(seed, shape);
      const { markets, weeks, levelCount, lags } = problem;
      const out = newArticlePlan(markets, weeks, 1);
      const level = anyLevels(seed, markets * weeks, levelCount);
      simulatePlan(problem, level, out);
      let units = problem.stock[0];
      for (let week = 0; week < weeks; week++) {
        units += problem.deliveries[week];
        for (let market = 0; market < markets; market++) {
          const at = market * weeks + week;
          units -= out.sales[at];
          for (let lag = 0; lag < lags; lag++) {
            units +=
              out.sales[at] *
              problem.returnRate[at * levelCount + level[at]] *
              problem.returnLag[market * lags + lag];
          }
        }
      }
      expect(out.left[weeks - 1] + out.lateReturns[0]).toBeCloseTo(units, 6);
    }
  });

  it('brings returned units back after their lag', () => {
    const problem = randomArticle(1, {
      markets: 1,
      weeks: 4,
      levelCount: 2,
      pool: true,
      returns: true,
      certain: true,
    });
    problem.stock[0] = 10;
    problem.demand.set([10, 10, 0, 0, 100, 100, 100, 100]);
    problem.returnRate.fill(0.5);
    problem.returnLag.set([0, 0, 0.8, 0.2, 0]);
    const out = newArticlePlan(1, 4, 1);
    simulatePlan(problem, new Uint8Array(4), out);
    // Ten are sold, five come back: four two weeks later, one after three; of the four, two come back after the end.
    expect([...out.sales]).toEqual([10, 0, 4, 1]);
    expect(out.lateReturns[0]).toBeCloseTo(0.5 * 4 * 1 + 0.5 * 1 * 1, 9);
  });

  it('earns at least as much where demand is certain, and less the more it scatters', () => {
    for (const seed of seeds) {
      const problem = randomArticle(seed, { markets: 2, weeks: 8, levelCount: 4, pool: true });
      problem.residual.fill(0);
      problem.margin.fill(10);
      const level = anyLevels(seed, 16, 4);
      const out = newArticlePlan(2, 8, 1);
      const values = [0, 0.2, 1].map((dispersion) =>
        simulatePlan({ ...problem, dispersion: new Float64Array(16).fill(dispersion) }, level, out),
      );
      values.unshift(simulatePlan({ ...problem, certain: true }, level, out));
      for (let index = 1; index < values.length; index++) {
        expect(values[index]).toBeLessThanOrEqual(values[index - 1] * (1 + 1e-5));
      }
      expect(values[3]).toBeLessThan(values[0]);
    }
  });

  it('sells no less in any week from more stock', () => {
    for (const seed of seeds) {
      const problem = randomArticle(seed, { ...shape, returns: false });
      const level = anyLevels(seed, 24, 6);
      const less = newArticlePlan(3, 8, 1);
      const more = newArticlePlan(3, 8, 1);
      simulatePlan(problem, level, less);
      simulatePlan({ ...problem, stock: problem.stock.map((units) => units + 5) }, level, more);
      more.sales.forEach((units, at) => expect(units).toBeGreaterThanOrEqual(less.sales[at] - 1e-5));
    }
  });

  it('is worth what the quick simulation says, begun anywhere', () => {
    const quick = new StockSimulation();
    for (const seed of seeds) {
      const problem = randomArticle(seed, { ...shape, returns: seed % 2 === 0 });
      const level = anyLevels(seed, 24, 6);
      const out = newArticlePlan(3, 8, 1);
      quick.read(problem, 0);
      expect(quick.value(level, 0, true)).toBeCloseTo(simulatePlan(problem, level, out), 6);
      level[8 + 5] = (level[8 + 5] + 1) % 6;
      expect(quick.value(level, 5, false)).toBeCloseTo(simulatePlan(problem, level, out), 6);
    }
  });
});

describe('expected sales', () => {
  /** E[min(D, stock)] of the negative binomial by its definition, in logarithms. */
  function summed(mean: number, dispersion: number, stock: number): number {
    let log = dispersion === 0 ? -mean : -Math.log1p(dispersion * mean) / dispersion;
    let sales = stock;
    for (let units = 0; units < stock; units++) {
      sales -= Math.exp(log) * (stock - units);
      log += Math.log(((1 + dispersion * units) * mean) / (1 + dispersion * mean) / (units + 1));
    }
    return sales;
  }

  it('are those of the negative binomial distribution', () => {
    for (const mean of [0.05, 0.7, 3, 12, 31]) {
      for (const dispersion of [0, 0.1, 0.8, 3]) {
        for (const stock of [1, 2, 5, 17, 40]) {
          const wanted = summed(mean, dispersion, stock);
          expect(Math.abs(expectedSales(mean, dispersion, false, stock) - wanted)).toBeLessThan(1e-5 * mean);
        }
      }
    }
  });

  it('are those of the shifted gamma distribution for many units, to a thousandth', () => {
    for (const mean of [33, 80, 300]) {
      for (const dispersion of [0, 0.1, 0.8, 3]) {
        for (const share of [0.1, 0.5, 0.9, 1, 1.2, 2]) {
          const stock = Math.round(share * mean);
          const wanted = summed(mean, dispersion, stock);
          const found = expectedSales(mean, dispersion, false, stock);
          expect(Math.abs(found - wanted), `${mean} ${dispersion} ${stock}`).toBeLessThan(1e-3 * mean);
        }
      }
    }
  });

  it('are the smaller of demand and stock where demand is certain', () => {
    expect(expectedSales(7, 0.5, true, 3)).toBe(3);
    expect(expectedSales(7, 0.5, true, 30)).toBe(7);
    expect([expectedSales(0, 1, false, 5), expectedSales(3, 1, false, 0)]).toEqual([0, 0]);
  });

  it('rise with stock, ever less', () => {
    for (const [mean, dispersion] of [
      [0.3, 0],
      [5, 0.4],
      [60, 0.2],
      [400, 1.5],
    ]) {
      let before = 0;
      let slope = 1;
      for (let stock = 1; stock <= 1500; stock++) {
        const sales = expectedSales(mean, dispersion, false, stock);
        expect(sales - before).toBeLessThanOrEqual(slope + 1e-5 * mean);
        expect(sales).toBeGreaterThanOrEqual(before);
        slope = sales - before;
        before = sales;
      }
    }
  });
});
