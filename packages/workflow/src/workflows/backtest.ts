import { evaluate, forecast, train } from '../declaration/steps.ts';
import { workflow } from '../declaration/workflow.ts';

/** The path of inference over past cutoffs, each with a model that knew no more than was known then. */
export const backtest = workflow({
  name: 'backtest',
  description: 'train, forecast and score every model as of past weeks',
  perCutoff: true,
  steps: {
    train: train({ cutoff: 'each' }),
    forecast: forecast({ model: 'train', cutoff: 'each' }),
    evaluate: evaluate({ model: 'train', cutoff: 'each' }),
  },
});
