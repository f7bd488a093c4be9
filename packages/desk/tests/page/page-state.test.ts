import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionSchema, filterSchema, type Row } from '../../src/api/index.ts';
import { commonFormats, formatsOf, readPercent, showWeek } from '../../src/page/data/format.ts';
import { decisionOf, missingOf, type Draft } from '../../src/page/decide/draft.ts';
import { FIRST_SORT, readRoute, tidyFilter, writeRoute, type Route } from '../../src/page/frame/route.ts';
import { columnsFor, templateOf } from '../../src/page/list/column-widths.ts';
import { showOf } from '../../src/page/list/limit-words.ts';
import {
  NOTHING,
  gainOf,
  isSelected,
  sizeOf,
  targetsOf,
  toggled,
  type Selection,
} from '../../src/page/list/selection.ts';
import { nearestPoint, ordered } from '../../src/page/what-if/frontier-point.ts';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('numbers of a market', () => {
  it('are written as its people write them', () => {
    const german = formatsOf({ locale: 'de-DE', currency: 'EUR' });
    const british = formatsOf({ locale: 'en-GB', currency: 'GBP' });
    expect(plain(german.money(12345.4))).toBe('12.345 €');
    expect(british.money(12345.4)).toBe('£12,345');
    expect(plain(german.percent(0.125))).toBe('12,5 %');
    expect(british.change(-3)).toBe('-£3');
    expect(british.change(0.2)).toBe('£0');
    expect([british.points(0.1), british.points(-0.05), british.points(0)]).toEqual(['+10', '-5', '0']);
    expect([german.money(null), german.percent(Number.NaN), german.count(undefined)]).toEqual([
      '–',
      '–',
      '–',
    ]);
  });

  it('have no currency where markets differ in it, or none is known', () => {
    const both = commonFormats([
      { market: 'DE', locale: 'de-DE', currency: 'EUR' },
      { market: 'GB', locale: 'en-GB', currency: 'GBP' },
    ]);
    expect(both.money(1)).toBe('1');
    const one = commonFormats([{ market: 'GB', locale: 'en-GB', currency: 'GBP' }]);
    expect(one.money(1)).toBe('£1');
  });

  it('survive a locale and a currency that no browser knows', () => {
    expect(formatsOf({ locale: 'not a locale', currency: 'none at all' }).money(5)).toBe('5');
    expect(formatsOf({ locale: 'xx_YY', currency: 'EUR' }).money(5)).toContain('5');
  });

  it('are read back from what people type', () => {
    expect(['25', ' 12,5 % ', '0', '7.25'].map(readPercent)).toEqual([0.25, 0.125, 0, 0.0725]);
    expect(['', 'x', '100', '-5', '1e1', '12,'].map(readPercent)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  it('name a week by its own day, whatever the time zone', () => {
    expect(showWeek('2026-03-02')).toBe('2 Mar');
    expect(showWeek('soon')).toBe('soon');
  });
});

describe('the address', () => {
  it('leads back to what was looked at', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter((text) => text.trim() !== '' && text.isWellFormed());
    fc.assert(
      fc.property(
        fc.option(name),
        name,
        fc.array(name, { minLength: 1, maxLength: 3 }),
        fc.option(
          fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
          { nil: undefined },
        ),
        (article, market, groups, from) => {
          const route: Route = {
            ...{ screen: 'list', article, market: article === null ? null : market },
            filter: tidyFilter({ groups, gain: { from } }),
            sort: { by: 'cover', descending: false },
          };
          expect(readRoute(writeRoute(route))).toEqual(JSON.parse(JSON.stringify(route)));
        },
      ),
    );
  });

  it('may be anything: what is not understood is passed over', () => {
    const first = { screen: 'list', article: null, market: null, filter: {}, sort: FIRST_SORT };
    for (const hash of [
      '',
      '#',
      '#/elsewhere',
      '#/list?filter={',
      '#/list?filter=7&sort=<x>',
      '#/list/%E0%A4%A',
    ])
      expect(readRoute(hash)).toEqual(first);
  });

  it('holds only filters that the server takes', () => {
    const tidy = tidyFilter({ text: '  ', markets: [], cover: {}, groups: ['Shoes'], gain: { to: 3 } });
    expect(tidy).toEqual({ groups: ['Shoes'], gain: { to: 3 } });
    expect(filterSchema.safeParse(tidy).success).toBe(true);
  });
});

describe('the selection', () => {
  const row = (article: string, gain: number | null = 1): Row =>
    ({ article, market: 'DE', version: 3, gain }) as Row;

  it('marks and unmarks, and is sent with the versions that were seen', () => {
    const two = toggled(toggled(NOTHING, row('A')), row('B', null));
    expect([sizeOf(two), isSelected(two, row('B'))]).toEqual([2, true]);
    expect(targetsOf(two)).toEqual({
      rows: [
        { article: 'A', market: 'DE', version: 3 },
        { article: 'B', market: 'DE', version: 3 },
      ],
    });
    expect(two.kind === 'rows' && gainOf(two.rows)).toBe(1);
    expect(sizeOf(toggled(two, row('A')))).toBe(1);
  });

  it('of all that match is sent as the filter, with how many were seen', () => {
    const all: Selection = { kind: 'all', filter: { markets: ['DE'] }, total: 70 };
    expect(targetsOf(all)).toEqual({ filter: { markets: ['DE'] }, expected: 70 });
    expect(toggled(all, row('A'))).toMatchObject({ kind: 'rows' });
  });
});

describe('a draft of a decision', () => {
  const draft: Draft = {
    ...{ kind: 'overrule', discount: '30', from: '', to: '', weeks: 'first', chosenWeeks: [] },
    ...{ reason: 'Campaign', note: '', isPriority: true },
  };
  const rules = { reasonCharacters: 20 };
  const targets = { rows: [{ article: 'A', market: 'DE', version: 1 }] };
  const key = '0123456789abcdef';

  it('is complete or says what is missing', () => {
    expect(missingOf(draft, false, rules)).toEqual([]);
    expect(missingOf({ ...draft, discount: '', reason: '' }, false, rules)).toEqual(['discount', 'reason']);
    expect(missingOf(draft, true, rules)).toEqual(['note']);
    expect(missingOf({ ...draft, note: 'a'.repeat(20) }, true, rules)).toEqual([]);
    expect(missingOf({ ...draft, kind: 'bounds', from: '40', to: '20' }, false, rules)).toEqual(['bounds']);
    expect(missingOf({ ...draft, kind: 'approve', reason: '', weeks: 'some' }, false, rules)).toEqual([
      'weeks',
    ]);
  });

  it('becomes what the server takes', () => {
    const drafts: Draft[] = [
      draft,
      { ...draft, kind: 'bounds', from: '10', to: '20', weeks: 'all', note: ' because ' },
      { ...draft, kind: 'approve' },
      { ...draft, kind: 'exclude', weeks: 'some', chosenWeeks: ['2026-03-02'] },
      { ...draft, kind: 'priority' },
      { ...draft, kind: 'release' },
    ];
    for (const one of drafts)
      expect(decisionSchema.safeParse(decisionOf(one, targets, key)).success).toBe(true);
    expect(decisionOf(drafts[1]!, targets, key)).toMatchObject({
      ...{
        action: { kind: 'bounds', from: 0.1, to: 0.2 },
        weeks: 'all',
        note: 'because',
        reason: 'Campaign',
      },
    });
    expect(decisionOf({ ...draft, kind: 'approve' }, targets, key)).not.toHaveProperty('reason');
    expect(decisionOf({ ...draft, discount: 'x' }, targets, key)).toBeNull();
  });
});

describe('columns', () => {
  it('go one by one where room is short, those that a decision needs last', () => {
    expect(columnsFor(1440)).toHaveLength(13);
    expect(columnsFor(760)).toEqual(
      expect.arrayContaining(['article', 'recommended', 'gain', 'state', 'today']),
    );
    expect(columnsFor(760)).not.toContain('image');
    expect(columnsFor(100)).toEqual(['select', 'article', 'recommended', 'gain']);
    expect(templateOf(['select', 'article'])).toBe('36px minmax(190px, 2fr)');
  });
});

describe('a limit', () => {
  it('is written by what it measures, and as it is where nobody knows', () => {
    const formats = formatsOf({ locale: 'en-GB', currency: 'GBP' });
    const show = (measure: string, value: number): string => showOf({ measure }, formats)(value);
    expect([show('discount-rate', 0.2), show('units', 1234.6), show('revenue', 1234.6)]).toEqual([
      '20%',
      '1,235',
      '£1,235',
    ]);
    expect([show('', 0.2), show('', 5478)]).toEqual(['0.2', '5,478']);
  });
});

describe('a frontier', () => {
  it('is ordered, and knows the point beside a value', () => {
    const point = (value: number) => ({ value, profit: value, discountRate: null, unitsLeft: null });
    const points = ordered([point(3), point(1), point(3)]);
    expect(points.map(({ value }) => value)).toEqual([1, 3]);
    expect(nearestPoint(points, 2.9)?.value).toBe(3);
    expect(nearestPoint([], 1)).toBeNull();
  });
});
