import { describe, expect, it } from 'vitest';
import { ConfigurationError, DataError } from '@hemline/core';
import { beginPlay, restorePlay } from '../../src/play/market-play.ts';
import { playAll, total } from './worlds.ts';

const MARKET = { articles: 30, markets: 2, weeks: 30, played: 6, runOut: 10, seed: 2 };

describe('a play', () => {
  it('has its series by article and market, and counts its weeks down', () => {
    const play = beginPlay(MARKET);
    expect([play.articles.length, play.markets, play.weeksLeft]).toEqual([30, ['DE', 'FR'], 6]);
    expect([...play.article.subarray(0, 4)]).toEqual([0, 0, 1, 1]);
    expect([...play.market.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
    expect([...play.pool, ...play.vat]).toEqual([-1, -1, 0, 0]);
    const first = play.week;
    play.price(play.situation().plannerLevel);
    expect([play.week - first, play.weeksLeft]).toEqual([7, 5]);
  });

  it('shows in the next week what was set and sold', () => {
    const play = beginPlay(MARKET);
    const deep = play.situation().plannerLevel.fill(9);
    const { sales, level } = play.price(deep);
    const next = play.situation();
    expect(total(sales)).toBeGreaterThan(50);
    level.forEach((at, n) => {
      if (at === -1) return;
      expect([next.level[n], next.sales[n]]).toEqual([9, sales[n]]);
    });
    // The planner goes on from there: a step or two up or down, its small experiment included.
    const ongoing = [...next.onSale.keys()].filter((n) => next.onSale[n] === 1 && level[n] === 9);
    expect(ongoing.length).toBeGreaterThan(10);
    const moved = ongoing.map((n) => next.plannerLevel[n]! - 9);
    expect(moved.filter((steps) => Math.abs(steps) <= 4).length).toBeGreaterThan(0.9 * moved.length);
  });

  it('tells how long each article is still sold, from before its launch on', () => {
    const play = beginPlay({ ...MARKET, planWeeks: 10 });
    const { begin, end } = play.truth(200);
    const { weeksToEnd, onSale } = play.situation();
    // The market itself ends after the run-out.
    weeksToEnd.forEach((weeks, n) => expect(end[n]).toBe(Math.max(begin[n]!, Math.min(weeks, 16))));
    expect(onSale).toEqual(Uint8Array.from(end, (last, n) => (begin[n] === 0 && last > 0 ? 1 : 0)));
    expect(begin.some((first) => first > 0)).toBe(true);
  });

  it('sells more, and more cheaply, at deeper discounts', () => {
    const [shallow, deep] = [0, 8].map((level) => {
      const play = beginPlay(MARKET);
      const weeks = playAll(play, () => play.situation().plannerLevel.fill(level));
      const { units } = play.finish();
      return { demand: total(weeks.map((week) => total(week.demand))), left: total(units.left) };
    });
    expect(deep!.demand).toBeGreaterThan(1.5 * shallow!.demand);
    expect(deep!.left).toBeLessThan(shallow!.left);
  });

  it('leaves nothing on its way when it is finished, and is over then', async () => {
    const play = beginPlay(MARKET);
    const weeks = playAll(play, () => play.situation().plannerLevel);
    const before = play.units();
    const { account, units } = play.finish();
    expect(total(units.sold)).toBeGreaterThan(total(before.sold));
    expect(account.residual).toBeGreaterThan(0);
    // Units sold in the weeks of the play come back then or later: all of them.
    const promised = total(weeks.map(({ comingBack }) => total(comingBack)));
    expect(total(units.returned)).toBeGreaterThan(promised);
    expect(() => play.price(new Int8Array(60))).toThrow('the play is over');
    expect(() => play.finish()).toThrow(ConfigurationError);
    await expect(play.observe('nowhere')).rejects.toThrow('the play is over');
  });
});

it('what is left in the end is worth what lots bring from its season on, no unit twice', () => {
  const play = beginPlay({ ...MARKET, articles: 80 });
  const { residual } = play.truth(1);
  playAll(play, () => play.situation().plannerLevel);
  const { account, units } = play.finish();
  let late = 0;
  units.left.forEach((left, n) => {
    const most = 100 * (left - units.cleared[n]!) * play.blackPrice[n]! * residual[n]!;
    const worth = account.bySeries.residual[n]!;
    // A few cents by rounding; and a unit that comes back late has lost at most 5 % a week since.
    expect(worth).toBeLessThanOrEqual(most + 20);
    expect(worth).toBeGreaterThanOrEqual(0.95 ** 15 * most - 20);
    if (worth < most - 20) late++;
  });
  expect(late).toBeGreaterThan(5);
});

describe('what cannot be', () => {
  it.each([
    [{ weeks: 13 }, 'weeks 13 (a whole number from 14)'],
    [{ played: 0, planWeeks: -1 }, 'played 0 (a whole number from 1); planWeeks -1 (a whole number from 0)'],
    [{ runOut: 105 }, 'planWeeks 105'],
    [{ competition: 1 }, 'competition 1 (a number from 0 to 0.95)'],
    [{ aging: -3 }, 'aging -3 (a number from -2 to 2)'],
  ])('is refused: %j', (options, found) => {
    expect(() => beginPlay({ ...MARKET, ...options })).toThrow(ConfigurationError);
    expect(() => beginPlay({ ...MARKET, ...options })).toThrow(found);
  });

  it('is not priced: a wrong level, a wrong length, a week too many; nor finished too early', () => {
    const play = beginPlay(MARKET);
    const planned = play.situation().plannerLevel;
    const wrong = planned.slice();
    const onSale = planned.findIndex((level) => level !== -1);
    wrong[onSale] = 15;
    expect(() => play.price(wrong)).toThrow(`15 of series ${onSale}, which is on sale`);
    expect(() => play.price(planned.subarray(1))).toThrow('found 59 levels');
    const propensity = new Float64Array(60).fill(2);
    const experiment = Array.from({ length: 60 }, () => null);
    expect(() => play.price(planned, { propensity, experiment })).toThrow('propensity 2 of series 0');
    expect(play.weeksLeft).toBe(6);
    expect(() => play.finish()).toThrow('found 6 weeks left');
    playAll(play, () => play.situation().plannerLevel);
    expect(() => play.price(new Int8Array(60))).toThrow('there is no week to price');
  });

  it('is not restored: other options, torn bytes', () => {
    const play = beginPlay(MARKET);
    const tags = {
      propensity: new Float64Array(60).fill(0.5),
      experiment: Array.from({ length: 60 }, () => 'a'),
    };
    play.price(play.situation().plannerLevel, tags);
    const bytes = play.save();
    expect(restorePlay(MARKET, bytes).save()).toEqual(bytes);
    // What a file gives when it is read.
    expect(restorePlay(MARKET, Buffer.from(bytes)).save()).toEqual(bytes);
    expect(() => restorePlay({ ...MARKET, seed: 3 }, bytes)).toThrow(/another market was played.*"seed":3/);
    expect(() => restorePlay({ ...MARKET, played: 7 }, bytes)).toThrow(ConfigurationError);
    for (const torn of [bytes.subarray(0, 2), bytes.subarray(0, 40), bytes.subarray(0, -1)])
      expect(() => restorePlay(MARKET, torn)).toThrow(DataError);
  });
});
