import { chain } from '../declaration/workflow.ts';

/** The week: train what can be trained, then forecast with whatever is approved, and price that. */
export const weekly = chain({
  name: 'weekly',
  description: 'check the data, then training, then inference',
  chain: ['training', 'inference'],
});
