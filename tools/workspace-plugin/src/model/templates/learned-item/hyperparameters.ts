import { z } from 'zod';
import { LEARNER_HYPERPARAMETERS, TINY_LEARNER } from '../trees/learner-hyperparameters.ts';
import { BLOCK_WEEKS } from '../item-return-rate/observations.ts';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

/** What can be set. */
export const hyperparameters = z.object({
  ...LEARNER_HYPERPARAMETERS,
  blockWeeks: count(1, 52).default(BLOCK_WEEKS).describe('weeks that are learnt from, and forecast, as one'),
  blocks: count(1, 52).default(6).describe('blocks of weeks that are learnt from, the latest ones'),
  validationShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the items that tells when to stop'),
});

/** The hyperparameters as `fit` gets them. */
export type Hyperparameters = z.output<typeof hyperparameters>;

/** Named sets. */
export const PRESETS = { tiny: TINY_LEARNER } satisfies Record<string, z.input<typeof hyperparameters>>;
