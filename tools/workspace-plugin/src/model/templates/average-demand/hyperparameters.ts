import { z } from 'zod';

/** What can be set: how fast the past is forgotten. */
export const hyperparameters = z.object({
  halfLifeWeeks: z
    .number()
    .positive()
    .max(520)
    .default(6)
    .describe('weeks after which a week counts half as much in the level of its series'),
});
