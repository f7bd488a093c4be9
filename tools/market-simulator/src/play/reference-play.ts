import { CLEARANCE_LOTS } from '../money/residual-value.ts';
import { randomStream, STREAMS, type RandomGenerator } from '../random/stream.ts';
import { lotOf } from '../series/clear-leftovers.ts';
import { isOnSale, type Cohort } from '../series/cohort.ts';
import type { SeriesState } from '../series/series-state.ts';
import { simulateCohort } from '../series/simulate-cohort.ts';
import { KeptStreams } from './kept-streams.ts';
import type { CheckedPlay } from './play-options.ts';
import { ShopState } from './shop-state.ts';

/**
 * The play of the market's own planner: it gives every random draw its place, so that all policies meet the same noise. Whatever is
 * priced, the draws of a week begin where they begin in this play.
 */
export class ReferencePlay {
  readonly #play: CheckedPlay;
  readonly #series: readonly SeriesState[];
  readonly #weeks: KeptStreams;
  readonly #costs: KeptStreams;
  readonly #lots: KeptStreams;

  /**
   * Simulates the planner's play, then puts all series back to where they are before the first week that is played.
   * @param play what is played
   * @param cohort all series at the start of their lives
   */
  constructor(play: CheckedPlay, cohort: Cohort) {
    const { from, played } = play;
    const { series } = cohort;
    this.#play = play;
    this.#series = series;
    this.#weeks = new KeptStreams(series.length * played);
    this.#costs = new KeptStreams(series.length * played);
    this.#lots = new KeptStreams(series.length * CLEARANCE_LOTS.length);
    const numbers = new Map(series.map((one, n) => [one, n]));
    const state = new ShopState(series);
    let arrivals: Float64Array[] = [];
    const leftovers = new Float64Array(series.length);
    simulateCohort(play.market, cohort, {
      week: (week) => {
        if (week === from) {
          state.take(series);
          arrivals = series.map((one) => one.arrivals.slice());
        }
        if (week < from || week >= from + played) return;
        series.forEach(({ record, random }, n) => {
          if (isOnSale(record, week)) this.#weeks.keep(this.#moment(n, week), random);
        });
      },
      costs: (one, age) => {
        const [n, week] = [numbers.get(one)!, age + one.record.launch];
        if (week >= from) this.#costs.keep(this.#moment(n, week), one.random);
      },
      after: (one, age) => {
        const [n, lot] = [numbers.get(one)!, lotOf(one, age)];
        if (lot !== -1) this.#lots.keep(n * CLEARANCE_LOTS.length + lot, one.random);
        if (age + one.record.launch === from) leftovers[n] = one.leftovers;
      },
    });
    state.putBack(series);
    series.forEach((one, n) => {
      one.arrivals.set(arrivals[n]!);
      // In the week after the last on sale, what is left is still in stock; later it has left it.
      if (from > one.record.launch + one.record.life) {
        one.stock.fill(0);
        one.leftovers = leftovers[n]!;
      }
      this.#forget(one);
    });
  }

  /**
   * @param n number of a series
   * @param week on sale, counted from the first of the history; of the play or the run-out
   * @returns the stream that the week is drawn from
   */
  week(n: number, week: number): RandomGenerator {
    return this.#isPlayed(week) ? this.#weeks.resume(this.#moment(n, week)) : this.#runOut(n, week, 0);
  }

  /**
   * @param n number of a series
   * @param week of the play or the run-out
   * @returns the stream that its costs are drawn from
   */
  costs(n: number, week: number): RandomGenerator {
    if (this.#isPlayed(week)) return this.#costs.resume(this.#moment(n, week));
    return this.#runOut(n, week, 1);
  }

  /**
   * @param n number of a series
   * @param lot of its leftovers, cleared in the play
   * @returns the stream that it is drawn from
   */
  lot(n: number, lot: number): RandomGenerator {
    return this.#lots.resume(n * CLEARANCE_LOTS.length + lot);
  }

  #runOut(n: number, week: number, what: number): RandomGenerator {
    const { article, market } = this.#series[n]!;
    return randomStream(this.#play.market.seed, STREAMS.runOut, article.index, market.index, week, what);
  }

  #isPlayed(week: number): boolean {
    return week < this.#play.from + this.#play.played;
  }

  #moment(n: number, week: number): number {
    return n * this.#play.played + week - this.#play.from;
  }

  /** Lots that the planner's play cleared later have not been cleared yet. */
  #forget({ record }: SeriesState): void {
    CLEARANCE_LOTS.forEach(({ weeksAfter }, lot) => {
      if (record.launch + record.life - 1 + weeksAfter < this.#play.from) return;
      record.clearedUnits[lot] = 0;
      record.clearedValue[lot] = 0;
    });
  }
}
