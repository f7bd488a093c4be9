import { Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { ListColumns } from '../src/list/list-columns.ts';
import { NameBook } from '../src/list/name-book.ts';
import type { PriceList } from '../src/list/price-list.ts';

/** First days of the weeks of {@link smallList}. */
export const WEEKS = ['2026-01-05', '2026-01-12', '2026-01-19'] as const;

/**
 * A list that nothing has to be priced for: an article a row, all of the market DE, 10 units a week at a list price of 20.
 * @param planned discounts that are recommended, of each article and week; null: not on sale
 * @param fixed articles whose discounts a person has fixed
 * @returns the list
 */
export function smallList(
  planned: Readonly<Record<string, readonly (number | null)[]>>,
  fixed: readonly string[] = [],
): PriceList {
  const weeks = Int32Array.from(WEEKS, parseWeek);
  const markets = new NameBook();
  const columns = new ListColumns(weeks, markets);
  const cells = Object.entries(planned).flatMap(([article, discounts]) =>
    discounts.flatMap((discount, t) => (discount === null ? [] : [{ article, t, discount }])),
  );
  const floats = (pick: (cell: (typeof cells)[number]) => number) =>
    float64Column(Float64Array.from(cells, pick));
  const texts = (pick: (cell: (typeof cells)[number]) => string) => stringsToColumn(cells.map(pick));
  columns.add(
    new Batch({
      ...{ article: texts(({ article }) => article), market: texts(() => 'DE') },
      reason: texts(({ article }) => (fixed.includes(article) ? 'person' : 'demand')),
      week: dateColumn(Int32Array.from(cells, ({ t }) => weeks[t]!)),
      ...{
        discount: floats(({ discount }) => discount),
        price: floats(({ discount }) => 20 * (1 - discount)),
      },
      ...{ sales: floats(() => 10), profit: floats(() => 50), support: floats(() => 8) },
      ...{ held_discount: floats(() => 0), held_sales: floats(() => 10), held_profit: floats(() => 50) },
    }),
  );
  const { support, ...own } = columns.finish();
  const none = new Float64Array(own.rows).fill(NaN);
  const noName = new Int32Array(columns.articles.texts.length).fill(-1);
  return {
    ...{ ...own, weeks, articles: columns.articles, markets, reasons: columns.reasons },
    ...{ groups: new NameBook(), seasons: new NameBook(), groupOf: noName, seasonOf: noName },
    ...{ stock: none, cover: none, gain: new Float64Array(own.rows), support: Float32Array.from(support) },
  };
}
