import { RETURN_MATURITY_WEEKS } from '@hemline/core';
import { z } from 'zod';

/** What can be set: how long returns can take. */
export const returnRateHyperparameters = z.object({
  maturityWeeks: z
    .number()
    .int()
    .min(1)
    .max(52)
    .default(RETURN_MATURITY_WEEKS)
    .describe('weeks after the sale within which returns arrive; a later return is an error'),
});
