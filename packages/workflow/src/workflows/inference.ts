import { APPROVED, forecast } from '../declaration/steps.ts';
import { workflow } from '../declaration/workflow.ts';

/** On new inference data: the latest approved version of every model forecasts. */
export const inference = workflow({
  name: 'inference',
  description: 'forecast with the latest approved version of every model',
  steps: { forecast: forecast({ model: APPROVED, cutoff: 'latest' }) },
});
