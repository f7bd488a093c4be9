import { isValid, weeksBetween, type Batch, type DiscountGrid, type QuantityName } from '@hemline/core';
import { sharedFloat64, sharedInt32, type ArticleTable } from './article-table.ts';
import type { BadArticles } from './bad-articles.ts';
import type { PricingSettings } from './defaults.ts';
import type { DemandCells } from './demand-cells.ts';
import { assumptionsOf, type InputGaps, type WholeGaps } from './input-gaps.ts';
import type { ItemForecasts } from './item-forecasts.ts';
import { marketTerms } from './market-terms.ts';
import { groupRows, offeredLevels, type ForecastErrors } from './offered-levels.ts';
import type { SeriesOrder } from './series-order.ts';
import { startingStock, weeksSinceChange } from './starting-stock.ts';
import type { StockHistory } from './stock-history.ts';

/** What an article table is made of. */
export interface TableParts {
  readonly order: SeriesOrder;
  readonly weeks: Int32Array;
  readonly discounts: DiscountGrid;
  readonly demand: DemandCells;
  readonly items: ItemForecasts;
  readonly history: StockHistory;
  readonly errors: ForecastErrors;
  readonly settings: PricingSettings;
  /** Quantities that every series must have a forecast of: no default takes its place. */
  readonly required: readonly QuantityName[];
  /** Articles that cannot be priced; receives more of them. */
  readonly bad: BadArticles;
}

/** The table, and what was assumed to make it. */
export interface BuiltTable {
  readonly table: ArticleTable;
  /** A sentence for each default that was used, with how often. */
  readonly assumptions: readonly string[];
  /** The same counted, to be added to those of other series. */
  readonly gaps: InputGaps;
  readonly whole: WholeGaps;
  /** Rows of history by group and level, which the levels on offer rest on, to be added likewise. */
  readonly groupRows: Float64Array;
  /** Articles that cannot be priced, on sale or not. */
  readonly bad: BadArticles;
}

/**
 * Puts forecasts and data together. What is missing takes its default, which is told; an article with a gap in its demand, without a
 * list price, or without a forecast that is required, is a bad one.
 * @param parts forecasts, history, settings
 * @returns the table
 */
export function buildTable(parts: TableParts): BuiltTable {
  const { order, weeks, discounts, demand, items, history, settings, bad } = parts;
  demand.checkWhole();
  history.blackPrice.forEach((price, n) => {
    if (Number.isNaN(price)) bad.addSeries(n, 'no list price (black price)');
  });
  const N = order.market.length;
  const fill = (values: Float32Array | Float64Array, value: number, quantity: QuantityName): number => {
    const width = values.length / N;
    let count = 0;
    for (let n = 0; n < N; n++) {
      if (!Number.isNaN(values[n * width]!)) continue;
      if (parts.required.includes(quantity)) bad.addSeries(n, lacking(quantity));
      values.fill(value, n * width, (n + 1) * width);
      count++;
    }
    return count;
  };
  const filled = {
    returnRate: fill(items.returnRate, settings.returnRate, 'return-rate'),
    shippingCost: fill(items.shippingCost, settings.shippingCost, 'fulfillment-cost'),
    returnCost: fill(items.returnCost, settings.returnCost, 'fulfillment-cost'),
    residualValue: fill(items.residual, settings.residualValue, 'residual-value'),
    dispersion: fillDispersion(demand.dispersion, settings.dispersion),
    returnTime: fillLags(parts, N),
  };
  const terms = marketTerms(order.markets);
  const { stock, arrivals, unknown } = startingStock(order, history, items, terms.pool, weeks, bad);
  const span = seasonOf(order.articles, weeks);
  const over = span.end.filter((end, a) => end <= span.begin[a]!).length;
  const gaps: InputGaps = { series: N, weeks: weeks.length, ...filled, stock: unknown };
  const whole: WholeGaps = { hasStock: history.hasStock, articles: span.end.length, over };
  const rowsOfGroups = groupRows(order.articles, history.rowsAt, discounts.length);
  const current = sharedFloat64(N);
  current.set(history.discount);
  const table: ArticleTable = {
    ...{ articles: order.articles, markets: order.markets, weeks, discounts },
    ...{ offsets: sharedCopy(order.offsets), market: sharedCopy(order.market), ...span },
    ...{ demand: demand.demand, dispersion: demand.dispersion, support: demand.support },
    ...{ blackPrice: history.blackPrice, current },
    sinceChange: sharedCopy(Int32Array.from(current, (_, n) => weeksSinceChange(history, n, weeks[0]!))),
    ...{ returnRate: items.returnRate, lags: items.lags, returnLag: items.returnLag },
    ...{ shippingCost: items.shippingCost, returnCost: items.returnCost, residual: items.residual },
    ...{ stock, arrivals, ...terms },
    ...offeredLevels(order.articles, rowsOfGroups, discounts, parts.errors, settings),
  };
  const assumptions = assumptionsOf(gaps, whole, settings);
  return { table, assumptions, gaps, whole, groupRows: rowsOfGroups, bad };
}

function sharedCopy(values: Int32Array): Int32Array {
  const copy = sharedInt32(values.length);
  copy.set(values);
  return copy;
}

/** @returns series × weeks without */
function fillDispersion(values: Float32Array, value: number): number {
  let cells = 0;
  values.forEach((dispersion, i) => {
    if (!Number.isNaN(dispersion)) return;
    values[i] = value;
    cells++;
  });
  return cells;
}

/** Shares of lags sum to 1 where there are any. @returns series without */
function fillLags({ items, required, bad }: TableParts, N: number): number {
  const { returnLag, lags } = items;
  let missing = 0;
  for (let n = 0; n < N; n++) {
    let sum = 0;
    for (let lag = 0; lag < lags; lag++) sum += returnLag[n * lags + lag]!;
    if (sum > 0) {
      // Rounding must not make more units come back than went away.
      if (sum > 1) for (let lag = 0; lag < lags; lag++) returnLag[n * lags + lag]! /= sum * (1 + 1e-7);
    } else {
      if (required.includes('return-time')) bad.addSeries(n, lacking('return-time'));
      missing++;
    }
  }
  return missing;
}

function seasonOf(articles: Batch, weeks: Int32Array): { begin: Int32Array; end: Int32Array } {
  const [A, T] = [articles.length, weeks.length];
  const begin = sharedInt32(A);
  const end = sharedInt32(A).fill(T);
  const weeksTo = (name: string, a: number): number | null => {
    const column = articles.has(name) ? articles.column(name) : null;
    if (column?.type !== 'date' || !isValid(column, a)) return null;
    return Math.floor(weeksBetween(weeks[0]!, column.values[a]!));
  };
  for (let a = 0; a < A; a++) {
    begin[a] = Math.min(T, Math.max(0, weeksTo('launchWeek', a) ?? 0));
    end[a] = Math.min(T, Math.max(0, (weeksTo('seasonEndWeek', a) ?? T) + 1));
  }
  return { begin, end };
}

function lacking(quantity: QuantityName): string {
  return `no forecast of its ${quantity.replace('-', ' ')}, which is required,`;
}
