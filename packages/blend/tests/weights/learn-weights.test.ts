import { SeededRandom } from '@hemline/evaluation/testing';
import { describe, expect, it } from 'vitest';
import { Gram } from '../../src/weights/gram.ts';
import { learnWeights, type GramCell } from '../../src/weights/learn-weights.ts';
import { normal } from '../fixtures/normal.ts';

const SEGMENTS = 2;

/** Rows of 4 blocks of weeks, 5 folds and 2 segments, whose members forecast as they are told. */
function cellsOf(
  rows: number,
  seed: number,
  forecast: (units: number, segment: number, noise: () => number) => readonly number[],
): GramCell[] {
  const random = new SeededRandom(seed);
  const noise = (): number => normal(random);
  const cells: GramCell[] = [];
  for (let block = 0; block < 4; block++)
    for (let fold = 0; fold < 5; fold++)
      for (let segment = 0; segment < SEGMENTS; segment++) {
        const first = forecast(1, segment, () => 0).length;
        const gram = new Gram(first);
        for (let row = 0; row < rows; row++) {
          const units = Math.max(0, 10 + 4 * noise());
          gram.add(1, units, forecast(units, segment, noise));
        }
        cells.push({ segment, block, fold, gram });
      }
  return cells;
}
const learners = (size: number): boolean[] => new Array<boolean>(size).fill(false);
const weightsOf = (cells: readonly GramCell[], size: number): number[][] =>
  learnWeights(learners(size), SEGMENTS, cells).bySegment.map((weights) => [...weights]);

describe('weights', () => {
  it('of members whose errors are alike are equal: what the rows happen to show is drawn to that', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const cells = cellsOf(20, seed, (units, _, noise) => [units + noise(), units + noise()]);
      for (const [first] of weightsOf(cells, 2)) expect(first).toBeCloseTo(0.5, 1);
    }
  });

  it('follow the precision of the errors', () => {
    // Variances 1 and 4: the best weights are 0.8 and 0.2.
    const cells = cellsOf(300, 1, (units, _, noise) => [units + noise(), units + 2 * noise()]);
    for (const [first] of weightsOf(cells, 2)) expect(Math.abs(first! - 0.8)).toBeLessThan(0.05);
  });

  it('of a member that is clearly worse and knows nothing more are 0', () => {
    const cells = cellsOf(50, 1, (units, _, noise) => {
      const good = units + noise();
      return [good, good + 5 * noise()];
    });
    for (const weights of weightsOf(cells, 2)) expect(weights).toEqual([1, 0]);
  });

  it('of a baseline are 0 where it is a little worse, and its own where it is clearly better', () => {
    const weightsFor = (baseline: number): number[] => {
      const cells = cellsOf(5, 3, (units, _, noise) => {
        const shared = noise();
        const others = [0.6, 0.6].map((own) => units + shared + own * noise());
        // Below 0: a baseline that knows what the others do not.
        return [baseline < 0 ? units : units + shared + baseline * noise(), ...others];
      });
      return [...learnWeights([true, false, false], SEGMENTS, cells).pooled];
    };
    expect(weightsFor(0.8)).toEqual([0, 0.5, 0.5]);
    expect(weightsFor(-1)[0]).toBe(1);
  });

  it('of a few articles that sell most do not follow what these did in one block of weeks', () => {
    // One article, in one fold, decides all sums: the first member was right about it by chance.
    const cells = cellsOf(5, 1, (units, _, noise) => [units + noise(), units + noise()]);
    for (const cell of cells.filter(({ fold }) => fold === 0))
      cell.gram.add(1, 1000, [990 + cell.block, 988 + cell.block]);
    const [first] = weightsOf(cells, 2);
    expect(first).toEqual([0.5, 0.5]);
  });

  it('differ by segment where that is worth it, and not where it is not', () => {
    const turned = cellsOf(100, 1, (units, segment, noise) => {
      const [a, b] = [units + noise(), units + 5 * noise()];
      return segment === 0 ? [a, b] : [b, a];
    });
    const [near, far] = weightsOf(turned, 2);
    expect(near![0]).toBeGreaterThan(0.9);
    expect(far![0]).toBeLessThan(0.1);
    const alike = cellsOf(20, 2, (units, _, noise) => [units + noise(), units + noise()]);
    const [one, other] = weightsOf(alike, 2);
    expect(one).toEqual(other);
  });

  it('are never worse than the best member beyond noise on rows that they have not seen', () => {
    let gained = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const scales = [1, 1 + 2 * random.uniform(), 1 + 2 * random.uniform()];
      const common = random.uniform() * 2;
      const make = (from: number): GramCell[] =>
        cellsOf(30, from, (units, _, noise) => {
          const shared = common * noise();
          return scales.map((scale) => units + shared + scale * noise());
        });
      const { bySegment } = learnWeights(learners(3), SEGMENTS, make(100 + seed));
      const fresh = make(1000 + seed);
      const loss = (weights: (segment: number) => Float64Array): number =>
        fresh.reduce((sum, { segment, gram }) => sum + gram.loss(weights(segment)), 0);
      const blend = loss((segment) => bySegment[segment]!);
      const best = Math.min(
        ...[0, 1, 2].map((member) => loss(() => Float64Array.from([0, 1, 2], (i) => Number(i === member)))),
      );
      expect(Math.sqrt(blend / best)).toBeLessThan(1.01);
      gained += Math.log(blend / best);
    }
    expect(gained).toBeLessThan(-0.5);
  });

  it('tell the error of the members exactly, and of the blend by rows it has not learnt from', () => {
    const cells = cellsOf(200, 3, (units, _, noise) => [units + noise(), units + noise()]);
    const { memberErrors, blendError, rows } = learnWeights(learners(2), SEGMENTS, cells);
    expect(rows).toEqual([4000, 4000]);
    // Noise of variance 1 on demand with a mean square of 116; half of that for the mean of two.
    for (const error of memberErrors) expect(error).toBeCloseTo(Math.sqrt(1 / 116), 2);
    expect(blendError / memberErrors[0]!).toBeCloseTo(Math.SQRT1_2, 1);
  });

  it('are equal without rows, and of a segment without rows those of all', () => {
    const none = learnWeights(learners(4), SEGMENTS, []);
    expect([...none.bySegment[0]!]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(none.blendError).toBeNaN();
    const first = cellsOf(50, 1, (units, _, noise) => [units + noise(), units + 3 * noise()]).filter(
      ({ segment }) => segment === 0,
    );
    const { bySegment, pooled } = learnWeights(learners(2), SEGMENTS, first);
    expect(bySegment[1]).toEqual(pooled);
  });
});
