import { addWeeks } from '@hemline/core';
import type { Article } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import type { SimulatedSeries } from '../series/series-state.ts';
import { expectedDemand } from '../series/week-demand.ts';
import type { RowBuffer } from './row-buffer.ts';
import { columnAt } from './schemas.ts';
import type { TableWriter } from './table-writer.ts';

/**
 * Writes the expected demand of a series at every discount, week by week.
 * @param writer of the table
 * @param article of the series
 * @param series just simulated
 * @param levels the grid
 */
export function writeTrueDemand(
  writer: TableWriter,
  article: Article,
  series: SimulatedSeries,
  levels: Float64Array,
): void {
  const { record } = series;
  const count = record.last - record.first + 1;
  if (count <= 0) return;
  const buffer = writer.reserve(count);
  const start = buffer.length;
  buffer.fillString('article', article.id, start, count);
  const week = buffer.values('week');
  const planned = buffer.values('planned');
  const discount = buffer.values('discount');
  const demand = buffer.values('demand');
  const noise = buffer.values('noise');
  for (let age = record.first, row = start; age <= record.last; age++, row++) {
    week[row] = addWeeks(article.launchWeek, age);
    planned[row] = age < record.planned ? 0 : 1;
    discount[row] = levels[record.level[age]!]!;
    demand[row] = record.demand[age]!;
    noise[row] = record.noise[age]!;
  }
  levels.forEach((discountLevel, level) => {
    const expected = buffer.values(columnAt('demand', discountLevel));
    for (let age = record.first, row = start; age <= record.last; age++, row++)
      expected[row] = expectedDemand(series, age, level);
  });
  buffer.length += count;
}

/**
 * Writes a series' return rate at every discount and its delay distribution.
 * @param writer of the table
 * @param article of the series
 * @param market of the series
 * @param series just simulated
 * @param levels the grid
 */
export function writeTrueReturns(
  writer: TableWriter,
  article: Article,
  market: Market,
  series: SimulatedSeries,
  levels: Float64Array,
): void {
  const { buffer, row } = begin(writer, article, market);
  levels.forEach((discount, level) => {
    buffer.values(columnAt('return_rate', discount))[row] = series.returnRate[level]!;
  });
  series.parameters.returnDelay.forEach((share, lag) => {
    buffer.values(`lag_${lag}`)[row] = share;
  });
  buffer.length++;
}

/**
 * Writes what one unit of a series costs to ship and to return.
 * @param writer of the table
 * @param article of the series
 * @param market of the series
 * @param series just simulated
 */
export function writeTrueCosts(
  writer: TableWriter,
  article: Article,
  market: Market,
  series: SimulatedSeries,
): void {
  const { buffer, row } = begin(writer, article, market);
  buffer.values('shipping_cost')[row] = series.parameters.cost.shipping;
  buffer.values('return_cost')[row] = series.parameters.cost.returning;
  buffer.length++;
}

/**
 * Writes what a unit of a series is worth after the season.
 * @param writer of the table
 * @param article of the series
 * @param market of the series
 * @param series just simulated
 */
export function writeTrueResidual(
  writer: TableWriter,
  article: Article,
  market: Market,
  series: SimulatedSeries,
): void {
  const { buffer, row } = begin(writer, article, market);
  buffer.values('share')[row] = series.parameters.residual.share;
  buffer.values('decay')[row] = series.parameters.residual.decay;
  buffer.length++;
}

/** Opens a row for a series in a table that all markets share. */
function begin(writer: TableWriter, article: Article, market: Market): { buffer: RowBuffer; row: number } {
  const buffer = writer.reserve(1);
  const row = buffer.length;
  buffer.fillString('article', article.id, row, 1);
  buffer.fillString('market', market.code, row, 1);
  return { buffer, row };
}
