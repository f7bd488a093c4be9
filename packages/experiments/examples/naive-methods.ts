import { defineExperiment } from '../src/declaration.ts';

/** Which past value forecasts demand best: twelve variants at eight cutoffs. */
export default defineExperiment({
  name: 'naive-methods',
  variants: [
    {
      model: 'demand-naive',
      hyperparameters: { method: 'mean', window: [2, 3, 4, 6, 8, 10, 13, 17, 26] },
    },
    { model: 'demand-naive', hyperparameters: { method: 'seasonal', season: [26, 52] } },
    { model: 'demand-naive', hyperparameters: { method: 'last' } },
  ],
  cutoffs: { count: 8 },
  horizon: 6,
});
