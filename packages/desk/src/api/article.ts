import { z } from 'zod';
import { stateSchema } from './rows.ts';

const numbers = z.array(z.number());
const gappy = z.array(z.number().nullable());
const weeks = z.array(z.string());

/** An article in a market. Arrays run along the weeks, or the discounts, that stand beside them. */
export const marketOfArticleSchema = z.object({
  market: z.string(),
  listPrice: z.number(),
  history: z.object({ weeks, sales: gappy, discount: gappy, stock: gappy }),
  plan: z.object({
    ...{
      weeks,
      discount: numbers,
      demand: numbers,
      low: gappy,
      high: gappy,
      sales: numbers,
      profit: numbers,
    },
    ...{ heldDiscount: gappy, heldSales: gappy, heldProfit: gappy },
  }),
  /** The first week at every discount, all else as planned; profit is that of the article, all markets and weeks. */
  curve: z.object({
    ...{ discounts: numbers, demand: numbers, low: gappy, high: gappy, profit: numbers },
    refusals: z.array(z.string().nullable()),
  }),
  today: z.number().nullable(),
  recommended: z.number(),
  chosen: z.number().nullable(),
  state: stateSchema,
  version: z.number(),
  /** What was really asked at every discount of the curve, on a simulated market. */
  truth: z.object({ demand: numbers }).nullable(),
});
export type MarketOfArticle = z.infer<typeof marketOfArticleSchema>;

/** What made the numbers. */
export const articleLineageSchema = z.object({
  run: z.string(),
  forecasts: z.string(),
  models: z.array(z.object({ quantity: z.string(), model: z.string(), version: z.number().nullable() })),
  dataset: z.object({ name: z.string(), fingerprint: z.string(), isChanged: z.boolean() }),
  limits: z.object({ file: z.string(), digest: z.string() }).nullable(),
});
export type ArticleLineage = z.infer<typeof articleLineageSchema>;

/** GET /api/article/:article */
export const articleAnswerSchema = z.object({
  article: z.string(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  group: z.string().nullable(),
  comparable: z.array(z.object({ article: z.string(), why: z.string() })),
  lineage: articleLineageSchema,
  markets: z.array(marketOfArticleSchema),
  /** Units at the end of each week. `pool`: all markets sell from one stock. */
  stock: z.object({ pool: z.boolean(), weeks, planned: numbers, held: numbers }),
});
export type ArticleAnswer = z.infer<typeof articleAnswerSchema>;
