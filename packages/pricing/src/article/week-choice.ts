import type { ArticleProblem } from './article-problem.ts';
import type { ConcaveProgram } from './concave-program.ts';
import { expectedSales } from './expected-sales.ts';
import type { WeekOffer } from './week-offer.ts';

/** Corners in a row that earn less before the search along the hull ends. */
const PATIENCE = 4;
/** Levels that a market of several is tried around its own. */
const NEAR = 2;

/** What the markets of one stock do in a week at the stock that is met, by the values of the weeks after it. */
export class WeekChoice {
  /** Level of each market, of the week chosen last [n]. */
  choice = new Uint8Array(0);
  private trial = new Uint8Array(0);
  /** Where on a week's hull the last choice stood, 0 to 1. */
  private place = 0;
  private problem!: ArticleProblem;
  private markets: readonly number[] = [];
  private program!: ConcaveProgram;
  private offers: readonly WeekOffer[] = [];
  private unit: Float64Array = new Float64Array(0);

  /**
   * Begins a plan.
   * @param problem the article
   * @param markets markets of the stock
   * @param program values of the weeks
   * @param offers what the markets can do, week by week
   * @param unit profit of a unit sold, with what its return is worth and the holding cost it spares [T·n·L]
   */
  begin(
    problem: ArticleProblem,
    markets: readonly number[],
    program: ConcaveProgram,
    offers: readonly WeekOffer[],
    unit: Float64Array,
  ): void {
    this.problem = problem;
    this.markets = markets;
    this.program = program;
    this.offers = offers;
    this.unit = unit;
    this.place = 0.3;
    if (this.choice.length >= markets.length) return;
    this.choice = new Uint8Array(markets.length);
    this.trial = new Uint8Array(markets.length);
  }

  /**
   * The best joint choice found for a week, into `choice`: up and down the corners of its hull from where the week before stood,
   * then one market after the other around it.
   */
  choose(week: number, stock: number, arriving: number): void {
    const { problem, markets, choice, trial } = this;
    const { weeks, levelCount } = problem;
    const own = markets.length;
    let best = -Infinity;
    if (own > 1) best = this.chooseCorner(week, stock, arriving);
    const reach = own > 1 ? NEAR : levelCount;
    for (let round = 0; round < 2; round++) {
      const before = best;
      for (let index = 0; index < own; index++) {
        for (let other = 0; other < own; other++) trial[other] = choice[other];
        const low = Math.max(0, choice[index] - reach);
        const high = Math.min(levelCount - 1, choice[index] + reach);
        for (let level = low; level <= high; level++) {
          if (problem.limits.allowed[(markets[index] * weeks + week) * levelCount + level] !== 1) continue;
          trial[index] = level;
          const value = this.valueOf(week, stock, arriving, trial);
          if (value > best) {
            best = value;
            choice[index] = level;
          }
        }
      }
      if (own === 1 || best <= before) return;
    }
  }

  private chooseCorner(week: number, stock: number, arriving: number): number {
    const { choice, trial } = this;
    const own = this.markets.length;
    const offer = this.offers[week];
    const start = Math.round(this.place * (offer.count - 1));
    let best = -Infinity;
    let bestCorner = start;
    for (const step of [1, -1]) {
      let worse = 0;
      let tried = -1;
      for (let corner = step > 0 ? start : start - 1; corner >= 0 && corner < offer.count; corner += step) {
        // Points between two corners stand for the choice of the corner before.
        let isNew = tried < 0;
        for (let index = 0; index < own && !isNew; index++) {
          isNew = offer.corner[corner * own + index] !== offer.corner[tried * own + index];
        }
        if (!isNew) continue;
        tried = corner;
        for (let index = 0; index < own; index++) trial[index] = offer.corner[corner * own + index];
        const value = this.valueOf(week, stock, arriving, trial);
        if (value > best) {
          best = value;
          bestCorner = corner;
          worse = 0;
          for (let index = 0; index < own; index++) choice[index] = trial[index];
        } else if (++worse === PATIENCE) break;
      }
    }
    this.place = offer.count > 1 ? bestCorner / (offer.count - 1) : 0;
    return best;
  }

  private valueOf(week: number, stock: number, arriving: number, chosen: Uint8Array): number {
    const { problem, markets, unit, program } = this;
    const { weeks, levelCount } = problem;
    const own = markets.length;
    let mean = 0;
    let square = 0;
    let profit = 0;
    for (let index = 0; index < own; index++) {
      const market = markets[index];
      const units = problem.demand[(market * weeks + week) * levelCount + chosen[index]];
      mean += units;
      square += problem.dispersion[market * weeks + week] * units * units;
      profit += units * unit[(week * own + index) * levelCount + chosen[index]];
    }
    if (mean <= 0) return program.valueAt(week + 1, stock + arriving);
    const sales = expectedSales(mean, square / (mean * mean), problem.certain, stock);
    return (profit / mean) * sales + program.valueAt(week + 1, Math.max(0, stock - sales) + arriving);
  }
}
