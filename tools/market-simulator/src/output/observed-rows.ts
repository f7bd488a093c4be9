import { addWeeks, type Week } from '@hemline/core';
import type { Article } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import { CLEARANCE_LOTS } from '../money/residual-value.ts';
import { RETURN_LAGS } from '../returns.ts';
import { MOST_SIZES } from '../series/series-record.ts';
import type { SimulatedSeries } from '../series/series-state.ts';
import type { World } from '../world.ts';
import type { RowBuffer } from './row-buffer.ts';
import type { TableWriter } from './table-writer.ts';

/** Names of the sizes, small to large. */
const SIZE_NAMES: readonly string[] = Array.from({ length: MOST_SIZES }, (_, size) => `S${size + 1}`);

/** How the discounts of a series came about, by week of its life. */
export interface SeriesTags {
  /** Probability of the discount given what was known; NaN: not told. */
  propensity(age: number): number;
  /** Name of the experiment that it was part of; null: none. */
  experiment(age: number): string | null;
}

/**
 * Writes the weeks of a series: what happened, then the plan.
 * @param writer of the table
 * @param article of the series
 * @param series just simulated
 * @param levels the grid
 * @param tags of the discounts that were set, where the table has columns for them
 */
export function writeWeekly(
  writer: TableWriter,
  article: Article,
  series: SimulatedSeries,
  levels: Float64Array,
  tags: SeriesTags | null,
): void {
  const { record, parameters } = series;
  const count = record.last - record.first + 1;
  if (count <= 0) return;
  const buffer = writer.reserve(count);
  const start = buffer.length;
  const week = buffer.values('week');
  const sales = buffer.values('sales');
  const uncensored = buffer.values('uncensored');
  const discount = buffer.values('discount');
  const blackPrice = buffer.values('black_price');
  const stock = buffer.values('stock');
  const campaign = buffer.values('campaign');
  const delivery = buffer.values('delivery');
  const pageViews = buffer.values('page_views');
  buffer.fillString('article', article.id, start, count);
  for (let age = record.first, row = start; age <= record.last; age++, row++) {
    week[row] = addWeeks(article.launchWeek, age);
    discount[row] = levels[record.level[age]!]!;
    blackPrice[row] = parameters.blackPrice;
    campaign[row] = record.campaign[age]!;
    delivery[row] = record.delivered[age]!;
    if (age < record.planned) {
      sales[row] = record.sales[age]!;
      uncensored[row] = record.uncensored[age]!;
      stock[row] = record.stock[age]!;
      pageViews[row] = record.pageViews[age]!;
    } else {
      for (const name of ['sales', 'uncensored', 'stock', 'page_views']) buffer.markMissing(name, row);
    }
    if (tags !== null) writeTags(buffer, row, tags, age);
  }
  buffer.length += count;
}

function writeTags(buffer: RowBuffer, row: number, tags: SeriesTags, age: number): void {
  const propensity = tags.propensity(age);
  const experiment = tags.experiment(age);
  if (Number.isNaN(propensity)) buffer.markMissing('propensity', row);
  else buffer.values('propensity')[row] = propensity;
  if (experiment === null) buffer.markMissing('experiment', row);
  else buffer.fillString('experiment', experiment, row, 1);
}

/**
 * Writes what was sold of each size in the weeks that happened.
 * @param writer of the table
 * @param article of the series
 * @param series just simulated
 */
export function writeSizes(writer: TableWriter, article: Article, { record }: SimulatedSeries): void {
  const { sizes } = record;
  const end = Math.min(record.last + 1, record.planned);
  if (end <= record.first) return;
  const count = (end - record.first) * sizes;
  const buffer = writer.reserve(count);
  const start = buffer.length;
  const week = buffer.values('week');
  const sales = buffer.values('sales');
  const available = buffer.values('available');
  buffer.fillString('article', article.id, start, count);
  for (let age = record.first, row = start; age < end; age++) {
    for (let size = 0; size < sizes; size++, row++) {
      week[row] = addWeeks(article.launchWeek, age);
      buffer.fillString('size', SIZE_NAMES[size]!, row, 1);
      sales[row] = record.sizeSales[age * sizes + size]!;
      available[row] = record.sizeAvailable[age * sizes + size]!;
    }
  }
  buffer.length += count;
}

/**
 * Writes the return cohorts of a series, as far as they are known.
 * @param writer of the table
 * @param article of the series
 * @param series just simulated
 */
export function writeReturns(writer: TableWriter, article: Article, { record }: SimulatedSeries): void {
  const end = Math.min(record.life, record.planned);
  if (end <= record.first) return;
  const buffer = writer.reserve((end - record.first) * RETURN_LAGS);
  const start = buffer.length;
  const saleWeek = buffer.values('sale_week');
  const returnWeek = buffer.values('return_week');
  const units = buffer.values('units');
  let row = start;
  for (let age = record.first; age < end; age++) {
    for (let lag = 0; lag < RETURN_LAGS && age + lag < record.planned; lag++) {
      const returned = record.returned[age * RETURN_LAGS + lag]!;
      if (returned === 0) continue;
      saleWeek[row] = addWeeks(article.launchWeek, age);
      returnWeek[row] = addWeeks(article.launchWeek, age + lag);
      units[row] = returned;
      row++;
    }
  }
  buffer.fillString('article', article.id, start, row - start);
  buffer.length = row;
}

/**
 * Writes what a series' shipments and returns cost, for weeks that had any.
 * @param writer of the table
 * @param article of the series
 * @param series just simulated
 */
export function writeFulfillment(writer: TableWriter, article: Article, { record }: SimulatedSeries): void {
  const end = Math.min(record.life + RETURN_LAGS - 1, record.planned);
  if (end <= record.first) return;
  const buffer = writer.reserve(end - record.first);
  const start = buffer.length;
  const week = buffer.values('week');
  const columns = [
    [buffer.values('shipped_units'), record.shippedUnits],
    [buffer.values('shipping_cost'), record.shippingCost],
    [buffer.values('returned_units'), record.returnedUnits],
    [buffer.values('return_cost'), record.returnCost],
  ] as const;
  let row = start;
  for (let age = record.first; age < end; age++) {
    if (record.shippedUnits[age] === 0 && record.returnedUnits[age] === 0) continue;
    week[row] = addWeeks(article.launchWeek, age);
    for (const [values, recorded] of columns) values[row] = recorded[age]!;
    row++;
  }
  buffer.fillString('article', article.id, start, row - start);
  buffer.length = row;
}

/**
 * Writes what a series' leftovers brought.
 * @param writer of the table
 * @param article of the series
 * @param series just simulated
 */
export function writeClearance(writer: TableWriter, article: Article, series: SimulatedSeries): void {
  const { record, parameters } = series;
  const buffer = writer.reserve(CLEARANCE_LOTS.length);
  const start = buffer.length;
  let row = start;
  CLEARANCE_LOTS.forEach(({ weeksAfter }, lot) => {
    if (record.clearedUnits[lot] === 0) return;
    buffer.values('week')[row] = addWeeks(article.seasonEndWeek, weeksAfter);
    buffer.values('units')[row] = record.clearedUnits[lot]!;
    buffer.values('value')[row] = record.clearedValue[lot]!;
    buffer.values('black_price')[row] = parameters.blackPrice;
    row++;
  });
  buffer.fillString('article', article.id, start, row - start);
  buffer.length = row;
}

/**
 * Writes an article's attributes.
 * @param writer of the table
 * @param article to write
 */
export function writeArticle(writer: TableWriter, article: Article): void {
  const buffer = writer.reserve(1);
  const row = buffer.length;
  const weeks: readonly [string, Week][] = [
    ['launch_week', article.launchWeek],
    ['season_end_week', article.seasonEndWeek],
  ];
  const texts = {
    article: article.id,
    group: article.group.name,
    brand: article.brand.name,
    season: article.season,
    color: article.color,
    material: article.material,
    price_tier: article.priceTier,
  };
  for (const [name, text] of Object.entries(texts)) buffer.fillString(name, text, row, 1);
  for (const [name, week] of weeks) buffer.values(name)[row] = week;
  buffer.values('weight_kg')[row] = article.weightKg;
  buffer.length++;
}

/**
 * Writes a market's attributes.
 * @param writer of the table
 * @param market to write
 * @param world with a tax, with a shared stock, or without
 */
export function writeMarket(
  writer: TableWriter,
  market: Market,
  { vat, pool }: Pick<World, 'vat' | 'pool'>,
): void {
  const buffer = writer.reserve(1);
  const row = buffer.length;
  buffer.fillString('market', market.code, row, 1);
  buffer.fillString('region', market.region, row, 1);
  buffer.values('price_level')[row] = market.priceLevel;
  buffer.values('shipping_tariff')[row] = market.shippingBase;
  buffer.values('return_tariff')[row] = market.returnBase;
  if (vat) buffer.values('vat')[row] = market.vat;
  if (pool) buffer.fillString('pool', 'all', row, 1);
  buffer.length++;
}
