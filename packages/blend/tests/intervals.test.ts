import { SeededRandom } from '@hemline/evaluation/testing';
import { describe, expect, it } from 'vitest';
import { Intervals, quantileAt } from '../src/intervals.ts';
import { normal } from './fixtures/normal.ts';

/** Counts around forecasts that are right, with a spread that grows with the weeks ahead. */
function rowsOf(count: number, seed: number): Parameters<typeof Intervals.learn>[0] {
  const random = new SeededRandom(seed);
  const rows = Array.from({ length: count }, () => {
    const level = Math.exp(2.2 + 1.2 * normal(random));
    const forecast = level * Math.exp(0.2 * normal(random));
    const weekAhead = 1 + Math.floor(8 * random.uniform());
    const sigma = 0.2 + 0.05 * weekAhead;
    const mean = forecast * Math.exp(sigma * normal(random) - (sigma * sigma) / 2);
    const actual = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
    return { weekAhead, level, forecast, actual };
  });
  return {
    weekAhead: rows.map((row) => row.weekAhead),
    level: rows.map((row) => row.level),
    forecast: rows.map((row) => row.forecast),
    actual: rows.map((row) => row.actual),
  };
}

describe('quantiles', () => {
  it('hold what they say on fresh rows: overall, near and far, for slow and fast sellers', () => {
    const intervals = Intervals.learn(rowsOf(20_000, 1));
    const fresh = rowsOf(20_000, 2);
    const groups: [string, (row: number) => boolean, number][] = [
      ['all', () => true, 0.03],
      ['near', (row) => fresh.weekAhead[row]! <= 2, 0.06],
      ['far', (row) => fresh.weekAhead[row]! >= 7, 0.06],
      ['fast', (row) => fresh.level[row]! > 20, 0.06],
    ];
    for (const [name, isIn, within] of groups) {
      const below = [0, 0, 0];
      let rows = 0;
      for (let row = 0; row < fresh.actual.length; row++) {
        if (!isIn(row)) continue;
        rows++;
        const { spread, scores } = intervals.of(fresh.weekAhead[row]!, fresh.level[row]!);
        scores.forEach((score, i) => {
          below[i]! += Number(fresh.actual[row]! <= quantileAt(fresh.forecast[row]!, spread, score));
        });
      }
      [0.1, 0.5, 0.9].forEach((share, i) =>
        expect(Math.abs(below[i]! / rows - share), `${name} ${share}`).toBeLessThan(within),
      );
    }
  });

  it('rise with the forecast, and with the share', () => {
    const intervals = Intervals.learn(rowsOf(2000, 3));
    for (const weekAhead of [1, 4, 26])
      for (const level of [0, 1, 5, 100]) {
        const { spread, scores } = intervals.of(weekAhead, level);
        for (const score of scores) {
          let before = 0;
          for (let demand = 0; demand < 60; demand += 0.05) {
            const found = quantileAt(demand, spread, score);
            expect(found).toBeGreaterThanOrEqual(before);
            before = found;
          }
        }
        expect([...scores].sort((a, b) => a - b)).toEqual(scores);
      }
  });

  it('are the same after a way through JSON, and are there without any row', () => {
    const intervals = Intervals.learn(rowsOf(2000, 4));
    const again = Intervals.fromJson(JSON.parse(JSON.stringify(intervals.toJson())));
    expect(again.of(3, 7)).toEqual(intervals.of(3, 7));
    const none = Intervals.learn({ weekAhead: [], level: [], forecast: [], actual: [] });
    const { spread, scores } = none.of(9, 1);
    expect(scores.map((score) => quantileAt(10, spread, score))).toEqual([
      expect.closeTo(2.4, 0),
      10,
      expect.closeTo(17.6, 0),
    ]);
  });
});
