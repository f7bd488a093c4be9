import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Exports, G, H, WEEK, columns, dated, line } from './support/exports.ts';

/*
 * What people have in exports. Each is read as it is meant, or refused with one error that names place and remedy (refused-exports);
 * nothing is taken for something else.
 */

let exports: Exports;
beforeEach(async () => {
  exports = await Exports.make();
});
afterEach(() => exports.remove());

describe('is read as it is meant', () => {
  it.each<[string, string | Buffer, object]>([
    ['a byte order mark', `\ufeff${H}${G}`, {}],
    ['a byte order mark before quotes', `\ufeff"sku","shop","day","qty","price"\n${G}`, {}],
    ['empty lines at the end', `${H}${G}\n\n\n`, {}],
    ['no end of the last line', `${H}${G.trim()}`, {}],
    ['line ends of old Macintoshes', (H + G).replaceAll('\n', '\r'), {}],
    ['a column more at the end of each line', `${H}${G.replace('\n', ',\n')}`, {}],
    ['dates with the names of months', `${H}${line('"Mar 4, 2024"')}`, dated('%b %d, %Y')],
    ['dates with short months and years', `${H}${line('04-Mar-24')}`, dated('%d-%b-%y')],
    ['clocks of twelve hours', `${H}${line('3/4/2024 11:05 PM')}`, dated('%m/%d/%Y %I:%M %p')],
    ['dates without anything between', `${H}${line('20240304')}`, dated('%Y%m%d')],
    ['weeks by their number', `${H}${line('2024-W10')}`, dated('%G-W%V')],
    ['weeks by their number, the week first', `${H}${line('10/2024')}`, dated('%V/%G')],
    ['weeks by their last day', `${H}${line('2024-03-10')}`, {}],
    [
      'an article with blanks that do not break',
      `${H}${line('2024-03-04', '1', '9.5', '\u00a0A\u202f')}`,
      {},
    ],
    ['an article with tabs and a mark', `${H}${line('2024-03-04', '1', '9.5', '\tA\ufeff')}`, {}],
    ['text in UTF-16', Buffer.from(`\ufeff${H}${G}`, 'utf16le'), { format: { encoding: 'utf-16' } }],
    ['a title above the header', `Sales, "all, of 2024"\n\n${H}${G}`, { format: { skip: 2 } }],
    [
      'a line for Excel above the header',
      `sep=;\n${(H + G).replaceAll(',', ';')}`,
      { format: { skip: 1, delimiter: ';' } },
    ],
    [
      'a header again',
      `${H}${G}${H}`,
      { sales: { columns, leaveOut: [{ reason: 'header', column: 'sku', matches: '^sku$' }] } },
    ],
    [
      'a sum at the end',
      `${H}${G}Total,,,1,9.5\n`,
      { sales: { columns, leaveOut: [{ reason: 'sum', column: 'sku', matches: '^Total$' }] } },
    ],
  ])('%s', async (_, text, map) => {
    await exports.imported(text, map);
    expect(await exports.weeks()).toEqual([WEEK]);
  });

  it.each([
    ['articles that are formulas of text', '"=""007"""', '007'],
    ['articles with zeros before them', '007', '007'],
    ['articles that look like numbers of science', '12E5', '12E5'],
    ['articles that look like dates', '01-02-03', '01-02-03'],
  ])('%s: %s', async (_, written, article) => {
    await exports.imported(`${H}${line('2024-03-04', '1', '9.5', written)}`);
    expect(await exports.weeks()).toEqual([`${article} north 2024-03-04 1 9.5`]);
  });

  it.each([
    ['a blank that does not break', '1\u00a0250.5', ' '],
    ['a narrow blank', '1\u202f250.5', ' '],
    ['a typographic apostrophe', '1’250.5', "'"],
  ])('thousands with %s', async (_, price, thousands) => {
    await exports.imported(`${H}${line('2024-03-04', '1', price)}`, { format: { thousands } });
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 1 1250.5']);
  });

  it('years of 53 weeks, and of weeks that begin in the year before', async () => {
    const days = ['2020-W53', '2026-W01', '2025-W1'];
    await exports.imported(`${H}${days.map((day) => line(day)).join('')}`, dated('%G-W%V'));
    expect((await exports.weeks()).map((row) => row.split(' ')[2])).toEqual([
      '2020-12-28',
      '2024-12-30',
      '2025-12-29',
    ]);
  });

  it('weeks by their last day, a Saturday, where weeks begin on Sundays', async () => {
    await exports.imported(`${H}${line('2024-03-09')}${line('2024-03-16')}`, { weekStart: 'sunday' });
    expect((await exports.weeks()).map((row) => row.split(' ')[2])).toEqual(['2024-03-03', '2024-03-10']);
  });

  it('several currencies, each in a market of its own', async () => {
    const text = 'sku,shop,day,qty,price,Currency\nA,n,2024-03-04,1,9,EUR\nA,n,2024-03-04,1,90,SEK\n';
    await exports.imported(text, { sales: { columns: { ...columns, market: 'Currency' } } });
    expect(await exports.weeks()).toEqual(['A EUR 2024-03-04 1 9', 'A SEK 2024-03-04 1 90']);
  });

  it('one currency, once the lines of others are left out', async () => {
    const text = 'sku,shop,day,qty,price,cur\nA,north,2024-03-04,1,9.5,eur\nA,north,2024-03-04,1,90,SEK\n';
    const leaveOut = [{ reason: 'abroad', column: 'cur', unless: '^(eur|EUR)$' }];
    await exports.imported(text, { sales: { columns: { ...columns, currency: 'cur' }, leaveOut } });
    expect(await exports.weeks()).toEqual([WEEK]);
  });
});

describe('units below zero where nothing is said of returns', () => {
  it('are left out, and counted', async () => {
    const { lines } = await exports.imported(`${H}${G}${line('2024-03-05', '-1')}`);
    expect(lines).toMatchObject({ used: { lines: 1 }, leftOut: { negativeUnits: { lines: 1, units: -1 } } });
    expect(await exports.weeks()).toEqual([WEEK]);
  });
});
