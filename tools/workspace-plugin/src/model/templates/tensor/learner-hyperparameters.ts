import { z } from 'zod';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

/** What can be set of the network. */
export const LEARNER_HYPERPARAMETERS = {
  width: count(4, 1024).default(64).describe('width of the network'),
  layers: count(1, 8).default(2).describe('hidden layers'),
  steps: count(1, 1_000_000).default(3000).describe('training steps, at most'),
  batchSize: count(1, 65_536).default(512).describe('examples of a step'),
  learningRate: z.number().positive().max(1).default(0.003).describe('highest learning rate'),
  patience: count(1, 1000)
    .default(8)
    .describe('validations without an improvement before the training stops'),
};

/** The hyperparameters as the learner gets them. */
export type LearnerHyperparameters = z.output<z.ZodObject<typeof LEARNER_HYPERPARAMETERS>>;

/** Settings that train in seconds. */
export const TINY_LEARNER = { width: 8, layers: 1, steps: 30, batchSize: 64, learningRate: 0.01 };
