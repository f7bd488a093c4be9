import { columnOnDisk, schemaOf, type Field, type Schema } from '@hemline/core';

/** What happens to the price of an article in a market and a week, in the order of its life. */
export const DECISION_EVENTS = [
  'proposed',
  'approved',
  'overridden',
  'withdrawn',
  'in-shop',
  'outcome',
] as const;
/** One of {@link DECISION_EVENTS}. */
export type DecisionEvent = (typeof DECISION_EVENTS)[number];

const text = (name: string, description: string, nullable = false): Field => ({
  ...{ name, type: 'string', description, nullable },
});
const amount = (name: string, description: string, nullable = true): Field => ({
  ...{ name, type: 'float64', description, nullable },
});

/** A row for each event, in the order in which they were told; amounts are in the currency of the data. */
export const DECISIONS_SCHEMA: Schema = schemaOf(
  text('article', 'what is sold'),
  text('market', 'where'),
  { name: 'week', type: 'date', description: 'week in which the price is to hold, by its first day' },
  text('event', DECISION_EVENTS.join(', ')),
  amount('discount', 'that is recommended, chosen, or in the shop: a share of the list price', false),
  {
    name: 'at',
    type: 'timestamp',
    unit: 'ms',
    description: 'when: of a proposal, when its pricing began; of a price in the shop, since when it holds',
  },
  amount('price', 'of a proposal: list price · (1 − discount), with tax'),
  text('by', 'who decided', true),
  text('reason', 'why', true),
  amount('profit', 'forecast of a proposal; of an outcome, what was earned'),
  amount('sales', 'units: forecast of a proposal; of an outcome, sold'),
  amount('heldDiscount', "of a proposal: the day's discount"),
  amount('heldProfit', 'of a proposal: forecast if that were held'),
  amount(
    'cost',
    'of an override: what it earns less than the proposal, by the forecast; of its outcome: by the sales',
  ),
  amount('propensity', 'of a proposal that is drawn by lot: probability with which it was'),
  text('experiment', 'that drew it by lot', true),
);

/** The same under the names of the files. */
export const DECISIONS_ON_DISK: Schema = {
  fields: DECISIONS_SCHEMA.fields.map((field) => ({ ...field, name: columnOnDisk(field.name) })),
};

/** Where proposals come from. */
export interface DecisionLineage {
  /** The run that priced, and the one whose forecasts it priced. */
  readonly run: string;
  readonly forecasts: string;
  /** Version of each model that forecast; null: not known. */
  readonly models: readonly { readonly model: string; readonly version: number | null }[];
  readonly dataset: { readonly name: string; readonly fingerprint: string };
}

/** What a segment says of its rows, in its footer. */
export interface SegmentFacts {
  readonly schema: 1;
  /** What it holds. */
  readonly kind: 'proposals' | 'decisions' | 'outcomes';
  /** When it was made. */
  readonly at: string;
  /** File or run that it was made of, as a person named it. */
  readonly source: string;
  /** SHA-256 of what it was made of: the same again changes nothing. */
  readonly digest: string;
  /** Of proposals; else null. */
  readonly lineage: DecisionLineage | null;
}
