import { schemaOf, type Schema } from '@hemline/core';

/** Why a discount is recommended. */
export const REASONS = ['person', 'hold', 'limit', 'stock', 'season-end', 'demand', 'explore'] as const;
/** One of {@link REASONS}. */
export type Reason = (typeof REASONS)[number];

const article = { name: 'article', type: 'string' } as const;
const amount = (name: string, description: string, nullable = false) =>
  ({ name, type: 'float64', description, nullable }) as const;

/** A row for each article, market and week that is priced. */
export const RECOMMENDATIONS_SCHEMA: Schema = schemaOf(
  article,
  { name: 'market', type: 'string' },
  { name: 'week', type: 'date' },
  amount('discount', 'share of the list price'),
  amount('price', 'list price · (1 − discount), with tax'),
  amount('demand', 'units demanded, expected'),
  amount('sales', 'units sold, expected: what stock allows of the demand'),
  amount('returns', 'of these, units that come back, expected'),
  amount('profit', 'of the units sold: less tax, shipping and returns; without what is left at the end'),
  amount('heldDiscount', "today's discount", true),
  amount('heldSales', "units sold if today's discount were held", true),
  amount('heldProfit', 'of these', true),
  {
    name: 'reason',
    type: 'string',
    description:
      'person: fixed by one; hold: nothing else earns enough more; limit: without the limits of the business it would be another; stock: it is scarce, and sells at a higher price; season-end: it would be left; demand: earns most by itself; explore: drawn by lot around what is planned, to learn from',
  },
  amount('support', 'weeks of its own that the forecast of demand rests on'),
  amount('propensity', 'probability with which the discount was drawn by lot; null where it was not', true),
  {
    name: 'experiment',
    type: 'string',
    nullable: true,
    description:
      'what drew it: run, and the discounts that could have been drawn, all with the same probability',
  },
);

/** A row for each article that is priced. */
export const ARTICLES_SCHEMA: Schema = schemaOf(
  article,
  amount('profit', 'of all markets and weeks, with the worth of what is left'),
  amount('heldProfit', "the same if today's discounts were held; null where one is not known", true),
  amount('gain', 'profit − held profit', true),
  {
    name: 'changes',
    type: 'int32',
    description: 'weeks and markets whose discount is not that of the week before',
  },
  amount('unitsLeft', 'units left at the end'),
  amount('heldUnitsLeft', 'the same if held', true),
  amount('gap', 'what the plan may miss at most at the multipliers, as a share of its worth there'),
);

/** A row for each limit of the business. */
export const LIMITS_SCHEMA: Schema = schemaOf(
  { name: 'limit', type: 'string', description: 'its name' },
  { name: 'measure', type: 'string' },
  { name: 'line', type: 'int32', description: 'of the file of limits' },
  amount('lower', 'at least', true),
  amount('upper', 'at most', true),
  amount('value', 'what the plans come to', true),
  { name: 'isMet', type: 'bool' },
  amount('missedBy', 'what the value is beyond the bound; 0 where it is met'),
  amount('cost', 'price of missing it, where it is soft'),
  amount('lowerMultiplier', 'what a unit less of the lower bound would earn', true),
  amount('upperMultiplier', 'what a unit more of the upper bound would earn', true),
  { name: 'inWords', type: 'string', description: 'the multiplier in words' },
);
