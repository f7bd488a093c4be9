import { testModel } from '@hemline/evaluation/testing';
import { curvedModel } from './fixtures/curved-model.ts';
import { flatModel } from './fixtures/flat-model.ts';
import { blendOf } from './fixtures/blend-of.ts';

const members = [flatModel, curvedModel(), curvedModel({ name: 'steep', steepness: 1.5, holdsOut: false })];

for (const member of members.slice(1)) testModel(member);

testModel(blendOf(members), {
  members: new Map(members.map((member) => [member.name, member])),
  hyperparameters: { heldOutWeeks: 6, origins: 2 },
  // The response to the price is told apart from what the planner saw.
  knownAtStart: ['stock'],
});
