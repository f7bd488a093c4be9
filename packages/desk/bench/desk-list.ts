/**
 * Measures the list of the desk on generated recommendations, beside DuckDB on the same Parquet file:
 *   npx hemline-node packages/desk/bench/desk-list.ts [ROWS] [WEEKS]
 * Prints JSON: seconds to read, milliseconds of first rows, sorts and filters (medians), resident bytes.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Batch,
  type Column,
  dateColumn,
  float64Column,
  formatWeek,
  parseWeek,
  stringColumn,
  stringsToColumn,
} from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { writeParquetFile } from '@hemline/stores';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Filter, RowsQuery, SortColumn } from '../src/api/index.ts';
import { ListView } from '../src/list/list-view.ts';
import { readList } from '../src/list/read-list.ts';
import { newRowStates } from '../src/list/row-states.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const WEEKS = Number(process.argv[3] ?? 4);
const MARKETS = ['AT', 'DE', 'FR', 'PL'];
const GROUPS = ['boots', 'jackets', 'knitwear', 'sandals', 'shirts', 'sneakers', 'socks', 'trousers'];
const REASONS = ['demand', 'hold', 'limit', 'season-end', 'stock'];
const FIRST = parseWeek('2026-01-05');
/** Articles of a batch. */
const AT_A_TIME = 5000;

const articles = Math.ceil(ROWS / MARKETS.length);
const nameOf = (a: number): string => `A${String(a).padStart(8, '0')}`;
/** Evenly spread, the same every time. */
const drawn = (seed: number): number => {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
};

function* recommendations(): Generator<Batch> {
  for (let from = 0; from < articles; from += AT_A_TIME) {
    const own = Math.min(AT_A_TIME, articles - from);
    const length = own * MARKETS.length * WEEKS;
    const each = (pick: (a: number, m: number, t: number, i: number) => number): Float64Array =>
      Float64Array.from({ length }, (_, i) =>
        pick(
          from + Math.floor(i / (MARKETS.length * WEEKS)),
          Math.floor(i / WEEKS) % MARKETS.length,
          i % WEEKS,
          from * 97 + i,
        ),
      );
    const price = (a: number): number => 10 + Math.round(9000 * drawn(a)) / 100;
    const held = each((a, m) => Math.floor(8 * drawn(a * 4 + m)) / 20);
    const discount = each((a, m, t, i) =>
      Math.min(0.7, held[i - from * 97]! + Math.floor(4 * drawn(a * 31 + m * 7 + t)) / 20),
    );
    const sales = each((_a, _m, _t, i) => 30 * drawn(i + 1));
    const heldSales = sales.map((units, i) => units * (0.7 + 0.3 * drawn(i)));
    yield new Batch({
      article: stringColumn(
        Int32Array.from({ length }, (_, i) => Math.floor(i / (MARKETS.length * WEEKS))),
        Array.from({ length: own }, (_, k) => nameOf(from + k)),
      ),
      market: stringColumn(
        Int32Array.from({ length }, (_, i) => Math.floor(i / WEEKS) % MARKETS.length),
        MARKETS,
      ),
      week: dateColumn(Int32Array.from({ length }, (_, i) => FIRST + 7 * (i % WEEKS))),
      discount: float64Column(discount),
      price: float64Column(each((a, _m, _t, i) => price(a) * (1 - discount[i - from * 97]!))),
      sales: float64Column(sales),
      profit: float64Column(sales.map((units) => units * 9)),
      held_discount: float64Column(held),
      held_sales: float64Column(heldSales),
      held_profit: float64Column(heldSales.map((units) => units * 9.5)),
      reason: stringColumn(
        Int32Array.from({ length }, (_, i) => Math.floor(5 * drawn(from + i + 5))),
        REASONS,
      ),
      support: float64Column(each((_a, _m, _t, i) => Math.floor(100 * drawn(i + 3)))),
    });
  }
}

async function generate(folder: string): Promise<{ readonly place: string; readonly file: string }> {
  const names = function* (
    pick: (own: readonly number[]) => Readonly<Record<string, Column>>,
  ): Generator<Batch> {
    for (let from = 0; from < articles; from += AT_A_TIME)
      yield new Batch(pick(Array.from({ length: Math.min(AT_A_TIME, articles - from) }, (_, k) => from + k)));
  };
  const file = join(folder, 'recommendations-1.parquet');
  await writeParquetFile(file, recommendations());
  await writeParquetFile(
    join(folder, 'articles-1.parquet'),
    names((own) => ({
      article: stringsToColumn(own.map(nameOf)),
      gain: float64Column(Float64Array.from(own, (a) => 100 * drawn(a) - 20)),
    })),
  );
  await writeFile(
    join(folder, '_summary.json'),
    JSON.stringify({ cutoff: formatWeek(FIRST - 7), weeks: WEEKS, limits: [] }),
  );
  const data = join(folder, 'data');
  await mkdir(data);
  await writeParquetFile(
    join(data, 'articles.parquet'),
    names((own) => ({
      article: stringsToColumn(own.map(nameOf)),
      group: stringsToColumn(own.map((a) => GROUPS[a % GROUPS.length]!)),
      season: stringsToColumn(own.map((a) => (a % 3 === 0 ? 'NOS' : 'SS26'))),
    })),
  );
  await writeParquetFile(join(data, 'markets.parquet'), [new Batch({ market: stringsToColumn(MARKETS) })]);
  await writeParquetFile(
    join(data, 'weekly.parquet'),
    names((own) => {
      const rows = own.flatMap((a) => MARKETS.map((market) => ({ a, market })));
      return {
        article: stringsToColumn(rows.map(({ a }) => nameOf(a))),
        market: stringsToColumn(rows.map(({ market }) => market)),
        week: dateColumn(new Int32Array(rows.length).fill(FIRST - 7)),
        demand: float64Column(Float64Array.from(rows, ({ a }) => 5 * drawn(a))),
        stock: float64Column(Float64Array.from(rows, ({ a }) => Math.floor(500 * drawn(a + 9)))),
      };
    }),
  );
  return { place: folder, file };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const rounded = (value: number): number => Math.round(10 * value) / 10;

const folder = await mkdtemp(join(tmpdir(), 'hemline-desk-bench-'));
try {
  const { place, file } = await generate(folder);
  const dataset = await openDataset(join(folder, 'data'));
  const files = [
    {
      partition: 'recommendations',
      file: 'recommendations-1.parquet',
      rows: articles * MARKETS.length * WEEKS,
    },
    { partition: 'articles', file: 'articles-1.parquet', rows: articles },
  ];
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const began = performance.now();
  const { list } = await readList(
    { place, manifest: { files } } as unknown as Parameters<typeof readList>[0],
    dataset,
  );
  const readSeconds = (performance.now() - began) / 1000;
  const view = new ListView(list, newRowStates(list.rows));
  const query = (filter: Filter, by: SortColumn, descending = true): RowsQuery => ({
    filter,
    sort: { by, descending },
    offset: 0,
    count: 100,
  });
  const timed = (asked: RowsQuery): number => {
    const from = performance.now();
    const { rows } = view.answer(asked);
    JSON.stringify(rows);
    return performance.now() - from;
  };
  const preparing = performance.now();
  view.prepare(['article', 'gain']);
  const prepareSeconds = (performance.now() - preparing) / 1000;
  const firstRows = timed(query({}, 'article', false));
  const firstSort = (['gain', 'cover', 'stock', 'change', 'group', 'recommended'] as const).map((by) =>
    timed(query({}, by)),
  );
  const asked: RowsQuery[] = [];
  for (const by of ['gain', 'cover', 'stock', 'change', 'recommended'] as const)
    for (const market of MARKETS)
      for (const group of GROUPS.slice(0, 4)) {
        asked.push(query({ markets: [market], groups: [group], gain: { from: 5 } }, by));
        asked.push(query({ text: `7${market.length}${group.length}`, states: ['proposed'] }, by));
        asked.push(query({ cover: { to: 20 }, change: { from: 0.05 } }, by, false));
      }
  const both = asked.map((each, i) =>
    timed({ ...each, filter: { ...each.filter, support: { from: i / 1000 } } }),
  );
  clearInterval(watch);
  const db = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  const sql = `SELECT article, market, sum(profit - held_profit) AS gain, any_value(discount) AS discount FROM read_parquet('${file}')
    WHERE market = 'DE' GROUP BY ALL HAVING gain > 5 ORDER BY gain DESC LIMIT 100`;
  const duck: number[] = [];
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    await (await db.runAndReadAll(sql)).getRows();
    duck.push(performance.now() - from);
  }
  await db.run(
    `CREATE TABLE list AS SELECT article, market, sum(profit - held_profit) AS gain, any_value(discount) AS discount FROM read_parquet('${file}') GROUP BY ALL`,
  );
  const duckTable: number[] = [];
  for (let i = 0; i < 5; i++) {
    const from = performance.now();
    await (
      await db.runAndReadAll(
        "SELECT * FROM list WHERE market = 'DE' AND gain > 5 ORDER BY gain DESC LIMIT 100",
      )
    ).getRows();
    duckTable.push(performance.now() - from);
  }
  const figures = {
    rows: list.rows,
    weeks: WEEKS,
    readSeconds: rounded(readSeconds),
    prepareSeconds: rounded(prepareSeconds),
    firstRowsMs: rounded(firstRows),
    firstSortMs: rounded(median(firstSort)),
    slowestFirstSortMs: rounded(Math.max(...firstSort)),
    filterAndSortMs: rounded(median(both)),
    slowestFilterAndSortMs: rounded(Math.max(...both)),
    memoryMb: Math.round(most / 1e6),
    duckdbParquetMs: rounded(median(duck)),
    duckdbTableMs: rounded(median(duckTable)),
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
