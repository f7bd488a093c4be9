import { z } from 'zod';

const count = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most);

/** What can be set. */
export const demandHyperparameters = z.object({
  historyWeeks: count(4, 208).default(40).describe('weeks that the encoder reads'),
  horizon: count(1, 52).default(26).describe('weeks ahead that are learnt'),
  width: count(4, 1024).default(64).describe('width of the network'),
  heads: count(1, 32).default(4).describe('heads of each attention; they divide the width'),
  hidden: count(4, 4096).default(128).describe('width within the feed-forward blocks'),
  encoderLayers: count(0, 12).default(1).describe('layers of the encoder'),
  decoderLayers: count(1, 12).default(1).describe('layers of the decoder'),
  epochs: z
    .number()
    .positive()
    .max(1000)
    .default(20)
    .describe('how often a training goes through as many windows as there are, at most'),
  steps: count(1, 1_000_000).default(2000).describe('steps of the training, at most'),
  fallbackSteps: count(1, 1_000_000)
    .default(120)
    .describe('steps at most, of all networks together, where TensorFlow runs as WebAssembly'),
  batchSize: count(1, 8192).default(256).describe('windows of a batch, at most'),
  fineTuning: z
    .number()
    .min(0)
    .max(2)
    .default(0.2)
    .describe('steps that teach the weeks that were held out, as a share of those before, at most'),
  members: count(0, 16)
    .default(0)
    .describe(
      'networks that are trained, from seeds of their own, and averaged; 0: three of little data, else one',
    ),
  learningRate: z.number().positive().max(1).default(0.004).describe('peak of the learning rate'),
  warmUp: count(0, 100_000).default(30).describe('steps of the rise of the learning rate'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.02)
    .describe('pull on the weights, times the learning rate'),
  averaging: count(1, 100_000).default(100).describe('weights of about so many steps are averaged'),
  dropout: z.number().min(0).max(0.9).default(0.1).describe('share of the width that is left out at random'),
  covariateDropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe('share of the planned covariates that is left out at random, window by window'),
  levelPenalty: z
    .number()
    .min(0)
    .max(100)
    .default(0.01)
    .describe("pull of the demand at the usual price toward the series' own level"),
  tiltPenalty: z
    .number()
    .min(0)
    .max(100)
    .default(0.01)
    .describe("pull of a series' response to the price toward that of all"),
  scaleWeeks: count(1, 208)
    .default(26)
    .describe('weeks that the level and usual price of a series are taken from'),
  weightPower: z
    .number()
    .min(0)
    .max(2)
    .default(0.5)
    .describe('windows weigh as black price × level to this power'),
  halfLife: z
    .number()
    .positive()
    .max(10_000)
    .default(10_000)
    .describe('weeks after which a window is drawn half as often'),
  maximumCategories: count(1, 100_000)
    .default(400)
    .describe('attributes with more distinct values are not read, nor articles if there are more'),
  minimumCount: count(1, 10_000)
    .default(2)
    .describe('values of attributes that fewer series have count as unseen'),
  maximumSeries: count(1, 10_000_000)
    .default(200_000)
    .describe('series to learn from: those whose names have the smallest hashes'),
  inferenceBatch: count(1, 65_536).default(512).describe('series that are forecast at once'),
  checkpointEvery: count(1, 1_000_000).default(100).describe('steps between checkpoints'),
});

/** The hyperparameters as `fit` gets them. */
export type DemandHyperparameters = z.output<typeof demandHyperparameters>;

/** Named sets: for tests, for a laptop, for every week's training on a GPU. */
export const DEMAND_PRESETS = {
  tiny: {
    historyWeeks: 12,
    width: 8,
    heads: 2,
    hidden: 16,
    steps: 12,
    batchSize: 32,
    inferenceBatch: 64,
    warmUp: 3,
    averaging: 5,
    members: 1,
  },
  laptop: {},
  weekly: {
    historyWeeks: 78,
    width: 128,
    heads: 8,
    hidden: 512,
    encoderLayers: 2,
    decoderLayers: 2,
    steps: 20_000,
    batchSize: 1024,
    warmUp: 1000,
    averaging: 1000,
    maximumSeries: 1_000_000,
    inferenceBatch: 4096,
    checkpointEvery: 1000,
  },
} as const;
