import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnAt } from '../../src/output/schemas.ts';
import { simulateMarket } from '../../src/simulate-market.ts';
import { articlesOf, readTable } from '../read-simulation.ts';
import {
  CLEARANCE_LOTS,
  drawLotUnits,
  expectedResidual,
  residualShare,
} from '../../src/money/residual-value.ts';
import { beginPlay, type MarketPlay } from '../../src/play/market-play.ts';
import type { PlayTruth } from '../../src/play/play-truth.ts';
import type { PlayedWeek } from '../../src/play/shop.ts';
import { randomStream, STREAMS } from '../../src/random/stream.ts';
import { anyLevels, playAll, total, WORLDS, type WorldOptions } from './worlds.ts';

const MARKET = { articles: 150, markets: 2, weeks: 40, played: 18, runOut: 20, seed: 9 };
const ANY = { salt: 17, follow: 1 };
const AHEAD = 6;

/** One play at any prices, with what was told before each week. */
function playTold(world: WorldOptions): Told {
  const play = beginPlay({ ...MARKET, ...world });
  const [told, weeks, cameIn]: [PlayTruth[], PlayedWeek[], Float64Array[]] = [[], [], []];
  while (play.weeksLeft > 0) {
    told.push(play.truth(AHEAD));
    weeks.push(play.price(anyLevels(ANY, play)));
    cameIn.push(play.units().cameIn);
  }
  return { play, told, weeks, cameIn };
}

interface Told {
  readonly play: MarketPlay;
  readonly told: PlayTruth[];
  readonly weeks: PlayedWeek[];
  /** Units in stock at the beginning or delivered up to each week. */
  readonly cameIn: Float64Array[];
}

/** Deviations of draws from what was told `t` weeks ahead, each in standard deviations. */
function deviations(told: PlayTruth[], weeks: PlayedWeek[], levels: number, t: number): number[] {
  const found: number[] = [];
  for (let week = t; week < weeks.length; week++) {
    const { demand, dispersion, weeks: T } = told[week - t]!;
    weeks[week]!.level.forEach((level, n) => {
      if (level === -1) return;
      const mean = demand[(n * T + t) * levels + level]!;
      const variance = mean + dispersion[n * T + t]! * mean * mean;
      found.push((weeks[week]!.demand[n]! - mean) / Math.sqrt(variance));
    });
  }
  return found;
}

/** Weeks of one series share their noise: as many draws are worth fewer independent ones. */
const LIKE_ONE = 3;

describe('the truth about demand', () => {
  // Where articles compete, what rivals give later is not known: only the first week is exact, at the levels they keep.
  it.each(WORLDS.filter(([, world]) => world.competition === undefined))(
    'is what is drawn on average, and scatters as told: %s',
    (_, world) => {
      const { play, told, weeks } = playTold(world);
      for (const t of [0, 4]) {
        const found = deviations(told, weeks, play.discounts.length, t);
        expect(found.length).toBeGreaterThan(1000);
        const error = Math.sqrt((t === 0 ? 1 : LIKE_ONE) / found.length);
        expect(Math.abs(total(found) / found.length)).toBeLessThan(3.5 * error);
        const variance = total(found.map((value) => value ** 2)) / found.length;
        expect(variance).toBeGreaterThan(0.85);
        expect(variance).toBeLessThan(1.15);
      }
    },
  );

  it('holds the prices of rivals as they are: exact in a week in which they stay', () => {
    const play = beginPlay({ ...MARKET, competition: 0.6 });
    const hold = (): Int8Array => play.situation().level.map((level) => Math.max(0, level));
    const found: number[] = [];
    while (play.weeksLeft > 0) {
      const level = hold();
      const told = play.truth(1);
      found.push(...deviations([told], [play.price(level)], play.discounts.length, 0));
    }
    expect(found.length).toBeGreaterThan(1000);
    expect(Math.abs(total(found) / found.length)).toBeLessThan(3.5 / Math.sqrt(found.length));
  });

  it('never falls with the discount, and begins and ends with the time on sale', () => {
    for (const [, world] of WORLDS) {
      const play = beginPlay({ ...MARKET, ...world });
      const { demand, begin, end, weeks } = play.truth(30);
      const L = play.discounts.length;
      play.article.forEach((_, n) => {
        for (let t = 0; t < weeks; t++) {
          const levels = demand.subarray((n * weeks + t) * L, (n * weeks + t + 1) * L);
          const isOn = t >= begin[n]! && t < end[n]!;
          expect(levels.every((units) => (isOn ? units > 0 : units === 0))).toBe(true);
          expect(levels.every((units, level) => level === 0 || units >= levels[level - 1]!)).toBe(true);
        }
      });
    }
  });

  it('of the weeks after the play is what the tables of a simulation say of its plan', async () => {
    const options = { ...MARKET, articles: 40, aging: 0.5 };
    const { played, runOut, ...market } = options;
    const folder = mkdtempSync(join(tmpdir(), 'market-truth-'));
    try {
      const out = join(folder, 'market');
      await simulateMarket({ ...market, weeks: market.weeks + played, planWeeks: runOut, out });
      const play = beginPlay(options);
      playAll(play, () => play.situation().plannerLevel);
      const { demand, weeks } = play.truth(runOut);
      const L = play.discounts.length;
      let compared = 0;
      for (const [m, market] of play.markets.entries()) {
        const table = await readTable(out, `truth/demand/market=${market}`);
        const columns = Array.from(play.discounts, (level) => table.floats(columnAt('demand', level)));
        articlesOf(table).forEach((article, row) => {
          const t = (table.weeks('week')[row]! - play.week) / 7;
          if (t < 0) return;
          const n = play.articles.indexOf(article) * play.markets.length + m;
          for (let level = 0; level < L; level++) {
            const expected = columns[level]![row]! * table.floats('noise')[row]!;
            expect(demand[(n * weeks + t) * L + level]! / expected).toBeCloseTo(1, 5);
            compared++;
          }
        });
      }
      expect(compared).toBe(demand.filter((units) => units > 0).length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('looks no further than the market goes', () => {
    const play = beginPlay({ ...MARKET, articles: 20, runOut: 4 });
    const { end } = play.truth(100);
    expect(Math.max(...end)).toBe(MARKET.played + 4);
  });
});

describe('the truth about units and money', () => {
  const { play, told, weeks, cameIn } = playTold({});
  const first = told[0]!;

  it('tells how many units come back', () => {
    let [expected, back] = [0, 0];
    for (const [week, { level, sales, comingBack }] of weeks.entries())
      level.forEach((at, n) => {
        if (at === -1) return;
        expected += sales[n]! * told[week]!.returnRate[n * play.discounts.length + at]!;
        back += comingBack[n]!;
      });
    expect(back).toBeGreaterThan(3000);
    expect(Math.abs(back - expected)).toBeLessThan(3.5 * Math.sqrt(expected / 2));
  });

  it('expects of units on their way what then arrives', () => {
    // In the week after the next there also comes back what is sold until then, at once or after a week.
    let [expected, arrived] = [0, 0];
    for (let week = 0; week + 1 < weeks.length; week++) {
      const { arrivals, returnLag, lags, weeks: T } = told[week]!;
      const [sold, next] = [weeks[week]!, weeks[week + 1]!];
      play.article.forEach((_, n) => {
        const delivered = cameIn[week + 1]![n]! - cameIn[week]![n]!;
        const own = (of: PlayedWeek, lag: number): number => of.comingBack[n]! * returnLag[n * lags + lag]!;
        expected += arrivals[n * T + 1]! - delivered + own(sold, 1) + own(next, 0);
        arrived += next.returned[n]!;
      });
    }
    expect(arrived).toBeGreaterThan(3000);
    expect(Math.abs(arrived - expected)).toBeLessThan(3.5 * Math.sqrt(expected));
  });

  it('tells what shipping and returning cost', () => {
    for (const [cost, part, units] of [
      ['shippingCost', 'shipping', 'sales'],
      ['returnCost', 'returnCost', 'returned'],
    ] as const) {
      let [expected, paid, variance] = [0, 0, 0];
      for (const week of weeks)
        week[units].forEach((count, n) => {
          expected += count * first[cost][n]!;
          variance += count * (0.25 * first[cost][n]!) ** 2;
          paid += week.account.bySeries[part][n]! / 100;
        });
      expect(expected).toBeGreaterThan(1000);
      // The cost of few units is cut off below, which makes it a little dearer.
      expect(Math.abs(paid - expected)).toBeLessThan(3.5 * Math.sqrt(variance) + 0.001 * expected);
    }
  });

  it('tells what lots bring for a unit that is left', () => {
    const residual = { share: 0.4, decay: 0.03 };
    const random = randomStream(1, STREAMS.series, 1);
    for (const from of [0, 3, 9, 15]) {
      let worth = 0;
      const UNITS = 100_000;
      let left = UNITS;
      for (const lot of CLEARANCE_LOTS) {
        if (lot.weeksAfter < from) continue;
        const units = drawLotUnits(random, lot, left);
        worth += units * residualShare(residual, lot.weeksAfter);
        left -= units;
      }
      expect(left).toBe(0);
      expect(worth / UNITS).toBeCloseTo(expectedResidual(residual, from), 3);
    }
    expect([...first.residual].every((share) => share > 0 && share < 0.6)).toBe(true);
  });
});
