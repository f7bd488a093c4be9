import { DAYS_PER_WEEK } from '@hemline/core';
import type { ExpectedLevels, FirstLevels } from './first-levels.ts';
import type { JoinedWeeks } from './joined-weeks.ts';
import { discountLift, LevelFilter, STATE_WIDTH, type LevelDynamics } from './level-filter.ts';
import type { SizeShares } from './size-shares.ts';

/** All that is known of demand besides the sizes. */
export interface LevelKnowledge {
  readonly dynamics: LevelDynamics;
  readonly first: FirstLevels;
}

/** The demand of rows; those with a sold-out size are estimates. */
export interface FollowedDemand {
  /** Units; NaN where nothing is known. */
  readonly demand: Float64Array;
  /** 1 where it is an estimate. */
  readonly imputed: Uint8Array;
}

/** Follows all series through their weeks, batch by batch. Memory: 48 bytes a series. */
export class SeriesLevels {
  readonly #shares: SizeShares;
  readonly #knowledge: LevelKnowledge;
  readonly #filter: LevelFilter;
  #states = new Float64Array(1024 * STATE_WIDTH);
  /** Last known week of each series, NaN before the first. */
  #weeks = new Float64Array(1024).fill(NaN);

  /**
   * @param shares that know the groups of articles
   * @param knowledge of demand
   */
  constructor(shares: SizeShares, knowledge: LevelKnowledge) {
    this.#shares = shares;
    this.#knowledge = knowledge;
    this.#filter = new LevelFilter(knowledge.dynamics);
  }

  /**
   * Estimates the demand of the next rows.
   * @param rows whose weeks come after those seen so far, series by series
   * @returns the demand
   */
  follow(rows: JoinedWeeks): FollowedDemand {
    const { batch, series, known, sold, share, offsets, censoredShares, censoredSold } = rows;
    const { dynamics } = this.#knowledge;
    const filter = this.#filter;
    const demand = new Float64Array(batch.length).fill(NaN);
    const imputed = new Uint8Array(batch.length);
    const weeks = batch.weeks('week');
    let first: ExpectedLevels | null = null;
    for (let row = 0; row < batch.length; row++) {
      if (known[row] === 0) continue;
      const one = series[row]!;
      this.#reserve(one);
      if (Number.isNaN(this.#weeks[one]!)) {
        first ??= this.#firstLevels(rows);
        filter.begin(this.#states, STATE_WIDTH * one, first.mean[row]!, first.variance[row]!);
        this.#weeks[one] = weeks[row]!;
      }
      const [start, end] = [offsets[row]!, offsets[row + 1]!];
      const elapsed = (weeks[row]! - this.#weeks[one]!) / DAYS_PER_WEEK;
      const lift = discountLift(dynamics, rows.discount[row]!);
      filter.step(this.#states, STATE_WIDTH * one, elapsed, lift, {
        sold: sold[row]!,
        share: share[row]!,
        censored: end - start,
        censoredShares: censoredShares.subarray(start, end),
        censoredSold: censoredSold.subarray(start, end),
      });
      this.#weeks[one] = weeks[row]!;
      demand[row] = sold[row]! + filter.posterior.censoredDemand;
      imputed[row] = end > start ? 1 : 0;
    }
    return { demand, imputed };
  }

  #firstLevels({ batch }: JoinedWeeks): ExpectedLevels {
    return this.#knowledge.first.lookup(this.#shares.withGroups(batch.select(['article', 'market'])));
  }

  #reserve(series: number): void {
    if (series < this.#weeks.length) return;
    const states = new Float64Array(2 * STATE_WIDTH * (series + 1));
    const weeks = new Float64Array(2 * (series + 1)).fill(NaN);
    states.set(this.#states);
    weeks.set(this.#weeks);
    this.#states = states;
    this.#weeks = weeks;
  }
}
