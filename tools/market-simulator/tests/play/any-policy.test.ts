import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginPlay, restorePlay, type MarketPlay } from '../../src/play/market-play.ts';
import type { PlayOptions } from '../../src/play/play-options.ts';
import type { Amounts } from '../../src/play/account.ts';
import { anyLevels, anyPolicy, playAll, total, WORLDS } from './worlds.ts';

const MARKET: PlayOptions = { articles: 12, markets: 3, weeks: 40, played: 14, runOut: 20 };
const anyWorld = fc.constantFrom(...WORLDS.map(([, world]) => world));
const anySeed = fc.nat(10_000);

/** Units that are nowhere: 0 for every stock. */
function lost(play: MarketPlay, isPooled: boolean): number[] {
  const { cameIn, sold, returned, left } = play.units();
  const missing = new Map<number, number>();
  cameIn.forEach((units, n) => {
    const stock = isPooled ? play.article[n]! : n;
    missing.set(stock, (missing.get(stock) ?? 0) + units - sold[n]! - left[n]! + returned[n]!);
  });
  return [...missing.values()];
}

describe('whatever is priced', () => {
  it('no unit is lost or made, in any stock and week', () => {
    fc.assert(
      fc.property(anyWorld, anySeed, anyPolicy, (world, seed, policy) => {
        const play = beginPlay({ ...MARKET, ...world, seed });
        const isPooled = world.pool === true;
        const sold = new Float64Array(play.article.length);
        while (play.weeksLeft > 0) {
          const { onSale, stock } = play.situation();
          const { demand, sales, level } = play.price(anyLevels(policy, play));
          sales.forEach((units, n) => {
            sold[n]! += units;
            expect(Number.isInteger(units)).toBe(true);
            expect(units).toBeLessThanOrEqual(Math.min(demand[n]!, stock[n]!));
            expect(level[n] === -1).toBe(onSale[n] === 0);
          });
          expect(lost(play, isPooled).every((units) => units === 0)).toBe(true);
        }
        expect(play.units().sold).toEqual(sold);
        const { units } = play.finish();
        expect(lost(play, isPooled).every((missing) => missing === 0)).toBe(true);
        expect(Math.min(...units.left, ...units.cleared)).toBeGreaterThanOrEqual(0);
        units.cleared.forEach((cleared, n) => expect(cleared).toBeLessThanOrEqual(units.left[n]!));
      }),
      { numRuns: 25 },
    );
  });

  it('money adds up to the cent', () => {
    fc.assert(
      fc.property(anyWorld, anySeed, anyPolicy, (world, seed, policy) => {
        const play = beginPlay({ ...MARKET, ...world, seed });
        const weeks = playAll(play, () => anyLevels(policy, play));
        for (const { account, sales, level } of [...weeks, { ...play.finish(), sales: null, level: null }]) {
          let profit = 0;
          for (const [name, cents] of Object.entries(account.bySeries) as [
            keyof Amounts<number>,
            Float64Array,
          ][]) {
            expect(cents.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
            expect(total(cents)).toBe(account[name]);
            profit += ['refunds', 'shipping', 'returnCost'].includes(name) ? -account[name] : account[name];
          }
          expect(account.profit).toBe(profit);
          if (sales === null) continue;
          expect(account.residual).toBe(0);
          sales.forEach((units, n) => {
            const price =
              units === 0
                ? 0
                : (play.blackPrice[n]! * (1 - play.discounts[level[n]!]!)) / (1 + play.vat[play.market[n]!]!);
            expect(account.bySeries.revenue[n]).toBe(units * Math.round(price * 100));
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('a play that was saved goes on as if it had not been, to the bit', () => {
    fc.assert(
      fc.property(anyWorld, anySeed, anyPolicy, fc.nat(14), (world, seed, policy, at) => {
        const options = { ...MARKET, ...world, seed };
        const whole = beginPlay(options);
        let bytes: Uint8Array | null = null;
        const weeks = playAll(whole, () => {
          if (whole.weeksLeft === 14 - at) bytes = whole.save();
          return anyLevels(policy, whole);
        });
        const restored = restorePlay(options, bytes ?? whole.save());
        expect(restored.weeksLeft).toBe(14 - at);
        expect(playAll(restored, () => anyLevels(policy, restored))).toEqual(weeks.slice(at));
        expect(restored.finish()).toEqual(whole.finish());
      }),
      { numRuns: 15 },
    );
  });

  it('policies meet the same noise: the same path, and the same count at the same level', () => {
    fc.assert(
      fc.property(anySeed, anyPolicy, anyPolicy, (seed, one, another) => {
        const plays = [one, another].map((policy) => ({ policy, play: beginPlay({ ...MARKET, seed }) }));
        let same = 0;
        while (plays[0]!.play.weeksLeft > 0) {
          // Expectations given all noise up to now.
          const [known, knownToo] = plays.map(({ play }) => play.truth(3).demand);
          expect(knownToo).toEqual(known);
          const [a, b] = plays.map(({ play, policy }) => play.price(anyLevels(policy, play)));
          a!.demand.forEach((demand, n) => {
            if (a!.level[n] === -1 || a!.level[n] !== b!.level[n]) return;
            expect(b!.demand[n]).toBe(demand);
            same++;
          });
        }
        expect(same).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });
});
