import { z } from 'zod';

const money = z.object({
  revenue: z.number(),
  refunds: z.number(),
  shipping: z.number(),
  returnCost: z.number(),
  clearance: z.number(),
});

const week = z.object({
  /** First day. */
  week: z.iso.date(),
  /** Units sold, and come back. */
  sold: z.number(),
  returned: z.number(),
  /** Integer cents, net of tax; costs are positive. */
  money,
  /** Worth of the units sold at list prices, and what was discounted of it, currency units. */
  listValue: z.number(),
  discounted: z.number(),
  /** Series on sale, and those of them whose level is not that of the week before. */
  onSale: z.number(),
  changed: z.number(),
  /** Profit of the week's units as the policy expected it; null where it expected nothing. */
  planned: z.number().nullable(),
  /** Profit of the units that were sold of the same series; null likewise. */
  realised: z.number().nullable(),
  /** Of the series that the plan of the first week covers, in this week; null where there is none. */
  firstPlanned: z.number().nullable(),
  firstRealised: z.number().nullable(),
  /** What was drawn by lot: articles, series, those moved off the plan, and what that costs by the forecasts; null where nothing is drawn. */
  draws: z
    .object({ articles: z.number(), series: z.number(), moved: z.number(), cost: z.number() })
    .nullable()
    .default(null),
  notices: z.array(z.string()),
});

/** A policy and the seed of a market. */
export interface SeasonUnit {
  readonly policy: string;
  readonly seed: number;
}

/** What a policy has come to in a market so far, week by week. */
export const seasonRecordSchema = z.object({
  schema: z.literal(1),
  policy: z.string(),
  seed: z.number(),
  weeks: z.array(week),
  /** What the plan of the first week covers: series, and profit by week ahead; null where the policy plans nothing. */
  firstPlan: z.object({ series: z.array(z.number()), profit: z.array(z.number()) }).nullable(),
  /** After the last week; null before. */
  runOut: z
    .object({
      cameIn: z.number(),
      sold: z.number(),
      returned: z.number(),
      money,
      left: z.number(),
      residual: z.number(),
    })
    .nullable(),
});

/** A season as its journal has it. */
export type SeasonRecord = z.output<typeof seasonRecordSchema>;
/** One of its weeks. */
export type WeekRecord = SeasonRecord['weeks'][number];
