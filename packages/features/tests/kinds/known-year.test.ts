import { describe, expect, it } from 'vitest';
import { FeatureSet, knownYear, saleEvent, weeksSinceLaunch, yearWaves } from '../../src/index.ts';

const FEATURES = new FeatureSet([
  ...yearWaves(2),
  saleEvent({ name: 'easter', measure: 'to', limit: 4 }),
  weeksSinceLaunch(),
]);

describe('the year', () => {
  it('is left out where it is not known twice, and nothing else', () => {
    expect(knownYear(FEATURES, 103).names).toEqual(FEATURES.names.slice(4));
  });

  it('stays where it is', () => {
    expect(knownYear(FEATURES, 104)).toBe(FEATURES);
  });
});
