import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addWeeks, collect, isValid, valueAt, type Batch, type Week } from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { beginPlay, type MarketPlay } from '../../src/play/market-play.ts';
import type { PlayedWeek } from '../../src/play/shop.ts';
import { articlesOf, readTable } from '../read-simulation.ts';
import { anyLevels, playAll, total } from './worlds.ts';

const scratch = mkdtempSync(join(tmpdir(), 'market-observe-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const OPTIONS = {
  articles: 50,
  markets: 2,
  weeks: 40,
  played: 12,
  runOut: 20,
  planWeeks: 10,
  seed: 4,
  vat: true,
};
const ANY = { salt: 3, follow: 1 };
const [early, late] = [join(scratch, 'early'), join(scratch, 'late')];
let play: MarketPlay;
let weeks: PlayedWeek[];
/** First week that is not known early. */
let then: Week;

beforeAll(async () => {
  play = beginPlay(OPTIONS);
  weeks = [];
  while (play.weeksLeft > 6) weeks.push(play.price(anyLevels(ANY, play)));
  then = play.week;
  await play.observe(early);
  weeks.push(...playAll(play, () => anyLevels(ANY, play)));
  await play.observe(late);
});

/** Rows of a table of a market by their keys, as far as `isKept` says. */
async function rowsOf(
  folder: string,
  table: string,
  market: string,
  isKept: (batch: Batch, row: number) => boolean,
): Promise<Map<string, string>> {
  const batch = await readTable(folder, join(table, `market=${market}`));
  const rows = new Map<string, string>();
  for (let row = 0; row < batch.length; row++) {
    if (!isKept(batch, row)) continue;
    const values = batch.names.map((name) =>
      isValid(batch.column(name), row) ? valueAt(batch.column(name), row) : null,
    );
    const keys = batch.names.filter((name) => /article|week|size/.test(name));
    rows.set(keys.map((name) => valueAt(batch.column(name), row)).join(' '), JSON.stringify(values));
  }
  return rows;
}

describe('what is written between two weeks', () => {
  it.each([
    ['weekly', 'week'],
    ['sizes', 'week'],
    ['returns', 'return_week'],
    ['fulfillment', 'week'],
    ['clearance', 'week'],
  ])('is never changed later: %s', async (table, week) => {
    for (const market of play.markets) {
      const isPast = (batch: Batch, row: number): boolean => batch.weeks(week)[row]! < then;
      const [before, after] = await Promise.all(
        [early, late].map((folder) => rowsOf(folder, table, market, isPast)),
      );
      expect(before!.size).toBeGreaterThan(0);
      expect(after).toEqual(before);
    }
  });

  it('holds what was played, and a plan no longer than asked for', async () => {
    const { values: markets } = { values: play.markets };
    for (const [m, market] of markets.entries()) {
      const weekly = await readTable(late, `weekly/market=${market}`);
      const articles = articlesOf(weekly);
      const found = new Map(articles.map((article, row) => [`${article} ${weekly.weeks('week')[row]}`, row]));
      for (const { week, level, sales } of weeks)
        level.forEach((at, n) => {
          if (play.market[n] !== m) return;
          const row = found.get(`${play.articles[play.article[n]!]} ${week}`);
          expect(row === undefined).toBe(at === -1);
          if (row === undefined) return;
          expect(weekly.floats('sales')[row]).toBe(sales[n]);
          expect(weekly.floats('discount')[row]).toBe(play.discounts[at]);
        });
      expect(Math.max(...weekly.weeks('week'))).toBe(addWeeks(play.week, OPTIONS.planWeeks - 1));
      const unknown = articles.filter((_, row) => Number.isNaN(weekly.floats('sales')[row]!)).length;
      const ahead = weekly.weeks('week').filter((week) => week >= play.week).length;
      expect(unknown).toBe(ahead);
    }
  });

  it('says of money what the accounts say', async () => {
    const first = weeks[0]!.week;
    for (const [m, market] of play.markets.entries()) {
      const weekly = await readTable(late, `weekly/market=${market}`);
      const price = new Map(
        articlesOf(weekly).map((article, row) => [
          `${article} ${weekly.weeks('week')[row]}`,
          Math.round(
            (100 * weekly.floats('black_price')[row]! * (1 - weekly.floats('discount')[row]!)) /
              (1 + play.vat[m]!),
          ),
        ]),
      );
      const inPlay = (week: Week): boolean => week >= first && week < play.week;
      const returns = await readTable(late, `returns/market=${market}`);
      const refunds = articlesOf(returns).map((article, row) =>
        inPlay(returns.weeks('return_week')[row]!)
          ? returns.floats('units')[row]! * price.get(`${article} ${returns.weeks('sale_week')[row]}`)!
          : 0,
      );
      const cents = async (table: string, column: string): Promise<number> => {
        const batch = await readTable(late, `${table}/market=${market}`);
        return total(
          batch
            .floats(column)
            .map((value, row) => (inPlay(batch.weeks('week')[row]!) ? Math.round(value * 100) : 0)),
        );
      };
      const booked = (name: 'refunds' | 'shipping' | 'returnCost' | 'clearance'): number =>
        total(
          weeks.map(({ account }) =>
            total(account.bySeries[name].map((value, n) => (play.market[n] === m ? value : 0))),
          ),
        );
      expect(booked('refunds')).toBe(total(refunds));
      expect(booked('shipping')).toBe(await cents('fulfillment', 'shipping_cost'));
      expect(booked('returnCost')).toBe(await cents('fulfillment', 'return_cost'));
      expect(booked('clearance')).toBe(await cents('clearance', 'value'));
      expect(Math.min(booked('refunds'), booked('clearance'))).toBeGreaterThan(0);
    }
  });

  it('is a valid dataset, in every kind of market, and tells how discounts came about', async () => {
    const tagged = beginPlay({ ...OPTIONS, pool: true });
    const N = tagged.article.length;
    tagged.price(tagged.situation().plannerLevel);
    const propensity = new Float64Array(N).fill(NaN).fill(0.25, 0, N / 2);
    const experiment = Array.from({ length: N }, (_, n) => (n % 3 === 0 && n < N / 2 ? 'steps' : null));
    const { week, level } = tagged.price(tagged.situation().plannerLevel, { propensity, experiment });
    tagged.price(tagged.situation().plannerLevel);
    const folder = join(scratch, 'tagged');
    await tagged.observe(folder);
    const dataset = await openDataset(folder);
    await dataset.validate();
    const markets = await collect(dataset.tables.get('markets'));
    expect(markets.floats('vat')).toEqual(tagged.vat);
    expect(new Set(Array.from({ length: 2 }, (_, row) => valueAt(markets.column('pool'), row))).size).toBe(1);
    const weekly = await collect(dataset.tables.get('weekly'));
    const onSale = level.filter((at) => at !== -1).length;
    const named = Array.from({ length: weekly.length }, (_, row) => row).filter((row) =>
      isValid(weekly.column('experiment'), row),
    );
    expect(named.length).toBe(experiment.filter((name, n) => name !== null && level[n] !== -1).length);
    expect(named.every((row) => weekly.weeks('week')[row] === week)).toBe(true);
    expect(named.every((row) => weekly.floats('propensity')[row] === 0.25)).toBe(true);
    const told = weekly.floats('propensity').filter((chance) => !Number.isNaN(chance)).length;
    expect(told).toBe(level.subarray(0, N / 2).filter((at) => at !== -1).length);
    expect(told).toBeLessThan(onSale);
  });

  it('goes into a new or empty folder only, and leaves nothing else behind', async () => {
    const other = beginPlay({ ...OPTIONS, articles: 3 });
    const full = join(scratch, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'thesis.txt'), '');
    await expect(other.observe(full)).rejects.toThrow(/is not empty.*found thesis\.txt/);
    const empty = join(scratch, 'empty');
    mkdirSync(empty);
    await other.observe(empty);
    expect(existsSync(join(empty, 'dataset.json'))).toBe(true);
    expect(readdirSync(scratch).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
