import { z } from 'zod';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

/** What can be set of the trees. */
export const LEARNER_HYPERPARAMETERS = {
  rounds: count(1, 10_000).default(300).describe('trees, at most'),
  patience: count(1, 10_000).default(30).describe('trees without an improvement before the training stops'),
  learningRate: z.number().positive().max(1).default(0.06).describe('share of a tree that is added'),
  leaves: count(2, 1024).default(31).describe('leaves of a tree'),
  leafRows: count(1, 1_000_000).default(50).describe('examples that a leaf needs'),
  shrinkage: z.number().min(0).max(1e9).default(5).describe('pull of a leaf toward 0 (L2)'),
  threads: count(0, 1024).default(0).describe('threads of the training; 0: one a core'),
};

/** The hyperparameters as the learner gets them. */
export type LearnerHyperparameters = z.output<z.ZodObject<typeof LEARNER_HYPERPARAMETERS>>;

/** Settings that train in seconds. */
export const TINY_LEARNER = { rounds: 20, learningRate: 0.15, leaves: 8, leafRows: 20, threads: 1 };
