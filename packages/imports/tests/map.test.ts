import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { importMapSchema, parseMap } from '../src/index.ts';
import { mapTable } from './support/map-table.ts';

const columns = { article: 'sku', market: 'shop', date: 'day', units: 'qty', price: 'price' };

describe('a map', () => {
  it('has all its defaults from the least that it can say', () => {
    expect(parseMap({ sales: { columns } })).toMatchObject({
      weekStart: 'monday',
      badValues: 'stop',
      missingWeeks: 'zero',
      sales: { kind: 'lines', leaveOut: [], covariates: {} },
    });
  });

  it.each([
    [{ sale: { columns } }, /unknown key sale, did you mean sales\?/],
    [{ sales: { columns, colums: {} } }, /sales: unknown key colums, did you mean columns\?/],
    [
      { sales: { columns: { ...columns, unit: 'x' } } },
      /sales\.columns: unknown key unit, did you mean units\?/,
    ],
    [
      { sales: { columns, leaveOut: [{ reason: 'a', column: 'b', match: 'c' }] } },
      /sales\.leaveOut\.0: unknown key match, did you mean matches\?/,
    ],
    [
      { sales: { columns, covariates: { promo: { colum: 'p', column: 'p' } } } },
      /sales\.covariates\.promo: unknown key colum, did you mean column\?/,
    ],
    [
      { sales: { columns: { ...columns, article: 7 } } },
      /sales\.columns\.article: expected the name of a column, .*found 7/,
    ],
    [{ sales: { columns: { ...columns, amount: 'sum' } } }, /price \(of one unit\) or amount/],
    [{ sales: { columns }, returns: {} }, /returns\.match: customer needs sales\.columns\.customer/],
    [
      { sales: { columns }, prices: { columns: { article: 'a', price: 'p', validFrom: 'f' } } },
      /prices\.files: /,
    ],
    [
      { sales: { columns, leaveOut: [{ reason: 'unpriced', column: 'b', matches: 'c' }] } },
      /reason unpriced is that of the import itself/,
    ],
    [{ sales: { columns, covariates: { stock: { column: 'p' } } } }, /weekly has a column stock of its own/],
    [{ sales: { columns }, from: '2024-02-30' }, /from: .*a date such as 2024-07-22/],
    [
      { sales: { columns, leaveOut: [{ reason: 'a', column: 'b', matches: '(' }] } },
      /sales\.leaveOut\.0\.matches: .*a regular expression/,
    ],
  ])('is refused: %j', (raw, message) => {
    expect(() => parseMap(raw, 'map.json')).toThrow(message);
    expect(() => parseMap(raw, 'map.json')).toThrow(/file map\.json/);
  });

  it('is documented as it is checked', async () => {
    const page = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const lines = page.split('\n');
    const start = lines.findIndex((line) => /^\| key +\| meaning/.test(line));
    const rows = mapTable(importMapSchema);
    expect(rows.length).toBeGreaterThan(60);
    expect(lines.slice(start, start + rows.length).join('\n')).toBe(rows.join('\n'));
    expect(lines[start + rows.length]).toBe('');
  });
});
