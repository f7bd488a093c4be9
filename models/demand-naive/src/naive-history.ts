import {
  isValid,
  KeyIndex,
  SERIES_KEY,
  throwIfAborted,
  type Batch,
  type ForecastRequest,
} from '@hemline/core';
import type { NaiveHyperparameters } from './hyperparameters.ts';
import { LastSeason } from './last-season.ts';
import { LatestWeeks } from './latest-weeks.ts';

/** Columns of the weekly table that the forecasts rest on. */
const COLUMNS = ['article', 'market', 'week', 'demand'] as const;

/**
 * What the naive forecasts need of the history: the latest observed weeks of each series, the last season where asked
 * for, and the level of each market for series without history.
 */
export class NaiveHistory {
  readonly #series = new KeyIndex(SERIES_KEY);
  readonly #markets = new KeyIndex(['market']);
  readonly #latest: LatestWeeks;
  readonly #season: LastSeason | null;
  /** Number of each series' market. */
  readonly #marketOf: number[] = [];
  /** Mean level by market, NaN for a market without history; then that of all series. */
  #levels = new Float64Array(0);
  #overall = 0;

  private constructor(hyperparameters: NaiveHyperparameters, cutoff: number) {
    const { method, window, season } = hyperparameters;
    this.#latest = new LatestWeeks(method === 'mean' ? window : 1);
    this.#season = method === 'seasonal' ? new LastSeason(season, cutoff) : null;
  }

  /**
   * Reads the history once. A week counts as observed when its demand is there and it is not marked as censored.
   * @param request whose history to read
   * @param hyperparameters which values are needed
   * @returns the values by series
   * @throws SchemaError when the weekly table or one of its columns is missing
   * @throws InterruptedError when the job must stop
   */
  static async read(request: ForecastRequest, hyperparameters: NaiveHyperparameters): Promise<NaiveHistory> {
    const history = new NaiveHistory(hyperparameters, request.cutoff);
    const weekly = request.history.get('weekly');
    const marked = weekly.schema.fields.some(({ name }) => name === 'uncensored');
    const columns = marked ? [...COLUMNS, 'uncensored'] : COLUMNS;
    for await (const batch of weekly.batches({ columns, signal: request.signal })) {
      throwIfAborted(request.signal);
      history.#add(batch, marked);
    }
    history.#average();
    return history;
  }

  /**
   * @param batch with `article` and `market`
   * @returns the series of each row, −1 where it has no history
   */
  seriesOf(batch: Batch): Int32Array {
    return this.#series.find(batch);
  }

  /**
   * @param batch with `market`
   * @returns the market of each row, −1 where it has no history
   */
  marketsOf(batch: Batch): Int32Array {
    return this.#markets.find(batch);
  }

  /**
   * The forecast of one series for one week, and how many observed weeks it rests on. Without history of the series: the
   * mean level of its market's series, else of all series, else 0, resting on 0 weeks.
   * @param series its number or −1
   * @param market its market's number or −1
   * @param week after the cutoff
   * @param into where to write
   * @param into.demand the forecasts
   * @param into.support observed weeks behind each
   * @param row which row to write
   */
  forecast(
    series: number,
    market: number,
    week: number,
    into: { readonly demand: Float64Array; readonly support: Float64Array },
    row: number,
  ): void {
    const count = this.#latest.count(series);
    if (count === 0) {
      const level = market === -1 ? NaN : this.#levels[market]!;
      into.demand[row] = Number.isNaN(level) ? this.#overall : level;
      into.support[row] = 0;
      return;
    }
    const lastYear = this.#season === null ? NaN : this.#season.at(series, week);
    into.demand[row] = Number.isNaN(lastYear) ? this.#latest.mean(series) : lastYear;
    into.support[row] = Number.isNaN(lastYear) ? count : 1;
  }

  #add(batch: Batch, marked: boolean): void {
    const keys = this.#series.add(batch);
    const markets = this.#markets.add(batch);
    const weeks = batch.weeks('week');
    const demand = batch.floats('demand');
    const uncensored = marked ? batch.numbers('uncensored') : null;
    for (let row = 0; row < batch.length; row++) {
      this.#marketOf[keys[row]!] = markets[row]!;
      if (Number.isNaN(demand[row])) continue;
      if (uncensored !== null && isValid(uncensored, row) && uncensored.values[row] === 0) continue;
      this.#latest.add(keys[row]!, weeks[row]!, demand[row]!);
      this.#season?.add(keys[row]!, weeks[row]!, demand[row]!);
    }
  }

  /** Levels of the markets: every series counts once. */
  #average(): void {
    const sums = new Float64Array(this.#markets.size);
    const counts = new Float64Array(this.#markets.size);
    for (let series = 0; series < this.#series.size; series++) {
      if (this.#latest.count(series) === 0) continue;
      sums[this.#marketOf[series]!]! += this.#latest.mean(series);
      counts[this.#marketOf[series]!]!++;
    }
    this.#levels = sums.map((sum, market) => sum / counts[market]!);
    const series = counts.reduce((sum, count) => sum + count, 0);
    this.#overall = series === 0 ? 0 : sums.reduce((sum, value) => sum + value, 0) / series;
  }
}
