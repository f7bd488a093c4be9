import { binOf, PriceProfile } from './price-profile.ts';
import type { SeriesHistory } from './series-history.ts';

/** Weeks that demand at a price is remembered. */
const MEMORY = 156;
/** Weeks after which a week counts half in what is remembered of prices. */
const HALF_LIFE = 52;
/** Weeks that the common shape counts as at each price. */
const SHAPE_STRENGTH = 1.5;
/** Units that are the least level: below it a series is as good as silent. */
const LEAST_LEVEL = 0.02;
/** Weeks over which demand is compared with what its price makes one expect. */
export const RECENT = [4, 8, 13] as const;
/** Weeks as expected that the comparison begins with. */
const RECENT_PRIOR = 2;
/** How unlike a past week's covariates make it: of one standard deviation. */
const UNLIKE = 1;
/** No past week is worth less than this. */
const LEAST_LIKENESS = 0.03;

const AGES = Float64Array.from({ length: MEMORY }, (_, age) => 0.5 ** (age / HALF_LIFE));

/** What is common to all origins. */
export interface OriginSettings {
  /** Weeks that level and usual price are taken from. */
  readonly levelWeeks: number;
  /** Weeks of its own that count as much as the group's level. */
  readonly priorWeeks: number;
  /** Demand over the price in common, by bin. */
  readonly shape: Float64Array;
  /** Standard deviation of each planned covariate; 0 where it never changes. */
  readonly deviations: readonly number[];
}

/** A series seen from a week: what was known of it by then. Used over and over, so that nothing is allocated. */
export class Origin {
  readonly settings: OriginSettings;
  history!: SeriesHistory;
  /** Last known row, 0-based; −1: nothing is known. */
  at = -1;
  /** Known weeks that the level rests on. */
  support = 0;
  /** Units of an ordinary week. */
  level = 1;
  /** Log of the price that is usual; NaN where none is known. */
  usual = NaN;
  /** Demand at each price, whatever else was planned. */
  readonly profile = new PriceProfile();
  /** Demand at each price in weeks like the one that {@link likeWeek} was told of. */
  readonly similar = new PriceProfile();
  /** Demand of the last weeks over what their prices make one expect, by {@link RECENT}. */
  readonly recent = new Float64Array(RECENT.length);
  readonly #bins = new Int32Array(MEMORY);

  /** @param settings of all origins */
  constructor(settings: OriginSettings) {
    this.settings = settings;
  }

  /**
   * @param history of the series
   * @param at last row that is known; −1: none
   */
  move(history: SeriesHistory, at: number): void {
    const { levelWeeks, priorWeeks, shape } = this.settings;
    const { store, series } = history;
    [this.history, this.at] = [history, at];
    this.support = history.over(history.count, at, levelWeeks);
    const logs = history.over(history.logs, at, levelWeeks);
    const level = (logs + priorWeeks * store.prior[series]!) / (this.support + priorWeeks);
    this.level = Math.max(LEAST_LEVEL, Math.expm1(level));
    const ever = history.over(history.count, at, MEMORY);
    const prices =
      this.support > 0
        ? history.over(history.prices, at, levelWeeks) / this.support
        : history.over(history.prices, at, MEMORY) / ever;
    this.usual = ever > 0 ? prices : NaN;
    const { profile } = this;
    profile.clear();
    for (let i = Math.max(0, at + 1 - MEMORY); i <= at; i++) {
      const units = store.demand[history.from + i]!;
      if (units !== units) continue;
      const bin = binOf(this.usual - history.priceAt(i));
      this.#bins[at - i] = bin;
      profile.add(bin, units, AGES[at - i]!);
    }
    profile.fit(shape, this.level, SHAPE_STRENGTH);
    this.#compare();
  }

  /** Demand of the last weeks over what their prices make one expect. */
  #compare(): void {
    const { history, at } = this;
    let [units, expected] = [RECENT_PRIOR * this.level, RECENT_PRIOR * this.level];
    let next = 0;
    for (let age = 0; age < RECENT.at(-1)!; age++) {
      const demand = history.demandAt(at - age);
      if (demand === demand) {
        units += demand;
        expected += this.profile.at(this.usual - history.priceAt(at - age));
      }
      if (age + 1 === RECENT[next]) this.recent[next++] = units / expected;
    }
  }

  /**
   * Looks for past weeks whose planned covariates were like those of a week.
   * @param row of the week in the store
   */
  likeWeek(row: number): void {
    const { history, at, similar } = this;
    const { store, from } = history;
    const { deviations, shape } = this.settings;
    similar.clear();
    for (let i = Math.max(0, at + 1 - MEMORY); i <= at; i++) {
      const units = store.demand[from + i]!;
      if (units !== units) continue;
      let unlike = 0;
      for (let k = 0; k < deviations.length; k++) {
        if (deviations[k] === 0) continue;
        const difference = (store.planned[k]![from + i]! - store.planned[k]![row]!) / deviations[k]!;
        if (difference === difference) unlike += Math.abs(difference);
      }
      const likeness = Math.max(LEAST_LIKENESS, Math.exp(-UNLIKE * unlike));
      similar.add(this.#bins[at - i]!, units, AGES[at - i]! * likeness);
    }
    similar.fit(shape, this.level, SHAPE_STRENGTH);
  }

  /**
   * @param logPrice of the black price
   * @param depth −log(1 − discount)
   * @returns how far the price lies below the usual one, in logs; what the discount alone makes it where no price is known
   */
  dropOf(logPrice: number, depth: number): number {
    return Number.isNaN(this.usual) ? depth : this.usual - logPrice + depth;
  }
}
