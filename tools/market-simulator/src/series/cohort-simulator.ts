import { drawArticle, type Article } from '../assortment/article.ts';
import { drawBrands, type Brand } from '../assortment/brands.ts';
import { drawMarkets, type Market } from '../assortment/markets.ts';
import { drawMarketCalendar, type MarketCalendar } from '../calendar/market-calendar.ts';
import type { World } from '../world.ts';
import { beginSeries } from './begin-series.ts';
import { Cohort, RIVAL_BLOCK } from './cohort.ts';
import { createSeriesState, type SeriesState } from './series-state.ts';
import { simulateCohort } from './simulate-cohort.ts';

/** Draws the assortment, and simulates as few series at once as depend on each other, reusing its memory. */
export class CohortSimulator {
  readonly markets: readonly Market[];
  /** Articles that are simulated together; those of a cohort begin at a multiple of it. */
  readonly articlesAtOnce: number;
  readonly #world: World;
  readonly #brands: readonly Brand[];
  readonly #calendars: readonly MarketCalendar[];
  readonly #states: SeriesState[] = [];

  /** @param world what is simulated */
  constructor(world: World) {
    this.#world = world;
    this.#brands = drawBrands(world.seed);
    this.markets = drawMarkets(world.seed, world.markets);
    this.#calendars = this.markets.map((market) => drawMarketCalendar(world.seed, market, world));
    this.articlesAtOnce = world.competition > 0 ? RIVAL_BLOCK : 1;
  }

  /**
   * @param index of the article
   * @returns it
   */
  article(index: number): Article {
    // Drawing an article again for every market is cheaper than keeping all of them.
    return drawArticle(this.#world.seed, index, this.#world, this.#brands);
  }

  /**
   * Simulates articles in a market, as far as history and plan reach. Where markets share a stock, all of them are lived, each time.
   * @param start index of the first article, a multiple of {@link articlesAtOnce}
   * @param end index after the last
   * @param market whose series are wanted
   * @returns the series in order of articles; overwritten by the next call
   */
  simulate(start: number, end: number, market: Market): readonly SeriesState[] {
    const markets = this.#world.pool ? this.markets : [market];
    let used = 0;
    const series: SeriesState[] = [];
    for (let index = start; index < end; index++) {
      const article = this.article(index);
      for (const place of markets) {
        const state = (this.#states[used] ??= createSeriesState(this.#world.levels.length));
        used++;
        this.begin(state, article, place, this.#world.pool ? series.at(-1) : undefined);
        series.push(state);
      }
    }
    simulateCohort(this.#world, new Cohort(this.#world, series));
    return series.filter((one) => one.market === market);
  }

  /**
   * Places a series at the start of its life.
   * @param state filled
   * @param article what is sold
   * @param market where
   * @param before series of the same article and stock, or of another article
   */
  begin(state: SeriesState, article: Article, market: Market, before?: SeriesState): void {
    if (before?.article === article) state.stock = before.stock;
    beginSeries(state, this.#world, article, market, this.#calendars[market.index]!);
  }
}
