import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeriesState, type SeriesState } from '../../src/series/series-state.ts';
import { demandAlone, expectedDemand, meetRivals } from '../../src/series/week-demand.ts';

const LIFT = [0, 0.3, 0.8, 1.5];

function rival(undiscounted: number, competition: number): SeriesState {
  const series = createSeriesState(LIFT.length, 1);
  series.lift.set(LIFT);
  series.record.undiscounted[0] = undiscounted;
  series.record.aging[0] = 1;
  series.competition = competition;
  series.parameters = { response: { campaignBoost: 0 } } as SeriesState['parameters'];
  return series;
}

function group(bases: readonly number[], levels: readonly number[], competition: number): SeriesState[] {
  const rivals = bases.map((base) => rival(base, competition));
  rivals.forEach(({ record }, i) => (record.level[0] = levels[i]!));
  meetRivals(
    rivals,
    () => 0,
    ({ record }) => record.level[0]!,
  );
  return rivals;
}

const now = (series: SeriesState): number => expectedDemand(series, 0, series.record.level[0]!);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const anyGroup = fc
  .array(fc.tuple(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.nat(LIFT.length - 1)), {
    minLength: 1,
    maxLength: 6,
  })
  .map((articles) => ({ bases: articles.map(([base]) => base), levels: articles.map(([, level]) => level) }));
const anyShare = fc.double({ min: 0.01, max: 0.95, noNaN: true });

describe('articles that compete', () => {
  it('sell as if alone where none has a discount', () => {
    fc.assert(
      fc.property(anyGroup, anyShare, ({ bases }, share) => {
        group(
          bases,
          bases.map(() => 0),
          share,
        ).forEach((one, i) => expect(now(one)).toBeCloseTo(bases[i]!, 9));
      }),
    );
  });

  it('share what discounts bring the group: D^(1 − share) · B^share in all', () => {
    fc.assert(
      fc.property(anyGroup, anyShare, ({ bases, levels }, share) => {
        const rivals = group(bases, levels, share);
        const alone = sum(rivals.map((one) => demandAlone(one, 0, one.record.level[0]!)));
        const total = sum(rivals.map(now));
        expect(total / (alone ** (1 - share) * sum(bases) ** share)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('take demand from each other, and never lose by a discount of their own', () => {
    fc.assert(
      fc.property(anyGroup, anyShare, ({ bases, levels }, share) => {
        fc.pre(bases.length > 1 && levels[0]! < LIFT.length - 1);
        const before = group(bases, levels, share);
        const after = group(bases, [levels[0]! + 1, ...levels.slice(1)], share);
        expect(now(after[0]!)).toBeGreaterThan(now(before[0]!));
        expect(now(after[0]!)).toBeCloseTo(expectedDemand(before[0]!, 0, levels[0]! + 1), 6);
        for (let i = 1; i < bases.length; i++) expect(now(after[i]!)).toBeLessThan(now(before[i]!));
      }),
    );
  });
});
