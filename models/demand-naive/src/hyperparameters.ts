import { z } from 'zod';

/** What can be set: which past value is the forecast. */
export const naiveHyperparameters = z.object({
  method: z
    .enum(['last', 'seasonal', 'mean'])
    .default('last')
    .describe(
      'last: the last observed week; seasonal: the same week of the last season; mean: of the last weeks',
    ),
  window: z
    .number()
    .int()
    .min(1)
    .max(520)
    .default(8)
    .describe('observed weeks that the mean is taken over (method mean)'),
  season: z.number().int().min(1).max(520).default(52).describe('weeks of a season (method seasonal)'),
});

/** The hyperparameters as `fit` gets them. */
export type NaiveHyperparameters = z.output<typeof naiveHyperparameters>;
