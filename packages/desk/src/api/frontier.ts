import { z } from 'zod';

/** GET /api/frontier?limit=NAME */
export const frontierQuerySchema = z.strictObject({ limit: z.string().min(1).max(200) });

export const frontierAnswerSchema = z.object({
  points: z.array(
    z.object({
      /** Of what is limited. */
      value: z.number(),
      profit: z.number(),
      discountRate: z.number().nullable(),
      unitsLeft: z.number().nullable(),
    }),
  ),
  state: z.enum(['running', 'done', 'failed']),
  error: z.string().nullable(),
});
export type FrontierAnswer = z.infer<typeof frontierAnswerSchema>;
