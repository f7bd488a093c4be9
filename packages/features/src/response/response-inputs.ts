import type { ModelInputs } from '@hemline/core';

/** What a response to the price is estimated from, as a model declares it, demand behind sales and all. */
export const RESPONSE_INPUTS: ModelInputs['fit'] = {
  weekly: {
    required: ['article', 'market', 'week', 'demand'],
    optional: ['sales', 'uncensored', 'discount', 'blackPrice', 'stock', 'experiment', 'propensity'],
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
