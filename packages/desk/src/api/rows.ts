import { z } from 'zod';

/** Rows of an answer, at most. */
export const MOST_ROWS = 500;

/** Where the price of an article in a market stands, as the desk sees it. */
export const STATES = ['proposed', 'waiting', 'approved', 'overridden', 'excluded', 'in-shop'] as const;
export const stateSchema = z.enum(STATES);
/** One of {@link STATES}. */
export type State = z.infer<typeof stateSchema>;

/** Both ends included; an end that is not given is open. Rows without a value are in no range. */
export const rangeSchema = z.strictObject({ from: z.number().optional(), to: z.number().optional() });
export type Range = z.infer<typeof rangeSchema>;

const names = z.array(z.string().min(1).max(200)).min(1).max(1000);

export const filterSchema = z.strictObject({
  /** In the name of the article, upper and lower case alike. */
  text: z.string().max(200).optional(),
  markets: names.optional(),
  groups: names.optional(),
  seasons: names.optional(),
  states: z.array(stateSchema).min(1).max(STATES.length).optional(),
  reasons: names.optional(),
  cover: rangeSchema.optional(),
  gain: rangeSchema.optional(),
  /** Recommended less today's discount; positive: deeper. */
  change: rangeSchema.optional(),
  support: rangeSchema.optional(),
});
export type Filter = z.infer<typeof filterSchema>;

export const SORT_COLUMNS = [
  ...(['article', 'market', 'group', 'season', 'listPrice', 'today', 'recommended', 'chosen'] as const),
  ...(['change', 'gain', 'stock', 'cover', 'reason', 'support', 'state'] as const),
] as const;
export const sortColumnSchema = z.enum(SORT_COLUMNS);
/** One of {@link SORT_COLUMNS}. */
export type SortColumn = z.infer<typeof sortColumnSchema>;

export const sortSchema = z.strictObject({ by: sortColumnSchema, descending: z.boolean() });
export type Sort = z.infer<typeof sortSchema>;

/** GET /api/rows?query=JSON. Rows without a value of the column stand last, either way. */
export const rowsQuerySchema = z.strictObject({
  filter: filterSchema,
  sort: sortSchema,
  offset: z.int().min(0).max(100_000_000),
  count: z.int().min(0).max(MOST_ROWS),
});
export type RowsQuery = z.infer<typeof rowsQuerySchema>;

/** An article in a market: discounts of the first week, gains of all weeks. */
export const rowSchema = z.object({
  article: z.string(),
  market: z.string(),
  group: z.string().nullable(),
  season: z.string().nullable(),
  listPrice: z.number(),
  today: z.number().nullable(),
  recommended: z.number(),
  /** What was decided, whether it waits for another person or not; null: nothing. */
  chosen: z.number().nullable(),
  /** Of all weeks, against holding today's discount. */
  gain: z.number().nullable(),
  /** Standard error of the gain; null where nothing tells it. */
  gainError: z.number().nullable(),
  stock: z.number().nullable(),
  /** Weeks that the stock lasts at the planned sales. */
  cover: z.number().nullable(),
  reason: z.string(),
  /** Weeks of its own that the forecast rests on. */
  support: z.number().nullable(),
  state: stateSchema,
  by: z.string().nullable(),
  priority: z.boolean(),
  /** Changes with every decision about the row: send it back with the next. */
  version: z.number(),
  image: z.null(),
});
export type Row = z.infer<typeof rowSchema>;

export const totalsSchema = z.object({
  rows: z.number(),
  articles: z.number(),
  /** Σ of the gains that are known. */
  gain: z.number(),
  /** Σ of the profit of all rows. */
  profit: z.number(),
  heldProfit: z.number(),
  /** Σ list price · discount · units / Σ list price · units, decisions applied. */
  discountRate: z.number(),
  overruleCost: z.number(),
  states: z.record(stateSchema, z.number()),
});
export type Totals = z.infer<typeof totalsSchema>;

export const rowsAnswerSchema = z.object({
  total: z.number(),
  /** Of all rows that match. */
  totals: totalsSchema,
  rows: z.array(rowSchema),
  /** Of all decisions. */
  version: z.number(),
});
export type RowsAnswer = z.infer<typeof rowsAnswerSchema>;
