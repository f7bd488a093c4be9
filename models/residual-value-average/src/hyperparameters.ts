import { z } from 'zod';

/** What can be set: how finely age is told apart. */
export const residualValueHyperparameters = z.object({
  ageBucketWeeks: z
    .number()
    .int()
    .min(1)
    .max(520)
    .default(13)
    .describe('weeks since launch that count as one age'),
});
