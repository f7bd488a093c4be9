import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatWeek, type Batch } from '@hemline/core';
import { ARTICLE_HIERARCHY, ArticleAttributes, returnTimeHazard } from '@hemline/features';
import { importDataset, readMap, type ImportSummary, type ReturnCount } from '@hemline/imports';
import { openParquet } from '@hemline/parquet';
import { openDataset, type Dataset } from '@hemline/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** What other engines and other methods make of the same file; the recipe is tests/oracle/make.py. */
interface Golden {
  readonly lines: number;
  readonly kinds: Readonly<Record<string, ReturnCount>>;
  readonly returns: Readonly<Record<string, ReturnCount>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly firstWeek: string;
  readonly lastWeek: string;
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

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const invoices = here('../../../../../shared/data/online-retail/invoices.parquet');
const missing = !existsSync(invoices);

describe.skipIf(missing)(`online retail${missing ? ' (skipped: ../shared/data is not there)' : ''}`, () => {
  let folder = '';
  let golden: Golden;
  let summary: ImportSummary;
  let dataset: Dataset;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hemline-reference-'));
    golden = JSON.parse(await readFile(here('../golden/online-retail.json'), 'utf8')) as Golden;
    const map = await readMap(here('../../online-retail/map.json'));
    summary = await importDataset({ source: invoices, map, out: join(folder, 'out') });
    dataset = await openDataset(summary.out);
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('lines, matches and rows are those of the other engines', () => {
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

  test('the dataset is known up to its last week', async () => {
    expect(formatWeek(await dataset.lastKnownWeek())).toBe(golden.lastWeek);
  });

  test('units sold and returned, in all and by article and lag', async () => {
    const sold = await sumBy(table('weekly'), 'demand');
    const returned = await sumBy(table('returns'), 'units');
    const all = (sums: ReadonlyMap<string, number>): number => [...sums.values()].reduce((a, b) => a + b, 0);
    expect(all(sold)).toBe(golden.soldUnits);
    expect(all(returned) / all(sold)).toBeCloseTo(golden.returnRate, 12);
    expect(golden.topArticles).toHaveLength(10);
    for (const { article, ...units } of golden.topArticles)
      expect({ sold: sold.get(article), returned: returned.get(article) ?? 0 }).toEqual(units);
    const byLag = new Array<number>(golden.returnedUnitsByLag.length).fill(0);
    for await (const batch of table('returns')) {
      const [sale, back] = [batch.weeks('sale_week'), batch.weeks('return_week')];
      batch.floats('units').forEach((count, row) => (byLag[(back[row]! - sale[row]!) / 7]! += count));
    }
    expect(byLag).toEqual(golden.returnedUnitsByLag);
  });

  test('weeks, units and prices of some series', async () => {
    for (const { article, market, rows } of golden.series) {
      const found: Record<string, unknown>[] = [];
      for await (const batch of table('weekly')) {
        const [articles, markets] = [batch.strings('article'), batch.strings('market')];
        const wanted = [articles.dictionary.indexOf(article), markets.dictionary.indexOf(market)];
        for (let row = 0; row < batch.length; row++) {
          if (articles.values[row] !== wanted[0] || markets.values[row] !== wanted[1]) continue;
          found.push({
            week: formatWeek(batch.weeks('week')[row]!),
            demand: batch.floats('demand')[row],
            salesPrice: expect.closeTo(batch.floats('sales_price')[row]!, 9),
            blackPrice: expect.closeTo(batch.floats('black_price')[row]!, 9),
            discount: expect.closeTo(batch.floats('discount')[row]!, 9),
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

  /** Rows as they are written, without the weeks of no sale that a dataset adds. */
  async function* table(name: string): AsyncGenerator<Batch> {
    yield* (await openParquet(join(summary.out, `${name}.parquet`))).batches();
  }
});

async function sumBy(batches: AsyncIterable<Batch>, units: string): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for await (const batch of batches) {
    const { dictionary, values } = batch.strings('article');
    batch.floats(units).forEach((count, row) => {
      const article = dictionary[values[row]!]!;
      sums.set(article, (sums.get(article) ?? 0) + count);
    });
  }
  return sums;
}
