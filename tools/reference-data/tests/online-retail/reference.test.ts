import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatWeek } from '@hemline/core';
import { ARTICLE_HIERARCHY, ArticleAttributes, returnTimeHazard } from '@hemline/features';
import { openDataset, type Dataset } from '@hemline/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importOnlineRetail, type ImportSummary } from '../../src/online-retail/import-online-retail.ts';

/** What other engines and other methods make of the same file; the recipe is tests/oracle/make.py. */
interface Golden extends Omit<ImportSummary, 'out'> {
  readonly soldUnits: number;
  readonly returnRate: number;
  readonly topArticles: readonly { article: string; sold: number; returned: number }[];
  readonly returnedUnitsByLag: readonly number[];
  readonly series: readonly {
    article: string;
    market: string;
    rows: readonly Record<string, string | number>[];
  }[];
  readonly hazards: readonly { lag: number; hazard: number }[];
}

const invoices = fileURLToPath(
  new URL('../../../../../shared/data/online-retail/invoices.parquet', import.meta.url),
);
const missing = !existsSync(invoices);

describe.skipIf(missing)(`online retail${missing ? ' (skipped: ../shared/data is not there)' : ''}`, () => {
  let folder = '';
  let golden: Golden;
  let summary: ImportSummary;
  let dataset: Dataset;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hemline-reference-'));
    golden = JSON.parse(
      await readFile(new URL('../golden/online-retail.json', import.meta.url), 'utf8'),
    ) as Golden;
    summary = await importOnlineRetail({ invoices, out: join(folder, 'out') });
    dataset = await openDataset(summary.out);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lines, matches and rows are those of the other engines', () => {
    const { lines, kinds, returns, rows, firstWeek, lastWeek } = summary;
    expect({ lines, returns, rows, firstWeek, lastWeek }).toEqual({
      lines: golden.lines,
      returns: golden.returns,
      rows: golden.rows,
      firstWeek: golden.firstWeek,
      lastWeek: golden.lastWeek,
    });
    // SQL has no group for a kind without a line.
    const { contraryCancellation, ...others } = kinds;
    expect(contraryCancellation).toEqual({ lines: 0, units: 0 });
    expect(others).toEqual(golden.kinds);
  });

  test('the dataset is valid and known up to its last week', async () => {
    expect(await dataset.validate()).toMatchObject({ rows: golden.rows });
    expect(formatWeek(await dataset.lastKnownWeek())).toBe(golden.lastWeek);
  });

  test('units sold and returned, in all and by article and lag', async () => {
    const sold = await sumBy(dataset, 'weekly', 'demand');
    const returned = await sumBy(dataset, 'returns', 'units');
    const all = (sums: ReadonlyMap<string, number>): number => [...sums.values()].reduce((a, b) => a + b, 0);
    expect(all(sold)).toBe(golden.soldUnits);
    expect(all(returned) / all(sold)).toBeCloseTo(golden.returnRate, 12);
    expect(golden.topArticles).toHaveLength(10);
    for (const { article, ...units } of golden.topArticles)
      expect({ sold: sold.get(article), returned: returned.get(article) ?? 0 }).toEqual(units);
    const byLag = new Array<number>(golden.returnedUnitsByLag.length).fill(0);
    for await (const batch of dataset.tables.get('returns').batches()) {
      const [sale, back, units] = [batch.weeks('saleWeek'), batch.weeks('returnWeek'), batch.floats('units')];
      units.forEach((count, row) => (byLag[(back[row]! - sale[row]!) / 7]! += count));
    }
    expect(byLag).toEqual(golden.returnedUnitsByLag);
  });

  test('weeks, units and prices of some series', async () => {
    for (const { article, market, rows } of golden.series) {
      const found: Record<string, unknown>[] = [];
      for await (const batch of dataset.tables.get('weekly').batches()) {
        const [articles, markets] = [batch.strings('article'), batch.strings('market')];
        const wanted = [articles.dictionary.indexOf(article), markets.dictionary.indexOf(market)];
        for (let row = 0; row < batch.length; row++) {
          if (articles.values[row] !== wanted[0] || markets.values[row] !== wanted[1]) continue;
          const blackPrice = batch.floats('blackPrice')[row]!;
          const discount = batch.floats('discount')[row]!;
          found.push({
            week: formatWeek(batch.weeks('week')[row]!),
            demand: batch.floats('demand')[row],
            salesPrice: expect.closeTo(blackPrice * (1 - discount), 9),
            blackPrice: expect.closeTo(blackPrice, 9),
            discount: expect.closeTo(discount, 9),
          });
        }
      }
      expect(rows).toEqual(found);
    }
  });

  test('hazards of returns, right-censored, are those of the estimator', async () => {
    const attributes = await ArticleAttributes.read(dataset.tables.find('articles'), ['group']);
    const times = await returnTimeHazard(dataset.tables, ARTICLE_HIERARCHY, {
      cutoff: await dataset.lastKnownWeek(),
      maximumLag: golden.hazards.length - 1,
      keys: ['article', 'market'],
      attributes,
    });
    expect(times.overall).toHaveLength(15);
    golden.hazards.forEach(({ lag, hazard }) => expect(times.overall[lag]).toBeCloseTo(hazard, 12));
  });
});

async function sumBy(
  dataset: Dataset,
  table: 'weekly' | 'returns',
  units: string,
): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for await (const batch of dataset.tables.get(table).batches({ columns: ['article', units] })) {
    const { dictionary, values } = batch.strings('article');
    batch.floats(units).forEach((count, row) => {
      const article = dictionary[values[row]!]!;
      sums.set(article, (sums.get(article) ?? 0) + count);
    });
  }
  return sums;
}
