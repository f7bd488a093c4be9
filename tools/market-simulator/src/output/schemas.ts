import type { Field, Schema } from '@hemline/core';
import { RETURN_LAGS } from '../returns.ts';
import type { World } from '../world.ts';

const article: Field = { name: 'article', type: 'string', description: 'what is sold, in all its sizes' };
const market: Field = { name: 'market', type: 'string', description: 'where it is sold' };
const week: Field = { name: 'week', type: 'date', description: "the date of the week's first day" };
const number = (name: string, description: string, nullable = false): Field => ({
  name,
  type: 'float64',
  nullable,
  description,
});
const share = (name: string, description: string): Field => ({ name, type: 'float32', description });
const text = (name: string, description: string): Field => ({ name, type: 'string', description });

/** What the shop sees of the weeks, per market. Sales, stock and page views of planned weeks are missing. */
export const WEEKLY_SCHEMA: Schema = {
  fields: [
    article,
    week,
    number('sales', 'units sold', true),
    {
      name: 'uncensored',
      type: 'bool',
      nullable: true,
      description: 'whether no size ended the week sold out',
    },
    number('discount', '1 − sales price / black price'),
    number('black_price', 'undiscounted list price, currency units'),
    number('stock', 'units in stock at the start of the week', true),
    number('campaign', 'intensity of the campaign, 0 (none) to 1; planned ahead'),
    number('delivery', 'units delivered at the start of the week; planned ahead'),
    {
      name: 'page_views',
      type: 'int32',
      nullable: true,
      description: "how often the article's page was looked at",
    },
  ],
};

/** The same, where prices were set with propensities or as experiments. */
export const TAGGED_WEEKLY_SCHEMA: Schema = {
  fields: [
    ...WEEKLY_SCHEMA.fields,
    number('propensity', 'probability with which the discount was chosen, given what was known', true),
    {
      name: 'experiment',
      type: 'string',
      nullable: true,
      description: 'experiment that the discount was part of',
    },
  ],
};

/** Sales by size, per market; of weeks that happened. */
export const SIZES_SCHEMA: Schema = {
  fields: [
    article,
    week,
    text('size', 'size, small to large: S1, S2, …'),
    { name: 'sales', type: 'int32', description: 'units sold of the size' },
    { name: 'available', type: 'bool', description: 'whether the size did not end the week sold out' },
  ],
};

/** Return cohorts, per market. */
export const RETURNS_SCHEMA: Schema = {
  fields: [
    article,
    { ...week, name: 'sale_week' },
    { ...week, name: 'return_week' },
    number('units', 'units returned'),
  ],
};

/** Shipping and returning, per market. */
export const FULFILLMENT_SCHEMA: Schema = {
  fields: [
    article,
    week,
    number('shipped_units', 'units shipped'),
    number('shipping_cost', 'cost of shipping them in all, currency units'),
    number('returned_units', 'units returned'),
    number('return_cost', 'cost of returning them in all, currency units'),
  ],
};

/** Leftovers, per market. */
export const CLEARANCE_SCHEMA: Schema = {
  fields: [
    article,
    week,
    number('units', 'units cleared'),
    number('value', 'what they brought in all, currency units'),
    number('black_price', 'undiscounted list price of one unit, currency units'),
  ],
};

/** Attributes of articles. */
export const ARTICLES_SCHEMA: Schema = {
  fields: [
    article,
    text('group', 'commodity group'),
    text('brand', 'brand'),
    text('season', 'season the article was bought for'),
    { ...week, name: 'launch_week', description: 'first week on sale' },
    { ...week, name: 'season_end_week', description: 'last week on sale' },
    text('color', 'main colour'),
    text('material', 'main material'),
    text('price_tier', 'entry, middle or premium: where the price lies within the group'),
    number('weight_kg', 'weight of a packed unit'),
  ],
};

/**
 * Attributes of markets.
 * @param world with a tax, with a shared stock, or without
 * @returns the schema
 */
export function marketsSchema({ vat, pool }: Pick<World, 'vat' | 'pool'>): Schema {
  return {
    fields: [
      market,
      text('region', 'part of the continent'),
      number('price_level', 'factor on the black prices of all articles'),
      number('shipping_tariff', 'what shipping one unit costs, besides its weight'),
      number('return_tariff', 'what taking one unit back costs, besides its weight'),
      ...(vat ? [number('vat', 'tax rate on net prices; black prices hold the tax')] : []),
      ...(pool ? [text('pool', 'markets of one pool sell from one stock')] : []),
    ],
  };
}

/**
 * The column that holds the truth at a discount.
 * @param quantity `demand` or `return_rate`
 * @param discount a level of the grid
 * @returns for example `demand_at_15`, the discount in percent
 */
export function columnAt(quantity: string, discount: number): string {
  return `${quantity}_at_${Number((discount * 100).toFixed(4))}`;
}

/**
 * True demand, per market.
 * @param levels the grid
 * @returns the schema, one column a level
 */
export function trueDemandSchema(levels: Float64Array): Schema {
  return {
    fields: [
      article,
      week,
      { name: 'planned', type: 'bool', description: 'whether the week lies after the history' },
      number('discount', 'discount of the week, given or planned'),
      share('demand', 'units that would have been sold at that discount with full stock, as drawn'),
      share('noise', 'factor of the noise; for planned weeks its expectation as of the last known week'),
      ...Array.from(levels, (level) =>
        share(columnAt('demand', level), `expected units at a discount of ${level}, over all noise`),
      ),
    ],
  };
}

/**
 * True returns.
 * @param levels the grid
 * @returns the schema, one column a level and one a lag
 */
export function trueReturnsSchema(levels: Float64Array): Schema {
  return {
    fields: [
      article,
      market,
      ...Array.from(levels, (level) =>
        share(columnAt('return_rate', level), `probability that a unit sold at ${level} comes back`),
      ),
      ...Array.from({ length: RETURN_LAGS }, (_, lag) =>
        share(
          `lag_${lag}`,
          `share of the returned units that are sellable again ${lag} weeks after the sale`,
        ),
      ),
    ],
  };
}

/** True costs of one unit. */
export const TRUE_COSTS_SCHEMA: Schema = {
  fields: [
    article,
    market,
    number('shipping_cost', 'expected cost of shipping one unit, currency units'),
    number('return_cost', 'expected cost of returning one unit, currency units'),
  ],
};

/** True residual values: share · exp(−decay · weeks after the season's end). */
export const TRUE_RESIDUAL_SCHEMA: Schema = {
  fields: [
    article,
    market,
    number('share', "expected value of a unit right at the season's end, as a share of the black price"),
    number('decay', 'share of that value lost every week'),
  ],
};
