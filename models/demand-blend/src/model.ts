import { defineBlend } from '@hemline/blend';
import type { ModelInputs } from '@hemline/core';

/** What the members read, all of them together. */
const INPUTS: ModelInputs['fit'] = {
  weekly: {
    required: ['article', 'market', 'week', 'demand'],
    optional: ['sales', 'uncensored', 'discount', 'blackPrice', 'stock'],
    covariates: true,
  },
  articles: {
    required: [],
    optional: ['article', 'group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'],
    covariates: true,
  },
  markets: { required: [], optional: ['market'], covariates: true },
  sizes: { required: [], optional: ['article', 'market', 'week', 'size', 'sales', 'available'] },
};

/** Demand by all models of it, each as far as weeks that it had not seen show it to be right: what users get. */
export default defineBlend({
  name: 'demand-blend',
  description:
    'Demand as a weighted sum of naive forecasts, trees and a Transformer, learnt on held-out weeks.',
  // From cheap to dear: where a budget ends, what is dear is left out.
  parts: [
    {
      name: 'naive',
      member: 'demand-naive',
      hyperparameters: { method: 'mean', window: 8 },
      isBaseline: true,
    },
    {
      name: 'seasonal',
      member: 'demand-naive',
      hyperparameters: { method: 'seasonal' },
      isBaseline: true,
    },
    { name: 'trees', member: 'demand-trees' },
    { name: 'transformer', member: 'demand-transformer' },
  ],
  engines: ['lightgbm', 'tensorflow'],
  inputs: { fit: INPUTS, predict: INPUTS },
  maximumHorizon: 26,
});
