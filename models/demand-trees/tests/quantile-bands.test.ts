import { SeededRandom } from '@hemline/evaluation/testing';
import { expect, it } from 'vitest';
import { QuantileBands } from '../src/quantile-bands.ts';

const SHARES = [0.1, 0.5, 0.9];

/** Forecasts, and demand around them whose scatter grows with the distance and shrinks with the size. */
function outcomes(rows: number, seed: number): Parameters<typeof QuantileBands.fit>[0] {
  const random = new SeededRandom(seed);
  const forecast = Float64Array.from({ length: rows }, () => Math.exp(4 * random.uniform()));
  const weeksAhead = Int32Array.from({ length: rows }, () => 1 + random.below(8));
  const actual = forecast.map((mean, row) => {
    const scatter = (0.2 + 0.1 * weeksAhead[row]!) * (1 + 2 / mean);
    return mean * Math.exp(scatter * (random.uniform() + random.uniform() + random.uniform() - 1.5));
  });
  return { forecast, actual, weeksAhead };
}

it('holds as much of new demand as it says, near and far, of small and large forecasts', () => {
  const bands = QuantileBands.fit(outcomes(4000, 1), SHARES);
  const fresh = outcomes(20_000, 2);
  const held = (where: (row: number) => boolean, share: number): number => {
    const rows = [...fresh.forecast.keys()].filter(where);
    const below = rows.filter(
      (row) =>
        fresh.actual[row]! <=
        fresh.forecast[row]! * bands.ratio(fresh.weeksAhead[row]!, fresh.forecast[row]!, share),
    );
    return below.length / rows.length;
  };
  SHARES.forEach((wanted, share) => {
    // Four standard errors of the smallest part's outcomes, and some for the bands' width.
    for (const where of [
      () => true,
      (row: number) => fresh.weeksAhead[row]! <= 2,
      (row: number) => fresh.weeksAhead[row]! > 5,
      (row: number) => fresh.forecast[row]! < 5,
      (row: number) => fresh.forecast[row]! > 20,
    ])
      expect(Math.abs(held(where, share) - wanted)).toBeLessThan(0.05);
  });
});

it('is the same after it was saved, and says something where nothing was held out', () => {
  const bands = QuantileBands.fit(outcomes(500, 3), SHARES);
  const again = QuantileBands.parse(JSON.parse(JSON.stringify(bands.toJson())));
  for (const size of [0, 0.3, 4, 50, 1e6]) expect(again.ratio(3, size, 1)).toBe(bands.ratio(3, size, 1));
  const none = { forecast: new Float64Array(), actual: new Float64Array(), weeksAhead: new Int32Array() };
  const blind = QuantileBands.fit(none, SHARES);
  const ratios = SHARES.map((_, share) => blind.ratio(4, 7, share));
  expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
  expect(ratios[0]!).toBeGreaterThan(0);
});
