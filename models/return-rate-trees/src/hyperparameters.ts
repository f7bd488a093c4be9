import { RETURN_MATURITY_WEEKS } from '@hemline/core';
import { z } from 'zod';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

/** What can be set. */
export const returnTreesHyperparameters = z.object({
  maturityWeeks: count(1, 52)
    .default(RETURN_MATURITY_WEEKS)
    .describe('weeks after the sale within which returns arrive; a later return is an error'),
  maturityCorrection: z
    .boolean()
    .default(true)
    .describe(
      'accounts for returns that are still to come; without it young cohorts look better than they are',
    ),
  leadWeeks: count(1, 26)
    .default(8)
    .describe('history of a cohort ends 1 to so many weeks before its sale, as that of a forecast does'),
  rounds: count(1, 10_000).default(400).describe('trees, at most'),
  learningRate: z.number().positive().max(1).default(0.05).describe('share of a tree that is added'),
  leaves: count(2, 1024).default(24).describe('leaves of a tree'),
  leafUnits: z
    .number()
    .min(0)
    .max(1e9)
    .default(400)
    .describe('units sold that a leaf needs, at a rate of one half'),
  shrinkage: z.number().min(0).max(1e9).default(20).describe('pull of a leaf toward 0 (L2)'),
  validationShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('share of the articles that tells when to stop; 0: never before `rounds`'),
  patience: count(1, 10_000).default(30).describe('trees without an improvement before the training stops'),
  minimumCount: count(1, 1_000_000)
    .default(2)
    .describe('values of attributes that fewer items have count as unseen'),
  maximumCategories: count(1, 100_000)
    .default(1000)
    .describe('attributes with more distinct values are not read'),
  maximumRows: count(1, 1_000_000_000)
    .default(5_000_000)
    .describe('cohorts to learn from: those of the articles whose names have the smallest hashes'),
  threads: count(0, 1024).default(0).describe('threads of the training; 0: one a core'),
  checkpointEvery: count(1, 10_000).default(50).describe('trees between checkpoints'),
});

/** The hyperparameters as `fit` gets them. */
export type ReturnTreesHyperparameters = z.output<typeof returnTreesHyperparameters>;

/** Named sets. */
export const RETURN_TREES_PRESETS = {
  tiny: { rounds: 25, learningRate: 0.1, leaves: 8, leafUnits: 50, threads: 1 },
} satisfies Record<string, z.input<typeof returnTreesHyperparameters>>;
