import { APPROVED, forecast, optimise } from '../declaration/steps.ts';
import { workflow } from '../declaration/workflow.ts';

/** On new inference data: the latest approved version of every model forecasts, and the forecasts are priced. */
export const inference = workflow({
  name: 'inference',
  description: 'forecast with the latest approved version of every model, and price the forecasts',
  steps: {
    forecast: forecast({ model: APPROVED, cutoff: 'latest' }),
    optimise: optimise({ forecasts: 'forecast' }),
  },
});
