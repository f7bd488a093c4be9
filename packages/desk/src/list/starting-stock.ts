import { addWeeks, type Batch, type Table, type Week } from '@hemline/core';
import type { PriceList } from './price-list.ts';

/** Weeks before the first that is priced in which a stock is looked for. */
const LOOKED_BACK = 8;

/**
 * Units in stock at the start of the first week that is priced: those at the start of the last week before it that has a stock, less
 * what was sold since. What comes back by then is not counted: pricing does, by its forecasts of returns.
 * @param weekly table of the dataset
 * @param list rows that are wanted
 * @returns units of each row, NaN where no stock is known [N]
 */
export async function startingStock(
  weekly: Table,
  list: Pick<PriceList, 'rows' | 'articles' | 'markets' | 'rowOf' | 'weeks'>,
): Promise<Float64Array> {
  const { rows, weeks } = list;
  const stock = new Float64Array(rows).fill(NaN);
  const has = (name: string): boolean => weekly.schema.fields.some((field) => field.name === name);
  if (!has('stock')) return stock;
  const sold = has('sales') ? 'sales' : 'demand';
  const until = addWeeks(weeks[0]!, -1);
  const after = addWeeks(until, -LOOKED_BACK);
  const stockWeek = new Int32Array(rows).fill(-(2 ** 31));
  const sales = new Float64Array(rows * LOOKED_BACK);
  const columns = ['article', 'market', 'week', 'stock', sold];
  const range = { role: 'week', after, until };
  for await (const batch of weekly.batches({ columns, weeks: range })) {
    const row = rowsOf(batch, list);
    const week = batch.weeks('week');
    const [units, demand] = [batch.floats('stock'), batch.floats(sold)];
    for (let i = 0; i < batch.length; i++) {
      const n = row(i);
      if (n === -1 || week[i]! <= after || week[i]! > until) continue;
      if (demand[i]! > 0) sales[n * LOOKED_BACK + weekNumber(week[i]!, after)] = demand[i]!;
      if (Number.isNaN(units[i]!) || week[i]! <= stockWeek[n]!) continue;
      stock[n] = units[i]!;
      stockWeek[n] = week[i]!;
    }
  }
  for (let n = 0; n < rows; n++) {
    if (Number.isNaN(stock[n]!)) continue;
    let left = stock[n]!;
    for (let k = weekNumber(stockWeek[n]!, after); k < LOOKED_BACK; k++) left -= sales[n * LOOKED_BACK + k]!;
    stock[n] = Math.max(0, left);
  }
  return stock;
}

function weekNumber(week: Week, after: Week): number {
  return Math.round((week - after) / 7) - 1;
}

function rowsOf(
  batch: Batch,
  { articles, markets, rowOf: known }: Pick<PriceList, 'articles' | 'markets' | 'rowOf'>,
): (i: number) => number {
  const [article, market] = [batch.strings('article'), batch.strings('market')];
  const a = Int32Array.from(article.dictionary, (text) => articles.codeOf(text) ?? -1);
  const m = Int32Array.from(market.dictionary, (text) => markets.codeOf(text) ?? -1);
  const count = markets.texts.length;
  return (i) => {
    const [x, y] = [a[article.values[i]!]!, m[market.values[i]!]!];
    return x === -1 || y === -1 ? -1 : known[x * count + y]!;
  };
}

/**
 * Weeks that the stock lasts at the planned sales; of a pool, at those of all its markets.
 * @param list rows with stock and units
 * @param poolOf pool of each market, −1 without
 * @returns weeks of each row; NaN where no stock is known, Infinity where nothing is sold [N]
 */
export function weeksOfCover(
  list: Pick<PriceList, 'rows' | 'article' | 'market' | 'markets' | 'rowOf' | 'weeks' | 'stock' | 'units'>,
  poolOf: Int32Array,
): Float64Array {
  const { rows, article, market, markets, rowOf: known, weeks, stock, units } = list;
  const count = markets.texts.length;
  return Float64Array.from({ length: rows }, (_, n) => {
    const pool = poolOf[market[n]!]!;
    let sold = pool === -1 ? units[n]! : 0;
    for (let m = 0; pool !== -1 && m < count; m++) {
      const other = poolOf[m] === pool ? known[article[n]! * count + m]! : -1;
      if (other !== -1) sold += units[other]!;
    }
    return (stock[n]! * weeks.length) / sold;
  });
}
