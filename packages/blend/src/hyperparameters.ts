import { z } from 'zod';

/** What can be set of a blend. */
export const blendHyperparameters = z.object({
  parts: z
    .string()
    .default('')
    .describe('names of the parts to blend besides the baseline, separated by commas; all where empty'),
  memberPreset: z
    .string()
    .default('')
    .describe('preset that the members are trained with, those that have one of this name; none where empty'),
  memberSettings: z
    .string()
    .default('')
    .describe('hyperparameters of parts over their preset, as PART.NAME=VALUE separated by commas'),
  heldOutWeeks: z
    .number()
    .int()
    .min(2)
    .max(26)
    .default(8)
    .describe('weeks before the cutoff that weights are learnt on; fewer where the data is short'),
  origins: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(4)
    .describe('weeks that the held-out weeks are forecast from, one after the other'),
  maximumRows: z
    .number()
    .int()
    .min(1000)
    .default(400_000)
    .describe(
      'held-out rows of an origin that weights are learnt from, at most; of more, a sample of series',
    ),
  response: z
    .enum(['estimated', 'members'])
    .default('estimated')
    .describe(
      'where curves take their course over the discount from: a response estimated apart from how discounts were set, or the members',
    ),
  budgetSeconds: z
    .number()
    .min(0)
    .default(0)
    .describe('seconds of training after which members that are not done are left out; 0: no limit'),
});

/** The hyperparameters as `fit` gets them. */
export type BlendHyperparameters = z.output<typeof blendHyperparameters>;

/** A set for each set that members usually have. */
export const BLEND_PRESETS = {
  tiny: { memberPreset: 'tiny', origins: 2 },
  laptop: { memberPreset: 'laptop' },
};
