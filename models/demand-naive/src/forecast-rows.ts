import {
  Batch,
  dateColumn,
  float64Column,
  sliceRows,
  stringColumn,
  throwIfAborted,
  type ForecastRequest,
  type Scenarios,
} from '@hemline/core';
import type { NaiveHistory } from './naive-history.ts';

/** Scenarios of one kind. */
type Of<K extends Scenarios['kind']> = Extract<Scenarios, { kind: K }>;

/**
 * Forecasts every item in every week at every discount: item after item, week after week, discounts rising.
 * @param request what to forecast
 * @param scenarios its grid
 * @param history what is known
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastGrid(
  request: ForecastRequest,
  scenarios: Of<'grid'>,
  history: NaiveHistory,
): AsyncGenerator<Batch> {
  const { items, batchRows, signal } = request;
  const { weeks, discounts } = scenarios;
  const series = history.seriesOf(items);
  const markets = history.marketsOf(items);
  const article = items.strings('article');
  const market = items.strings('market');
  const perItem = weeks.length * discounts.length;
  const total = items.length * perItem;
  for (let start = 0; start < total; start += batchRows) {
    throwIfAborted(signal);
    const length = Math.min(batchRows, total - start);
    const articles = new Int32Array(length);
    const marketCodes = new Int32Array(length);
    const week = new Int32Array(length);
    const discount = new Float64Array(length);
    const demand = new Float64Array(length);
    const support = new Float64Array(length);
    for (let row = 0; row < length; row++) {
      const item = Math.floor((start + row) / perItem);
      const cell = (start + row) % perItem;
      articles[row] = article.values[item]!;
      marketCodes[row] = market.values[item]!;
      week[row] = weeks[Math.floor(cell / discounts.length)]!;
      discount[row] = discounts[cell % discounts.length]!;
      history.forecast(series[item]!, markets[item]!, week[row]!, { demand, support }, row);
    }
    yield new Batch({
      article: stringColumn(articles, article.dictionary),
      market: stringColumn(marketCodes, market.dictionary),
      week: dateColumn(week),
      discount: float64Column(discount),
      demand: float64Column(demand),
      support: float64Column(support),
    });
  }
}

/**
 * Forecasts exactly the planned rows, in their order.
 * @param request what to forecast
 * @param scenarios its rows
 * @param history what is known
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastPlanned(
  request: ForecastRequest,
  scenarios: Of<'planned'>,
  history: NaiveHistory,
): AsyncGenerator<Batch> {
  const planned = scenarios.rows.select(['article', 'market', 'week', 'discount']);
  for (let start = 0; start < planned.length; start += request.batchRows) {
    throwIfAborted(request.signal);
    const rows = sliceRows(planned, start, start + request.batchRows);
    const series = history.seriesOf(rows);
    const markets = history.marketsOf(rows);
    const weeks = rows.weeks('week');
    const demand = new Float64Array(rows.length);
    const support = new Float64Array(rows.length);
    for (let row = 0; row < rows.length; row++)
      history.forecast(series[row]!, markets[row]!, weeks[row]!, { demand, support }, row);
    yield rows.with({ demand: float64Column(demand), support: float64Column(support) });
  }
}
