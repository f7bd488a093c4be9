import { evaluate, register, train } from '../declaration/steps.ts';
import { workflow } from '../declaration/workflow.ts';

/**
 * On new training data. A model is scored on weeks that it has not seen, so it is trained twice: as of the week before them,
 * which is scored, and on all there is, which is registered.
 */
export const training = workflow({
  name: 'training',
  description: 'train every model, score it on weeks it has not seen, check it, register it',
  steps: {
    trainHeldOut: train({ cutoff: 'held-out' }),
    evaluate: evaluate({ model: 'trainHeldOut', cutoff: 'held-out' }),
    train: train({ cutoff: 'latest' }),
    register: register({ model: 'train', scores: 'evaluate' }),
  },
});
