import { addWeeks, ConfigurationError, weeksBetween, type DiscountGrid, type Week } from '@hemline/core';
import { identityOf } from '../output/identity.ts';
import { RETURN_LAGS } from '../returns.ts';
import { CohortSimulator } from '../series/cohort-simulator.ts';
import { Cohort, isOnSale } from '../series/cohort.ts';
import { createSeriesState, type SeriesState } from '../series/series-state.ts';
import type { Account } from './account.ts';
import { planAhead, writeObserved } from './observe-play.ts';
import { checkPlay, type CheckedPlay, type PlayOptions } from './play-options.ts';
import { tellTruth, type PlayTruth } from './play-truth.ts';
import { checkTags, tagsOfSeries, type PriceTags } from './played-tags.ts';
import { ReferencePlay } from './reference-play.ts';
import { runOut } from './run-out.ts';
import { decodePlay, encodePlay } from './saved-play.ts';
import { Shop, type PlayedWeek, type Units } from './shop.ts';

/** What a shop sees when it sets the prices of a week, [N] each. */
export interface Situation {
  /** 1 where the series is on sale in the week. */
  readonly onSale: Uint8Array;
  /** Level of the last week that was sold; −1 before the launch. */
  readonly level: Int8Array;
  /** Units at the start of the week, deliveries and returns in; of a shared stock, all of it. 0 where not on sale. */
  readonly stock: Float64Array;
  /** Units sold in the last week. */
  readonly sales: Float64Array;
  /** Weeks until the season ends, this one included; 0 after it. */
  readonly weeksToEnd: Int32Array;
  /** What the market's own planner would set, its small experiments included; −1 where not on sale. */
  readonly plannerLevel: Int8Array;
}

/** What is earned after the last week that is played, and what has become of all units. */
export interface Finish {
  readonly account: Account;
  readonly units: Units;
}

/**
 * A market that is played week by week, by any policy. N series: article by article, then market by market. Draws begin where they
 * begin in the play of the market's own planner, so that all policies meet the same noise.
 */
export class MarketPlay {
  /** The grid, L levels. */
  readonly discounts: DiscountGrid;
  readonly articles: readonly string[];
  readonly markets: readonly string[];
  /** Number of the article and of the market of each series [N]. */
  readonly article: Int32Array;
  readonly market: Int32Array;
  /** List price, in currency units, tax included [N]. */
  readonly blackPrice: Float64Array;
  /** Tax rate of each market, and the number of its pool, −1 without. */
  readonly vat: Float64Array;
  readonly pool: Int32Array;
  readonly #options: CheckedPlay;
  readonly #simulator: CohortSimulator;
  readonly #series: readonly SeriesState[];
  readonly #cohort: Cohort;
  readonly #shop: Shop;
  readonly #levels: Int8Array[] = [];
  readonly #tags: (PriceTags | null)[] = [];
  #isFinished = false;

  /** @param options checked; use {@link beginPlay} */
  constructor(options: CheckedPlay) {
    const { market } = options;
    this.#options = options;
    this.#simulator = new CohortSimulator(market);
    const { markets } = this.#simulator;
    const articles = Array.from({ length: market.articles }, (_, index) => this.#simulator.article(index));
    const series: SeriesState[] = [];
    for (const article of articles) {
      const life = weeksBetween(article.launchWeek, article.seasonEndWeek) + 1;
      for (const place of markets) {
        const state = createSeriesState(market.levels.length, life + RETURN_LAGS);
        this.#simulator.begin(state, article, place, market.pool ? series.at(-1) : undefined);
        series.push(state);
      }
    }
    this.#series = series;
    this.#cohort = new Cohort(market, series);
    const reference = new ReferencePlay(options, this.#cohort);
    this.#shop = new Shop(market, options.from, this.#cohort, reference);
    this.discounts = market.levels;
    this.articles = articles.map(({ id }) => id);
    this.markets = markets.map(({ code }) => code);
    this.article = Int32Array.from(series, ({ article }) => article.index);
    this.market = Int32Array.from(series, (one) => one.market.index);
    this.blackPrice = Float64Array.from(series, ({ parameters }) => parameters.blackPrice);
    this.vat = Float64Array.from(markets, ({ vat }) => (market.vat ? vat : 0));
    this.pool = new Int32Array(markets.length).fill(market.pool ? 0 : -1);
  }

  /** Week that is about to be priced; the one after the last when all have been played. */
  get week(): Week {
    return addWeeks(this.#options.market.firstWeek, this.#shop.week);
  }

  /** Weeks still to be played. */
  get weeksLeft(): number {
    return this.#options.from + this.#options.played - this.#shop.week;
  }

  /** @returns what a policy may know; new arrays */
  situation(): Situation {
    this.#shop.open();
    const { week } = this.#shop;
    const N = this.#series.length;
    const situation: Situation = {
      onSale: new Uint8Array(N),
      level: new Int8Array(N).fill(-1),
      stock: new Float64Array(N),
      sales: new Float64Array(N),
      weeksToEnd: new Int32Array(N),
      plannerLevel: this.#shop.plannerLevel.slice(),
    };
    this.#series.forEach(({ record }, n) => {
      const age = week - record.launch;
      const last = Math.min(age, record.life) - 1;
      if (last >= 0) situation.level[n] = record.level[last]!;
      if (age > 0 && age <= record.life) situation.sales[n] = record.sales[age - 1]!;
      situation.weeksToEnd[n] = Math.max(0, record.life - age);
      if (!isOnSale(record, week)) return;
      situation.onSale[n] = 1;
      situation.stock[n] = record.stock[age]!;
    });
    return situation;
  }

  /**
   * Sells the week.
   * @param level of each series [N]; of series that are not on sale it is not looked at
   * @param tags how the levels came about; columns of the weekly table from the first week that has any
   * @returns what happened
   * @throws ConfigurationError for a level that is not in the grid, and when all weeks have been played
   */
  price(level: Int8Array, tags: PriceTags | null = null): PlayedWeek {
    this.#refuseFinished();
    if (this.weeksLeft === 0)
      throw new ConfigurationError('there is no week to price', {
        expected: `at most ${this.#options.played} weeks`,
        found: 'one more',
        remedy: 'Begin a play of more weeks, or finish this one.',
      });
    this.#checkLevels(level);
    if (tags !== null) checkTags(tags, level.length);
    const played = this.#shop.sell(level);
    this.#levels.push(level.slice());
    this.#tags.push(
      tags === null ? null : { propensity: tags.propensity.slice(), experiment: [...tags.experiment] },
    );
    return played;
  }

  /**
   * Writes the dataset as it is known now: the history, the weeks that were played, and the plan of the market's planner, which goes
   * on from the discounts that were set.
   * @param folder new or empty
   * @throws ConfigurationError when the folder holds anything
   */
  async observe(folder: string): Promise<void> {
    this.#refuseFinished();
    const { market, from, planWeeks } = this.#options;
    const { week } = this.#shop;
    const end = Math.min(week + planWeeks, market.weeks + market.planWeeks);
    const arrivals = this.#series.map((series) => series.arrivals.slice());
    this.#shop.close();
    planAhead(this.#cohort, week, end);
    try {
      const tags = this.#tags.some((one) => one !== null) ? this.#tags : null;
      await writeObserved(
        folder,
        market,
        this.#simulator.markets,
        this.#series,
        tags && ((n) => tagsOfSeries(tags, n, from - this.#series[n]!.record.launch)),
      );
    } finally {
      this.#series.forEach((series, n) => {
        const { record } = series;
        series.arrivals.set(arrivals[n]!);
        record.last = Math.min(record.life, market.weeks + market.planWeeks - record.launch) - 1;
      });
      this.#shop.putBack();
    }
  }

  /**
   * Tells the truth about the weeks ahead, for judging policies: no policy but an oracle may ask.
   * @param weeks T, from the week that is about to be priced on
   * @returns new arrays
   */
  truth(weeks: number): PlayTruth {
    this.#refuseFinished();
    this.#shop.open();
    return tellTruth(this.#cohort, this.#shop.week, weeks, this.#shop.before);
  }

  /** @returns what has become of all units since the play began */
  units(): Units {
    return this.#shop.units();
  }

  /**
   * Ends the play after the last week: the planner sells on, each article to its season's end or the end of the run-out; what is
   * still returned is paid back, and what is left then is worth what its lots would bring in expectation. Articles that are launched
   * after the weeks that were played are left out.
   * @returns money after the play, apart from that of its weeks, and units from its beginning on
   * @throws ConfigurationError while there are weeks to be played
   */
  finish(): Finish {
    this.#refuseFinished();
    if (this.weeksLeft > 0)
      throw new ConfigurationError('the play cannot be finished', {
        expected: 'every week to be priced',
        found: `${this.weeksLeft} weeks left`,
        remedy: 'Price them first.',
      });
    this.#isFinished = true;
    const account = runOut(this.#options.market, this.#cohort, this.#shop);
    return { account, units: this.#shop.units() };
  }

  /** @returns the play as it is between two weeks, for {@link restorePlay} */
  save(): Uint8Array {
    return encodePlay({ levels: this.#levels, tags: this.#tags }, savedOptions(this.#options));
  }

  #checkLevels(level: Int8Array): void {
    const { week } = this.#shop;
    const [N, L] = [this.#series.length, this.discounts.length];
    const wrong = this.#series.findIndex(
      ({ record }, n) => isOnSale(record, week) && !(level[n]! >= 0 && level[n]! < L),
    );
    if (level.length === N && wrong === -1) return;
    throw new ConfigurationError('the week cannot be priced so', {
      expected: `${N} levels from 0 to ${L - 1}`,
      found:
        level.length === N
          ? `${level[wrong]} of series ${wrong}, which is on sale`
          : `${level.length} levels`,
    });
  }

  #refuseFinished(): void {
    if (!this.#isFinished) return;
    throw new ConfigurationError('the play is over', {
      expected: 'a play that goes on',
      found: 'one that was finished',
      remedy: 'Begin it anew.',
    });
  }
}

/**
 * Begins to play a market.
 * @param options which, and for how long
 * @returns the play before its first week
 * @throws ConfigurationError for what is out of range
 */
export function beginPlay(options: PlayOptions): MarketPlay {
  return new MarketPlay(checkPlay(options));
}

/**
 * Goes on with a play that was saved: it is played again from its beginning, and is the same to the bit.
 * @param options that it was begun with
 * @param bytes of its `save()`
 * @returns the play before its next week
 * @throws ConfigurationError when it was begun with other options; DataError when this is no saved play
 */
export function restorePlay(options: PlayOptions, bytes: Uint8Array): MarketPlay {
  const checked = checkPlay(options);
  const { levels, tags } = decodePlay(bytes, savedOptions(checked));
  const play = new MarketPlay(checked);
  levels.forEach((level, week) => play.price(level, tags[week]));
  return play;
}

function savedOptions({ market, from, played, planWeeks }: CheckedPlay): Record<string, unknown> {
  return { ...identityOf(market), from, played, lookAhead: planWeeks };
}
