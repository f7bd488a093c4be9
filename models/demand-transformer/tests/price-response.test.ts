import { Batch, stringsToColumn } from '@hemline/core';
import { CURVE_SLOPES, demandAt } from '@hemline/features';
import { loadTensorflow, NetworkContext, ParameterLayout, type Tensor } from '@hemline/tensor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdjustedHistory, ADJUSTED_NUMBERS } from '../src/adjusted-history.ts';
import { PriceResponse } from '../src/price-response.ts';
import { startingSlopes } from '../src/starting-response.ts';

const { tf } = await loadTensorflow();
const [SIZE, WEEKS] = [3, 8];

/** Parameters at random, and a context of them. */
function contextOf(layout: ParameterLayout): NetworkContext {
  const vector = tf.randomNormal([layout.size], 0, 1, 'float32', 5);
  return new NetworkContext(tf, layout.unpack(tf, vector));
}

describe('AdjustedHistory', () => {
  it('finds the level behind demand that follows the curve, whatever the prices', () => {
    const layout = new ParameterLayout();
    const history = new AdjustedHistory(layout);
    const context = contextOf(layout);
    const reach = tf.randomUniform([SIZE, WEEKS, CURVE_SLOPES], -0.3, 0.6, 'float32', 1);
    const slopes = tf.randomUniform([SIZE, 1, CURVE_SLOPES], 0, 2, 'float32', 2);
    const known = tf.cast(tf.greater(tf.randomUniform([SIZE, WEEKS, 1], 0, 1, 'float32', 3), 0.3), 'float32');
    const level = tf.tensor([-0.7, 0.2, 1.1], [SIZE, 1, 1]);
    const demand = tf.mul(known, tf.add(level, tf.sum(tf.mul(reach, slopes), -1, true)));
    const { numbers, recent } = history.call(context, { demand, known, reach }, slopes);
    expect(numbers.shape).toEqual([SIZE, WEEKS, ADJUSTED_NUMBERS]);
    const [adjusted, isKnown, levels, found] = [numbers, known, level, recent].map((x) => x.dataSync()) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (let cell = 0; cell < SIZE * WEEKS; cell++) {
      const wanted = isKnown[cell]! * levels[Math.floor(cell / WEEKS)]!;
      expect(adjusted[cell * ADJUSTED_NUMBERS]).toBeCloseTo(wanted, 5);
    }
    // Between nothing and the level, as weeks of before count too; the same share of it for like weeks.
    found.forEach((value, i) => {
      expect(value / levels[i]!).toBeGreaterThan(0);
      expect(value / levels[i]!).toBeLessThan(1);
    });
  });

  it('says nothing of series without a history', () => {
    const layout = new ParameterLayout();
    const history = new AdjustedHistory(layout);
    const none = tf.zeros([1, WEEKS, 1]);
    const past = { demand: none, known: none, reach: tf.zeros([1, WEEKS, CURVE_SLOPES]) };
    const { numbers, recent } = history.call(contextOf(layout), past, tf.ones([1, 1, CURVE_SLOPES]));
    expect([...numbers.dataSync(), ...recent.dataSync()].every((value) => value === 0)).toBe(true);
  });
});

describe('PriceResponse', () => {
  const layout = new ParameterLayout();
  const response = new PriceResponse(layout, { planned: 4, numbers: 2, categories: [5, 3] });
  const values = (x: Tensor): Float32Array => x.dataSync() as Float32Array;
  const codes = [tf.tensor([1, 4, 1], [SIZE], 'int32'), tf.tensor([2, 0, 2], [SIZE], 'int32')];
  /** Two attributes, and two numbers that tell how much is known of the series. */
  const statics = tf.randomNormal([SIZE, 4], 0, 1, 'float32', 8);

  /** Slopes that all series begin with, before softplus. */
  const start = tf.fill([SIZE, CURVE_SLOPES], -0.3);

  it('has slopes that are never negative, and steeper ones in all segments for a larger tilt', () => {
    const context = contextOf(layout);
    const slopesOf = (tilt: number): Float32Array =>
      values(response.slopes(context, start, tf.fill([SIZE, 1, 1], tilt)));
    fc.assert(
      fc.property(
        fc.float({ min: -60, max: 60, noNaN: true }),
        fc.float({ min: 0, max: 20, noNaN: true }),
        (tilt, more) => {
          const [less, steeper] = [slopesOf(tilt), slopesOf(tilt + more)];
          // Within the last bits of 32.
          return less.every(
            (slope, k) => slope >= 0 && Number.isFinite(slope) && steeper[k]! >= slope * (1 - 1e-5),
          );
        },
      ),
      { seed: 7, numRuns: 100 },
    );
  });

  it('has a tilt for each value of each attribute, whatever is known of past demand', () => {
    const context = contextOf(layout);
    const tilts = values(response.tiltOfSeries(context, codes, statics));
    const known = tf.add(statics, tf.tensor([0, 0, 3, -2], [1, 4]));
    expect([...values(response.tiltOfSeries(context, codes, known))]).toEqual([...tilts]);
    const swapped = [tf.tensor([1, 3, 1], [SIZE], 'int32'), codes[1]!];
    const others = values(response.tiltOfSeries(context, swapped, statics));
    expect([...others].map((tilt, i) => tilt === tilts[i])).toEqual([true, false, true]);
  });

  it('adds the tilt of a week to that of its series', () => {
    const context = contextOf(layout);
    const planned = tf.randomNormal([SIZE, 3, 4], 0, 1, 'float32', 9);
    const ofSeries = response.tiltOfSeries(context, codes, statics);
    const both = response.tiltOfWeeks(context, ofSeries, planned);
    const alone = response.tiltOfWeeks(context, tf.zerosLike(ofSeries), planned);
    expect(both.shape).toEqual([SIZE, 3, 1]);
    const own = values(ofSeries);
    values(both).forEach((value, i) =>
      expect(value).toBeCloseTo(values(alone)[i]! + own[Math.floor(i / 3)]!, 5),
    );
  });

  it('gives all weeks the same shape, which later ones teach less', () => {
    const vector = tf.randomNormal([layout.size], 0, 1, 'float32', 5);
    const near = 2;
    const tilts = tf.fill([SIZE, 4, 1], 0.7);
    const slopesOf = (parameters: Tensor): Tensor =>
      response.slopesOfWeeks(new NetworkContext(tf, layout.unpack(tf, parameters)), start, tilts, near);
    const context = new NetworkContext(tf, layout.unpack(tf, vector));
    expect([...values(slopesOf(vector))]).toEqual([...values(response.slopes(context, start, tilts))]);
    const taught = [0, 1, 2, 3].map((week) =>
      values(
        tf.grad((parameters) =>
          tf.sum(tf.slice(slopesOf(parameters), [0, week, 0], [SIZE, 1, CURVE_SLOPES])),
        )(vector),
      ),
    );
    const [first] = taught as [Float32Array];
    expect(first.filter((gradient) => gradient > 0)).toHaveLength(CURVE_SLOPES);
    [1, 1, 0.3, 0.3].forEach((share, week) =>
      first.forEach((gradient, i) => expect(taught[week]![i]).toBeCloseTo(share * gradient, 5)),
    );
  });

  it('begins with the lift that a series is given, at the usual price', () => {
    const series = new Batch({ article: stringsToColumn(['a', 'b', 'c']) });
    // By segment of the discount: steep at first, one that does not answer at all, one of elasticity 2.
    const given = [
      [4, 3, 2, 1, 0.5],
      [0, 0, 0, 0, 0],
      [2, 2, 2, 2, 2],
    ];
    const slopes = startingSlopes(series, { slopesOf: () => Float64Array.from(given.flat()) });
    const begun = new NetworkContext(tf, layout.unpack(tf, tf.zeros([layout.size])));
    const found = values(
      response.slopes(begun, tf.tensor(slopes, [SIZE, CURVE_SLOPES]), tf.zeros([SIZE, 1, 1])),
    );
    const knots = [0, 0.1, 0.2, 0.35, 0.55, 1.2];
    given.forEach((own, one) => {
      const curve = Float64Array.of(0, 0, ...found.slice(one * CURVE_SLOPES, (one + 1) * CURVE_SLOPES));
      let wanted = 0;
      knots.slice(1).forEach((depth, k) => {
        wanted += own[k]! * (depth - knots[k]!);
        const lift = Math.log(demandAt(curve, 0, 1 - Math.exp(-depth)));
        // A series that does not answer keeps slopes that can be learnt.
        expect(Math.abs(lift - wanted)).toBeLessThan(own[k] === 0 ? 0.03 : 1e-5);
      });
    });
    expect(startingSlopes(series)).toEqual(new Float32Array(SIZE * CURVE_SLOPES).fill(Math.fround(-0.3)));
  });
});
