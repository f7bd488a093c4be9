import { addWeeks, weeksAhead, type Batch, type DiscountGrid, type Tables, type Week } from '@hemline/core';
import {
  BadArticles,
  buildTable,
  DemandCells,
  HISTORY_COLUMNS,
  ItemForecasts,
  StockHistory,
  type BuiltTable,
  type PricingSettings,
} from '@hemline/pricing';
import type { Situation } from '../policies/policy.ts';
import type { SeriesMap } from './series-map.ts';

/** Weeks of history that tell at which discounts a group was sold. */
const HISTORY_WEEKS = 104;

/** What the table of a situation is made of, before it is known what is demanded. */
export interface TableDraft {
  readonly map: SeriesMap;
  readonly weeks: Int32Array;
  readonly discounts: DiscountGrid;
  readonly cells: DemandCells;
  readonly items: ItemForecasts;
  readonly bad: BadArticles;
}

/**
 * @param map of the series
 * @param situation of the market
 * @param horizon weeks ahead, this one the first
 * @returns places for demand, returns, costs
 */
export function draftTable(map: SeriesMap, { week, discounts }: Situation, horizon: number): TableDraft {
  const weeks = weeksAhead(addWeeks(week, -1), horizon);
  const bad = new BadArticles(map.order);
  return {
    ...{ map, weeks, discounts, bad },
    cells: new DemandCells(map.order, weeks, discounts, bad),
    items: new ItemForecasts(map.order, discounts, bad),
  };
}

/**
 * Finishes a table. Stock is what lies there at the start of the week, as the shop counts it; price and level are those of the shop.
 * @param draft with demand, returns and costs filled in
 * @param situation of the market
 * @param tables of the dataset, for what was sold, at which discounts, and what will be delivered; null: none of it is asked for
 * @param settings what is assumed where nothing is known
 * @returns the table
 */
export async function finishTable(
  { map, weeks, discounts, cells, items, bad }: TableDraft,
  situation: Situation,
  tables: Tables | null,
  settings: PricingSettings,
): Promise<BuiltTable> {
  const cutoff = addWeeks(situation.week, -1);
  const weekly = tables?.get('weekly');
  // Stock is known, whatever the table has: that of the situation.
  const has = (name: string): boolean =>
    name === 'stock' || (weekly?.schema.fields.some((field) => field.name === name) ?? false);
  const history = new StockHistory(map.order, { has }, { cutoff, weeks, discounts, lags: items.lags }, bad);
  if (tables !== null) for await (const batch of historyRows(tables, cutoff, weeks)) history.add(batch);
  map.seriesOf.forEach((n, place) => {
    history.blackPrice[place] = situation.blackPrice[n]!;
    history.stock[place] = situation.stock[n]!;
    history.stockWeek[place] = situation.week;
    history.discount[place] = situation.level[n] === -1 ? NaN : discounts[situation.level[n]!]!;
  });
  const built = buildTable({
    ...{ order: map.order, weeks, discounts, demand: cells, items, history, settings, bad },
    ...{ errors: { byGroup: new Map(), byLevel: null }, required: [] },
  });
  // What comes back before this week is sold lies there already, as what is delivered.
  for (let place = 0; place < map.seriesOf.length; place++) built.table.arrivals[place * weeks.length] = 0;
  return built;
}

function historyRows(tables: Tables, cutoff: Week, weeks: Int32Array): AsyncIterable<Batch> {
  const weekly = tables.get('weekly');
  const known = new Set(weekly.schema.fields.map(({ name }) => name));
  const columns = ['article', 'market', 'week', ...HISTORY_COLUMNS.filter((name) => known.has(name))];
  const range = { role: 'week', after: addWeeks(cutoff, -HISTORY_WEEKS), until: weeks.at(-1)! };
  return weekly.batches({ columns, weeks: range });
}
