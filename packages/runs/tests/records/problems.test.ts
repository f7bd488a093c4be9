import { expect, it } from 'vitest';
import { reasonsOf } from '../../src/records/problems.ts';

const REASON =
  'AlgorithmError: the trees cannot be trained; found the library at /x cannot be loaded. It needs the OpenMP runtime, exit code: 78';
const at = '2026-01-05T00:00:00.000Z';

it('one reason, told by steps, by what stood in and by the model, is told once', () => {
  const problems = [
    { at, step: 'training/return-rate-trees: trainHeldOut', message: REASON },
    { at, step: 'training/return-rate-trees: train', message: REASON },
    {
      at,
      step: 'training/return-rate-trees: train',
      message: `return-rate-trees 1 stands in: trainHeldOut or train failed: ${REASON}`,
    },
    { at, step: null, message: `return-rate-trees: trainHeldOut or train failed: ${REASON}` },
  ];
  expect(reasonsOf({ problems }, ['return-rate-trees'])).toEqual([
    {
      model: 'return-rate-trees',
      text: 'the trees cannot be trained; found the library at /x cannot be loaded. It needs the OpenMP runtime',
    },
  ]);
});

it('different reasons stay apart, also of one model', () => {
  const problems = [
    { at, step: null, message: 'demand-naive: version 2 is pending: too large' },
    { at, step: null, message: 'demand-naive: it has no approved version: nothing forecasts' },
    { at, step: null, message: 'ended after the deadline' },
  ];
  expect(reasonsOf({ problems }, ['demand-naive']).map(({ model }) => model)).toEqual([
    ...['demand-naive', 'demand-naive', null],
  ]);
});

it('the same reason of two models is told of each', () => {
  const told = 'it has no approved version: nothing forecasts';
  const problems = ['demand-naive', 'return-time-average'].map((model) => ({
    ...{ at, step: null, message: `${model}: ${told}` },
  }));
  expect(reasonsOf({ problems }, ['demand-naive', 'return-time-average'])).toEqual([
    { model: 'demand-naive', text: told },
    { model: 'return-time-average', text: told },
  ]);
});
