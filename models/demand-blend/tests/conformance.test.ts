import { loadMembers } from '@hemline/runtime';
import { testModel } from '@hemline/evaluation/testing';
import model from '../src/model.ts';

// The Transformer conforms by itself, and takes long; members.test.ts has all of them together.
testModel(model, {
  members: await loadMembers(model),
  hyperparameters: { ...model.presets['tiny'], parts: 'trees', heldOutWeeks: 6 },
  // The response to the price is told apart from what the planner saw.
  knownAtStart: ['stock'],
});
