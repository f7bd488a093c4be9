import { expect, it } from 'vitest';
import { LiftScore } from '../../src/metrics/lift-score.ts';

it('tells how far lifts are off on average, and whether they are in the right order', () => {
  const score = new LiftScore([0.1, 0.3]);
  // At 10 % all 20 % too high and in order; at 30 % right on average, and the wrong way round.
  score.add([0.12, 0.9], [0.1, 0.3]);
  score.add([0.24, 0.6], [0.2, 0.6]);
  score.add([0.36, 0.3], [0.3, 0.9]);
  const metrics = score.metrics();
  expect(metrics['liftBias10']).toBeCloseTo(0.2, 12);
  expect(metrics['liftCorrelation10']).toBeCloseTo(1, 12);
  expect(metrics['liftBias30']).toBeCloseTo(0, 12);
  expect(metrics['liftCorrelation30']).toBeCloseTo(-1, 12);
  expect(metrics['liftBias']).toBeCloseTo(0.1, 12);
  expect(metrics['liftCorrelation']).toBeCloseTo(0, 12);
});

it('has no correlation where all series are forecast the same, and nothing without curves', () => {
  const score = new LiftScore([0.5]);
  expect(score.metrics()).toEqual({});
  score.add([1], [0.9]);
  score.add([1], [1.1]);
  expect(score.metrics()['liftCorrelation']).toBeNaN();
  expect(score.metrics()['liftBias']).toBeCloseTo(0, 12);
});
