import { z } from 'zod';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);
const share = (most: number): z.ZodNumber => z.number().min(0).max(most);

/** What can be set. */
export const demandTreesHyperparameters = z.object({
  horizon: count(1, 52).default(26).describe('weeks ahead that are learnt'),
  examples: count(1000, 100_000_000)
    .default(60_000)
    .describe('examples to learn from, about: a week of a series, seen from some weeks before it'),
  distances: count(1, 26)
    .default(3)
    .describe('distances that a week is seen from, at most, where data is small'),
  rounds: count(1, 10_000).default(240).describe('trees of each member, at most'),
  patience: count(1, 10_000).default(30).describe('trees without an improvement before the growing stops'),
  learningRate: z.number().positive().max(1).default(0.06).describe('share of a tree that is added'),
  leaves: count(2, 1024).default(31).describe('leaves of a tree, at most; fewer where data is small'),
  leafRows: count(1, 1_000_000).default(40).describe('examples that a leaf needs, at least'),
  shrinkage: z.number().min(0).max(1e9).default(1).describe('pull of a leaf toward 0 (L2)'),
  featureShare: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('share of the features that a tree may use'),
  exampleShare: z.number().positive().max(1).default(0.7).describe('share of the examples that a tree sees'),
  tweediePower: z
    .number()
    .min(1.01)
    .max(1.99)
    .default(1.3)
    .describe('variance power of the Tweedie objective'),
  weightPower: z
    .number()
    .min(0)
    .max(2)
    .default(1.5)
    .describe('examples weigh as black price × level to this power'),
  levelWeeks: count(1, 208)
    .default(26)
    .describe('weeks that level and usual price of a series are taken from'),
  coldShare: share(0.9)
    .default(0.06)
    .describe('share of the examples whose history is hidden, as if the series were new'),
  hiddenPlans: share(0.9)
    .default(0.1)
    .describe('share of the examples that are not told the plan of other weeks'),
  heldOutWeeks: count(0, 52)
    .default(0)
    .describe('weeks before the cutoff that tell when to stop; 0: by the length of the data, 8 at most'),
  response: z
    .enum(['trees', 'estimated'])
    .default('trees')
    .describe(
      'where curves take their course over the discount from: the trees, or a response estimated apart from how discounts were set',
    ),
  maximumCategories: count(1, 100_000)
    .default(400)
    .describe('attributes with more distinct values are not read'),
  minimumCount: count(1, 10_000)
    .default(2)
    .describe('values of attributes that fewer series have count as unseen'),
  maximumSeries: count(1, 10_000_000)
    .default(50_000)
    .describe('series to learn from: those whose names have the smallest hashes'),
  threads: count(0, 1024).default(0).describe('threads of the training; 0: one a core'),
});

/** The hyperparameters as `fit` gets them. */
export type DemandTreesHyperparameters = z.output<typeof demandTreesHyperparameters>;

/** Named sets: for tests, for a laptop, for every week's training. */
export const DEMAND_TREES_PRESETS = {
  tiny: {
    examples: 1500,
    distances: 1,
    rounds: 20,
    patience: 8,
    learningRate: 0.15,
    leaves: 12,
    leafRows: 10,
    threads: 1,
  },
  laptop: {},
  weekly: {
    examples: 4_000_000,
    rounds: 1000,
    patience: 60,
    leaves: 127,
    leafRows: 100,
    maximumSeries: 400_000,
  },
} satisfies Record<string, z.input<typeof demandTreesHyperparameters>>;
