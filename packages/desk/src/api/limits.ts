import { z } from 'zod';

export const limitNowSchema = z.object({
  name: z.string(),
  measure: z.string(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** What the plans come to. */
  planned: z.number().nullable(),
  /** The same with the decisions of people. */
  now: z.number().nullable(),
  isMet: z.boolean(),
  missedBy: z.number(),
  inWords: z.string(),
});
export type LimitNow = z.infer<typeof limitNowSchema>;

/** GET /api/limits */
export const limitsAnswerSchema = z.object({ limits: z.array(limitNowSchema) });
export type LimitsAnswer = z.infer<typeof limitsAnswerSchema>;
