import { Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { select, type Assortment } from '../../src/limits/selection.ts';

const assortment: Assortment = {
  articles: new Batch({
    article: stringsToColumn(['A', 'B', 'C']),
    group: stringsToColumn(['shoes', 'boots', null]),
    tier: float64Column(Float64Array.of(1, 2, 2)),
    launchWeek: dateColumn(Int32Array.of(parseWeek('2026-01-05'), parseWeek('2026-01-12'), 0)),
  }),
  markets: new Batch({
    market: stringsToColumn(['DE', 'PL']),
    region: stringsToColumn(['west', 'east']),
  }),
};

describe('select', () => {
  it('takes all where nothing is said', () => {
    expect(select(assortment)).toEqual({ articles: null, markets: null });
  });

  it('takes any of the values, and all of the columns', () => {
    expect(select(assortment, { group: ['shoes', 'boots'] }).articles).toEqual(Uint8Array.of(1, 1, 0));
    expect(select(assortment, { group: ['shoes', 'boots'], tier: '2', region: 'east' })).toEqual({
      articles: Uint8Array.of(0, 1, 0),
      markets: Uint8Array.of(0, 1),
    });
    expect(select(assortment, { launchWeek: '2026-01-12' }).articles).toEqual(Uint8Array.of(0, 1, 0));
  });

  it.each([
    [{ grop: 'shoes' }, 'where.grop: neither articles nor markets have this column, did you mean group?'],
    [{ xyzzy: 'shoes' }, /there are article, group, tier, launchWeek, market, region/],
    [{ group: 'shoe' }, 'where.group: nothing has the value shoe, did you mean shoes?'],
    [{ market: 'NL' }, /where.market: nothing has the value NL/],
    [{ tier: '3' }, 'where.tier: nothing has the value 3'],
  ])('refuses %j', (where, message) => {
    expect(() => select(assortment, where as never)).toThrow(message);
  });
});
