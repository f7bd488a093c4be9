import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset, readMap, type ImportSummary } from '../src/index.ts';
import { query, validRows } from './support/dataset-rows.ts';

const root = new URL('../../../', import.meta.url);
const invoices = fileURLToPath(new URL('../shared/data/online-retail/invoices.parquet', root));
const missing = !existsSync(invoices);

/** What other engines and other methods made of the same file. */
interface Golden {
  readonly lines: number;
  readonly kinds: Readonly<Record<string, { readonly lines: number; readonly units: number }>>;
  readonly returns: Readonly<Record<string, { readonly lines: number; readonly units: number }>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly firstWeek: string;
  readonly lastWeek: string;
  readonly soldUnits: number;
  readonly returnedUnitsByLag: readonly number[];
  readonly topArticles: readonly { article: string; sold: number; returned: number }[];
  readonly series: readonly {
    article: string;
    market: string;
    rows: readonly Record<string, string | number>[];
  }[];
}

describe.skipIf(missing)(`online retail${missing ? ' (skipped: ../shared/data is not there)' : ''}`, () => {
  let folder: string;
  let out: string;
  let golden: Golden;
  let summary: ImportSummary;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
    out = join(folder, 'out');
    golden = JSON.parse(
      await readFile(new URL('tools/reference-data/tests/golden/online-retail.json', root), 'utf8'),
    ) as Golden;
    const map = await readMap(fileURLToPath(new URL('tools/reference-data/online-retail/map.json', root)));
    summary = await importDataset({ source: invoices, map, out });
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has the lines, matches and rows of the other engines', () => {
    const { sale, cancellation, noArticle, adjustment, unpriced } = golden.kinds;
    expect(summary.lines).toEqual({
      read: golden.lines,
      used: sale,
      returns: cancellation,
      leftOut: { noArticle, negativeUnits: adjustment, unpriced },
    });
    const { withoutCustomer, ...matched } = golden.returns;
    expect(summary.returns).toEqual({ ...matched, withoutParty: withoutCustomer });
    expect(summary.rows).toEqual(golden.rows);
    expect(summary.weeks).toMatchObject({ first: golden.firstWeek, last: golden.lastWeek });
  });

  it('has their units, sold and returned', async () => {
    const sold = new Map(
      (await query(`SELECT article, sum(demand) AS units FROM '${out}/weekly.parquet' GROUP BY article`)).map(
        ({ article, units }) => [article, units as number],
      ),
    );
    expect([...sold.values()].reduce((sum, units) => sum + units, 0)).toBe(golden.soldUnits);
    const returned = await validRows(out, 'returns');
    for (const { article, ...units } of golden.topArticles) {
      const back = returned.filter((row) => row['article'] === article);
      expect({
        sold: sold.get(article),
        returned: back.reduce((sum, row) => sum + (row['units'] as number), 0),
      }).toEqual(units);
    }
    const byLag = golden.returnedUnitsByLag.map(() => 0);
    for (const { sale_week, return_week, units } of returned)
      byLag[(Date.parse(return_week as string) - Date.parse(sale_week as string)) / (7 * 86_400_000)]! +=
        units as number;
    expect(byLag).toEqual(golden.returnedUnitsByLag);
  });

  it('has their weeks and prices', async () => {
    const weekly = await validRows(out, 'weekly');
    for (const { article, market, rows } of golden.series) {
      const own = weekly.filter((row) => row['article'] === article && row['market'] === market);
      expect(own).toHaveLength(rows.length);
      own.forEach((row, i) => {
        for (const [column, value] of Object.entries(rows[i]!)) {
          if (typeof value === 'number') expect(row[column]).toBeCloseTo(value, 9);
          else expect(row[column]).toBe(value);
        }
      });
    }
  });
});
