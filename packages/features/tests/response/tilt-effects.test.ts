import { Batch, stringsToColumn } from '@hemline/core';
import { expect, it } from 'vitest';
import type { ResponseCurve } from '../../src/response/response-curve.ts';
import { tiltEffects } from '../../src/response/tilt-effects.ts';
import { SeededRandom } from '../support/random.ts';

const [ARTICLES, WEEKS] = [80, 40];
const SERIES = 2 * ARTICLES;

/** Two markets an article. What the price pulls scatters; how strongly each half of the weeks follows it is given. */
function curveOf(seed: number, tilt: (article: number, half: number) => number): ResponseCurve {
  const random = new SeededRandom(seed);
  const length = SERIES * WEEKS;
  const pull = Float64Array.from({ length }, () => random.normal());
  const rest = pull.map((one, row) => {
    const [series, week] = [Math.floor(row / WEEKS), row % WEEKS];
    return tilt(series >> 1, week < WEEKS / 2 ? 0 : 1) * one + random.normal();
  });
  return {
    ...{ slopes: new Float64Array(5), covariance: new Float64Array(25), dispersion: 1, pull, rest },
    rows: Uint32Array.from({ length }, (_, row) => row),
    weights: new Float64Array(length).fill(1),
    means: new Float64Array(length).fill(1),
  };
}

/** What each article has of its own. */
function ownEffects(seed: number, tilt: (article: number, half: number) => number): Float64Array {
  const names = Array.from({ length: SERIES }, (_, series) => `a${series >> 1}`);
  const series = new Batch({
    article: stringsToColumn(names),
    market: stringsToColumn(names.map((_, at) => (at % 2 === 0 ? 'DE' : 'AT'))),
  });
  const offsets = Uint32Array.from({ length: SERIES + 1 }, (_, at) => at * WEEKS);
  const { effects } = tiltEffects(series, offsets, curveOf(seed, tilt), ['article', 'market']);
  return effects.find(({ index }) => index.columns.join() === 'article')!.effect;
}

const drawn = (seed: number): Float64Array => {
  const random = new SeededRandom(100 + seed);
  return Float64Array.from({ length: 2 * ARTICLES }, () => 0.5 * random.normal());
};
const size = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, one) => sum + one * one, 0) / values.length);

it.each([1, 2, 3])('what comes again in the other half of the weeks counts in full (seed %i)', (seed) => {
  const tilts = drawn(seed);
  const effects = ownEffects(seed, (article) => tilts[article]!);
  effects.forEach((effect, article) => expect(Math.abs(effect - tilts[article]!)).toBeLessThan(0.5));
  expect(size(effects)).toBeGreaterThan(0.4);
});

it.each([1, 2, 3])('what does not counts for nothing, however strong it is (seed %i)', (seed) => {
  const tilts = drawn(seed);
  expect(size(ownEffects(seed, (article, half) => tilts[2 * article + half]!))).toBeLessThan(0.1);
});

/** What groups of two articles have in common, in series of both markets. */
function groupEffects(seed: number, tilt: (article: number, half: number) => number): Float64Array {
  const names = Array.from({ length: SERIES }, (_, series) => `a${series >> 1}`);
  const series = new Batch({
    article: stringsToColumn(names),
    market: stringsToColumn(names.map((_, at) => (at % 2 === 0 ? 'DE' : 'AT'))),
    group: stringsToColumn(names.map((_, at) => `g${at >> 2}`)),
  });
  const offsets = Uint32Array.from({ length: SERIES + 1 }, (_, at) => at * WEEKS);
  const { effects } = tiltEffects(series, offsets, curveOf(seed, tilt), ['article', 'group']);
  return effects.find(({ index }) => index.columns.join() === 'group')!.effect;
}

it.each([1, 2, 3])('what the articles of a group have in common counts (seed %i)', (seed) => {
  const tilts = drawn(seed);
  expect(size(groupEffects(seed, (article) => tilts[article >> 1]!))).toBeGreaterThan(0.35);
});

it.each([1, 2, 3])(
  'what each of them has of its own, now and then, is not taken for what they have in common (seed %i)',
  (seed) => {
    const tilts = drawn(seed);
    expect(size(groupEffects(seed, (article, half) => tilts[2 * article + half]!))).toBeLessThan(0.1);
  },
);
