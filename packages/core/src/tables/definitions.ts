import type { Role, TableDefinition, TableName } from './table-definition.ts';
import type { Schema } from '../batch/schema.ts';

const article: Role = {
  name: 'article',
  type: 'string',
  required: true,
  nullable: false,
  description: 'what is sold, in all its sizes',
};
const market: Role = {
  name: 'market',
  type: 'string',
  required: true,
  nullable: false,
  description: 'where it is sold',
};
const week: Role = {
  name: 'week',
  type: 'date',
  required: true,
  nullable: false,
  description: "the date of the week's first day",
};
const amount = (name: string, description: string, required = false): Role => ({
  name,
  type: 'float64',
  required,
  nullable: !required,
  minimum: 0,
  description,
});
const attribute = (name: string, description: string): Role => ({
  name,
  type: 'string',
  required: false,
  nullable: true,
  description,
});

/** Sales history and plan: one row per article, market and week. */
export const weeklyTable: TableDefinition = {
  name: 'weekly',
  description:
    'what was sold, at which price, with how much stock; rows after the last known week are the plan',
  roles: [
    article,
    market,
    week,
    {
      ...amount(
        'demand',
        'units demanded; where only sales are known, the sales (then `uncensored` tells which weeks are whole)',
      ),
      required: true,
    },
    amount('sales', 'units sold; `demand` where it is not given'),
    {
      name: 'uncensored',
      type: 'bool',
      required: false,
      nullable: true,
      description:
        'whether all sizes were in stock all week, so that sales are demand; true where it is not given',
    },
    // 1 − (3 × 0.1) / 0.3 is below 0 by rounding.
    { ...amount('discount', '1 − sales price / black price'), below: 1, slack: 5e-7 },
    amount('blackPrice', 'undiscounted list price'),
    amount('price', 'sales price of one unit, from which `discount` is made where no column has it'),
    amount('stock', 'units in stock at the start of the week'),
    attribute(
      'experiment',
      'name of the experiment that drew the discount of the week by lot, all its weeks from the same discounts; null where none did',
    ),
    {
      name: 'propensity',
      type: 'float64',
      required: false,
      nullable: true,
      above: 0,
      most: 1,
      description: 'probability with which the experiment drew the discount that was set',
    },
  ],
  key: ['article', 'market', 'week'],
  knownAt: 'week',
  knownAhead: ['discount', 'blackPrice'],
};

/** Attributes of articles. */
export const articlesTable: TableDefinition = {
  name: 'articles',
  description: 'attributes of each article',
  roles: [
    article,
    attribute('group', 'commodity group: the next level of the hierarchy above the article'),
    attribute('brand', 'brand'),
    attribute('season', 'season the article was bought for'),
    { name: 'launchWeek', type: 'date', required: false, nullable: true, description: 'first week on sale' },
    {
      name: 'seasonEndWeek',
      type: 'date',
      required: false,
      nullable: true,
      description: 'last week of the season; what is left is cleared',
    },
  ],
  key: ['article'],
  knownAt: null,
  knownAhead: [],
};

/** Attributes of markets. */
export const marketsTable: TableDefinition = {
  name: 'markets',
  description: 'attributes of each market',
  roles: [market],
  key: ['market'],
  knownAt: null,
  knownAhead: [],
};

/** Sales by size: what tells demand from sales where sizes sell out. */
export const sizesTable: TableDefinition = {
  name: 'sizes',
  description: 'units sold of each size in a week, and whether the size was there to be sold',
  roles: [
    article,
    market,
    week,
    {
      ...article,
      name: 'size',
      description: 'size of the article; each size on offer has a row, sold out or not',
    },
    amount('sales', 'units sold of the size', true),
    {
      name: 'available',
      type: 'bool',
      required: true,
      nullable: false,
      description: 'whether the size was in stock all week, so that its sales are its demand',
    },
  ],
  key: ['article', 'market', 'week', 'size'],
  knownAt: 'week',
  knownAhead: [],
};

/** Return cohorts: how many of the units sold in one week came back in another. */
export const returnsTable: TableDefinition = {
  name: 'returns',
  description: 'units returned, by the week they were sold and the week they were sellable again',
  roles: [
    article,
    market,
    { ...week, name: 'saleWeek', description: 'week of the sale' },
    { ...week, name: 'returnWeek', description: 'week in which the units were sellable again' },
    amount('units', 'units returned', true),
  ],
  key: ['article', 'market', 'saleWeek', 'returnWeek'],
  knownAt: 'returnWeek',
  knownAhead: [],
};

/** What shipping and returning cost. */
export const fulfillmentTable: TableDefinition = {
  name: 'fulfillment',
  description: 'units shipped and returned in a week and what that cost in all',
  roles: [
    article,
    market,
    week,
    amount('shippedUnits', 'units shipped', true),
    amount('shippingCost', 'cost of shipping them, in all', true),
    amount('returnedUnits', 'units returned', true),
    amount('returnCost', 'cost of returning them, in all', true),
  ],
  key: ['article', 'market', 'week'],
  knownAt: 'week',
  knownAhead: [],
};

/** What units brought after their season. */
export const clearanceTable: TableDefinition = {
  name: 'clearance',
  description: 'units cleared after the season and what they brought',
  roles: [
    article,
    market,
    week,
    amount('units', 'units cleared', true),
    amount('value', 'what they brought, in all', true),
    amount('blackPrice', 'undiscounted list price of one unit', true),
  ],
  key: ['article', 'market', 'week'],
  knownAt: 'week',
  knownAhead: [],
};

/** All tables by name. */
export const TABLES: Readonly<Record<TableName, TableDefinition>> = {
  weekly: weeklyTable,
  articles: articlesTable,
  markets: marketsTable,
  sizes: sizesTable,
  returns: returnsTable,
  fulfillment: fulfillmentTable,
  clearance: clearanceTable,
};

/**
 * The columns of the weekly table that are known before the week comes: its key, the roles planned ahead (`discount`,
 * `blackPrice`) and the covariates that the schema marks as known ahead. Nothing else may be read of a row after the
 * cutoff.
 * @param schema of the weekly table
 * @returns their names, in the schema's order
 */
export function knownAheadColumns(schema: Schema): string[] {
  const { key, knownAhead, roles } = TABLES.weekly;
  return schema.fields
    .filter(({ name, knownAhead: planned }) => {
      if (key.includes(name) || knownAhead.includes(name)) return true;
      return planned === true && !roles.some((role) => role.name === name);
    })
    .map(({ name }) => name);
}
