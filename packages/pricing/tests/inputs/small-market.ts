import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  int32Column,
  KeyIndex,
  parseWeek,
  SERIES_KEY,
  stringsToColumn,
  weeksAhead,
  type Column,
  type QuantityName,
} from '@hemline/core';
import { BadArticles } from '../../src/inputs/bad-articles.ts';
import { buildTable, type BuiltTable } from '../../src/inputs/build-table.ts';
import { PRICING_DEFAULTS, type PricingSettings } from '../../src/inputs/defaults.ts';
import { DemandCells } from '../../src/inputs/demand-cells.ts';
import { ItemForecasts } from '../../src/inputs/item-forecasts.ts';
import type { ForecastErrors } from '../../src/inputs/offered-levels.ts';
import { orderSeries } from '../../src/inputs/series-order.ts';
import { StockHistory } from '../../src/inputs/stock-history.ts';

export const CUTOFF = parseWeek('2026-01-05');
export const LEVELS = Float64Array.of(0, 0.2, 0.4);

/** Rows as objects: columns of text, dates (named week or ending in Week), or numbers. */
export function rows(list: readonly Readonly<Record<string, string | number | null>>[]): Batch {
  const names = Object.keys(list[0]!);
  const column = (name: string): Column => {
    const values = list.map((row) => row[name]!);
    if (/week$/i.test(name)) return dateColumn(Int32Array.from(values as number[]));
    if (values.some((value) => typeof value === 'string')) return stringsToColumn(values as string[]);
    if (name === 'lag') return int32Column(Int32Array.from(values as number[]));
    return float64Column(Float64Array.from(values, (value) => (value === null ? NaN : Number(value))));
  };
  return new Batch(Object.fromEntries(names.map((name) => [name, column(name)])), list.length);
}

/** What of the small market is changed. */
export interface Changes {
  readonly articles?: readonly Readonly<Record<string, string | number | null>>[];
  readonly markets?: readonly Readonly<Record<string, string | number | null>>[];
  readonly demand?: (
    rows: Record<string, string | number | null>[],
  ) => Record<string, string | number | null>[];
  readonly weekly?: (
    rows: Record<string, string | number | null>[],
  ) => Record<string, string | number | null>[];
  readonly items?: Partial<
    Record<Exclude<QuantityName, 'demand'>, readonly Readonly<Record<string, string | number>>[]>
  >;
  readonly settings?: Partial<PricingSettings>;
  readonly errors?: ForecastErrors;
  readonly required?: readonly QuantityName[];
  readonly weeks?: number;
}

const KEYS = ['A', 'B'].flatMap((article) => ['DE', 'PL'].map((market) => ({ article, market })));

/** Two articles in two markets, three weeks ahead, three levels: demand is 10 · (1 + 2 · discount), 40 in stock, list price 119. */
export function smallMarket(changes: Changes = {}): BuiltTable {
  const weeks = weeksAhead(CUTOFF, changes.weeks ?? 3);
  const index = new KeyIndex(SERIES_KEY);
  const demandRows = KEYS.flatMap((key) =>
    [...weeks].flatMap((week) =>
      [...LEVELS].map((discount) => ({ ...key, week, discount, demand: 10 * (1 + 2 * discount) })),
    ),
  );
  const demand = rows(changes.demand?.(demandRows) ?? demandRows);
  index.add(demand);
  const articles = changes.articles ?? [
    { article: 'A', group: 'shoes', cost: 30 },
    { article: 'B', group: 'boots', cost: 60 },
  ];
  const markets = changes.markets ?? [
    { market: 'DE', region: 'west' },
    { market: 'PL', region: 'east' },
  ];
  const order = orderSeries(index, rows(articles), rows(markets));
  const bad = new BadArticles(order);
  const cells = new DemandCells(order, weeks, LEVELS, bad);
  cells.add(demand);
  const items = new ItemForecasts(order, LEVELS, bad);
  for (const [quantity, list] of Object.entries(changes.items ?? {}))
    items.add(quantity as Exclude<QuantityName, 'demand'>, rows(list));
  const weeklyRows = KEYS.flatMap((key) =>
    [-1, 0, 1, 2].map((w) => ({
      ...{ ...key, week: addWeeks(CUTOFF, w), discount: w > 0 ? null : 0.2, blackPrice: 119 },
      ...{ sales: w > 0 ? null : 4, stock: w > 0 ? null : 40, delivery: w === 2 ? 5 : 0 },
    })),
  );
  const weekly = rows(changes.weekly?.(weeklyRows) ?? weeklyRows);
  const scope = { cutoff: CUTOFF, weeks, discounts: LEVELS, lags: items.lags };
  const history = new StockHistory(order, weekly, scope, bad);
  history.add(weekly);
  return buildTable({
    ...{ order, weeks, discounts: LEVELS, demand: cells, items, history },
    errors: changes.errors ?? { byGroup: new Map(), byLevel: null },
    settings: { ...PRICING_DEFAULTS, levelRows: 0, ...changes.settings },
    required: changes.required ?? [],
    bad,
  });
}
