import { describe, expect, it } from 'vitest';
import {
  Batch,
  addWeeks,
  dateColumn,
  float64Column,
  memoryTable,
  parseWeek,
  stringsToColumn,
  type Table,
} from '@hemline/core';
import { comparePast, rememberPast } from '../../src/artifacts/known-past.ts';

const CUTOFF = parseWeek('2026-03-30');
const WEEKS = 12;

/** Weekly rows of markets; what an article sells follows its name and the seed, a week after the cutoff included. */
function weekly(markets: readonly string[], articles: readonly string[], seed = 1, scale = 1): Table {
  const rows = markets.flatMap((market) =>
    articles.flatMap((article) =>
      Array.from({ length: WEEKS + 1 }, (_, at) => ({
        market,
        article,
        week: addWeeks(CUTOFF, at - WEEKS + 1),
      })),
    ),
  );
  const sold = ({ market, article, week }: (typeof rows)[number]): number => {
    let hash = seed;
    for (const letter of market + article) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
    return Math.round(scale * (1 + (Math.imul(hash, 2_654_435_761) >>> 20)) + (week % 5));
  };
  return memoryTable('weekly', [
    new Batch({
      article: stringsToColumn(rows.map(({ article }) => article)),
      market: stringsToColumn(rows.map(({ market }) => market)),
      week: dateColumn(Int32Array.from(rows, ({ week }) => week)),
      demand: float64Column(Float64Array.from(rows, sold)),
    }),
  ]);
}
const names = (count: number, prefix = 'a'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('the past that a model remembers', () => {
  it('is of eight weeks up to the cutoff, 32 series of each market at most, the same whatever the order', async () => {
    const past = await rememberPast(weekly(['DE', 'FR'], names(200)), CUTOFF);
    expect([past.from, past.until, past.markets]).toEqual(['2026-02-09', '2026-03-30', ['DE', 'FR']]);
    expect(Object.values(past.demand).map((series) => Object.keys(series).length)).toEqual([32, 32]);
    expect(await rememberPast(weekly(['FR', 'DE'], names(200).reverse()), CUTOFF)).toEqual(past);
  });

  it('is known again in the same data, corrected data, and a part of it', async () => {
    const past = await rememberPast(weekly(['DE', 'FR'], names(3000)), CUTOFF);
    for (const data of [
      weekly(['DE', 'FR'], names(3000)),
      weekly(['DE', 'FR'], names(3000), 1, 0.9),
      weekly(['FR'], names(3000)),
    ]) {
      const { expected, common, correlation, newMarkets } = await comparePast(past, data);
      expect([expected >= 32, common, newMarkets]).toEqual([true, expected, []]);
      expect(correlation).toBeGreaterThan(0.99);
    }
    // A file with a tenth of the articles has a tenth of the sample, and all of that.
    const part = await comparePast(
      past,
      weekly(
        ['DE', 'FR'],
        names(3000).filter((_, i) => i % 10 === 0),
      ),
    );
    expect(part.expected).toBeLessThan(20);
    expect(part.common).toBe(part.expected);
  });

  it('is not that of another market with the same names, nor of other articles', async () => {
    const past = await rememberPast(weekly(['DE'], names(200)), CUTOFF);
    expect(Math.abs((await comparePast(past, weekly(['DE'], names(200), 99))).correlation)).toBeLessThan(0.4);
    const others = await comparePast(past, weekly(['DE'], names(200, 'b')));
    expect([others.expected > 10, others.common]).toEqual([true, 0]);
  });

  it('names the markets that it has not seen', async () => {
    const past = await rememberPast(weekly(['DE'], names(50)), CUTOFF);
    const { newMarkets, expected } = await comparePast(past, weekly(['PL', 'AT'], names(50)));
    expect([newMarkets, expected]).toEqual([['AT', 'PL'], 0]);
  });
});
