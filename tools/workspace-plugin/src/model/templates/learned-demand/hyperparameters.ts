import { z } from 'zod';
import { LEARNER_HYPERPARAMETERS, TINY_LEARNER } from '../trees/learner-hyperparameters.ts';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

/** What can be set. */
export const hyperparameters = z.object({
  ...LEARNER_HYPERPARAMETERS,
  horizon: count(1, 52).default(26).describe('weeks ahead that forecasts are learnt for'),
  maximumSeries: count(1, 10_000_000)
    .default(20_000)
    .describe('series to learn from: those whose names have the smallest hashes'),
  validationShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the series that tells when to stop'),
});

/** The hyperparameters as `fit` gets them. */
export type Hyperparameters = z.output<typeof hyperparameters>;

/** Named sets. */
export const PRESETS = { tiny: { ...TINY_LEARNER, horizon: 8 } } satisfies Record<
  string,
  z.input<typeof hyperparameters>
>;
