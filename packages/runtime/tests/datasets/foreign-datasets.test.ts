import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HemlineError, collect, formatWeek, valueAt, type Batch } from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';

/*
 * Datasets as others write them: types × layouts × encodings, written by DuckDB and read by it as well. What comes out is what DuckDB
 * reads, row by row, or there is an error that names file and column. There is no third outcome.
 */
const DATASETS = 200;

const ARTICLES = ['VARCHAR', 'INTEGER', 'BIGINT', 'UBIGINT', 'USMALLINT'];
const NUMBERS = [
  ...['DOUBLE', 'FLOAT', 'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'],
  ...['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'HUGEINT'],
  ...['DECIMAL(4,1)', 'DECIMAL(9,2)', 'DECIMAL(18,3)', 'DECIMAL(30,4)', 'DECIMAL(38,0)'],
];
const WEEKS = ['DATE', 'TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE'];
const SHARES = ['DOUBLE', 'FLOAT', 'DECIMAL(5,4)', 'DECIMAL(24,6)'];
const COVARIATES = [...NUMBERS, 'BOOLEAN', 'VARCHAR', 'DATE'];
/** Of columns that nobody declares, and that no type here stands for. */
const OTHERS = ['BLOB', 'TIME', 'UUID', 'INTEGER[]', 'STRUCT(a INTEGER)', 'INTERVAL', 'TIMESTAMP'];
const LAYOUTS = ['flat', 'files', 'market', 'week', 'article/market'] as const;
const SUFFIXES = ['.parquet', '.parq', '.PARQUET', ''];

interface Spec {
  readonly article: string;
  readonly week: string;
  readonly demand: string;
  readonly discount: string;
  readonly promo: string;
  readonly other: string;
  readonly layout: (typeof LAYOUTS)[number];
  readonly suffix: string;
  readonly options: string;
  readonly fault: 'none' | 'negative demand' | 'discount of 1.2' | 'no article';
  readonly articles: number;
  readonly markets: number;
  readonly weeks: number;
}

let folder: string;
let connection: DuckDBConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-foreign-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true, force: true });
});

describe('datasets that DuckDB wrote', () => {
  it(
    `are read as DuckDB reads them, or refused by file and column: ${DATASETS} of them`,
    { timeout: 240_000 },
    async () => {
      const outcomes = { same: 0, refused: 0 };
      for (let seed = 0; seed < DATASETS; seed++) {
        const spec = specOf(seed);
        const directory = join(folder, String(seed));
        await write(spec, directory);
        const expected = await readWithDuckDB(spec, directory);
        const found = await readHere(directory);
        const shown = `seed ${seed}: ${JSON.stringify(spec)}`;
        if (found instanceof HemlineError) {
          expect(found.where.file, `${shown}: ${found.message}`).toBeDefined();
          expect(found.where.column, `${shown}: ${found.message}`).toBeDefined();
          expect(spec.fault, `${shown}: ${found.message}`).not.toBe('none');
          outcomes.refused++;
        } else {
          expect(spec.fault, shown).toBe('none');
          expect(found, shown).toEqual(expected);
          outcomes.same++;
        }
        await rm(directory, { recursive: true });
      }
      // Neither may be all there is.
      expect(outcomes.same).toBeGreaterThan(DATASETS / 2);
      expect(outcomes.refused).toBeGreaterThan(DATASETS / 20);
    },
  );
});

function specOf(seed: number): Spec {
  const random = xoroshiro128plus(seed);
  const below = (n: number): number => uniformInt(random, 0, n - 1);
  const one = <T>(values: readonly T[]): T => values[below(values.length)]!;
  const codec = one(['snappy', 'zstd', 'gzip', 'lz4_raw', 'uncompressed', 'brotli']);
  const spec: Spec = {
    article: one(ARTICLES),
    week: one(WEEKS),
    demand: one(NUMBERS),
    discount: one(SHARES),
    promo: one(COVARIATES),
    other: one(OTHERS),
    layout: one(LAYOUTS),
    suffix: one(SUFFIXES),
    options: `COMPRESSION ${codec}, PARQUET_VERSION ${one(['V1', 'V2'])}, DICTIONARY_SIZE_LIMIT ${one([1, 100])}`,
    fault: one(['none', 'none', 'none', 'none', 'negative demand', 'discount of 1.2', 'no article'] as const),
    articles: 1 + below(4),
    markets: 1 + below(3),
    weeks: 2 + below(8),
  };
  return shows(spec) ? spec : { ...spec, fault: 'none' };
}

/** Whether a fault is in the rows, and in a column that the layout leaves in the files. */
function shows({ fault, demand, layout, articles, markets, weeks }: Spec): boolean {
  if (fault === 'negative demand') return !demand.startsWith('U') && articles + markets + weeks - 3 >= 3;
  return fault !== 'no article' || (layout !== 'article/market' && layout !== 'files');
}

async function write(spec: Spec, directory: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TABLE weekly AS SELECT
    ${articleOf(spec)} AS article, 'M' || m AS market, (DATE '2024-01-01' + 7 * w::INTEGER)::${spec.week} AS week,
    ${spec.fault === 'negative demand' ? 'CASE WHEN a + m + w = 3 THEN -2' : 'CASE WHEN false THEN 0'}
      WHEN (a * 7 + m * 5 + w) % 6 = 0 THEN NULL ELSE (a * 31 + m * 17 + w * 13) % 9 END::${spec.demand} AS demand,
    (${spec.fault === 'discount of 1.2' ? 'CASE WHEN w = 1 THEN 1.2' : 'CASE WHEN false THEN 0'}
      WHEN (a + w) % 5 = 0 THEN NULL ELSE ((a + w) % 8) * 0.05 END)::${spec.discount} AS discount,
    ${promoOf(spec)} AS promo, ${otherOf(spec)} AS other
    FROM range(${spec.articles}) articles(a), range(${spec.markets}) markets(m), range(${spec.weeks}) weeks(w)
    ORDER BY a, m, w`);
  for (const [file, where, hidden] of filesOf(spec)) {
    const path = join(directory, 'weekly', `${file}${spec.suffix}`);
    await mkdir(dirname(path), { recursive: true });
    const columns = hidden.length === 0 ? '*' : `* EXCLUDE (${hidden.join(', ')})`;
    await connection.run(
      `COPY (SELECT ${columns} FROM weekly WHERE ${where}) TO '${path}.writing' (FORMAT parquet, ${spec.options})`,
    );
    await rename(`${path}.writing`, path);
  }
  await writeFile(
    join(directory, 'dataset.json'),
    JSON.stringify({ name: 'foreign', tables: { weekly: { futureCovariates: ['promo'] } } }),
  );
}

/** Files with the rows in them, and the columns that their folders hold. */
function filesOf({ layout, articles, markets, weeks, ...spec }: Spec): [string, string, string[]][] {
  const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const name = (a: number): string => articleText(spec, a);
  switch (layout) {
    case 'flat':
      return [['part-0', 'true', []]];
    case 'files':
      return range(articles).map((a) => [`part-${a}`, `article::VARCHAR = '${name(a)}'`, []]);
    case 'market':
      return range(markets).map((m) => [`market=M${m}/part-0`, `market = 'M${m}'`, ['market']]);
    case 'week':
      return range(weeks).map((w) => {
        const week = formatWeek(19_723 + 7 * w);
        return [`week=${week}/part-0`, `week::DATE = DATE '${week}'`, ['week']];
      });
    case 'article/market':
      return range(articles).flatMap((a) =>
        range(markets).map((m): [string, string, string[]] => [
          `article=${name(a)}/market=M${m}/part-0`,
          `article::VARCHAR = '${name(a)}' AND market = 'M${m}'`,
          ['article', 'market'],
        ]),
      );
  }
}

function articleText({ article }: Pick<Spec, 'article'>, a: number): string {
  return article === 'VARCHAR' ? `A${a}` : String(1001 + a);
}

function articleOf({ article, fault }: Spec): string {
  const value = article === 'VARCHAR' ? "'A' || a" : '1001 + a';
  return `(${fault === 'no article' ? `CASE WHEN w = 1 THEN NULL ELSE ${value} END` : value})::${article}`;
}

function promoOf({ promo }: Spec): string {
  const value =
    promo === 'VARCHAR'
      ? "'p' || (a + w) % 3"
      : promo === 'DATE'
        ? "DATE '2024-01-01' + (a + w)::INTEGER"
        : promo === 'BOOLEAN'
          ? '(a + w) % 2'
          : '(a * 3 + w) % 7';
  return `(CASE WHEN (a + m + w) % 4 = 0 THEN NULL ELSE ${value} END)::${promo}`;
}

function otherOf({ other }: Spec): string {
  switch (other) {
    case 'BLOB':
      return "'\\xFF\\xFE'::BLOB";
    case 'TIME':
      return "TIME '12:30:00'";
    case 'UUID':
      return "'5a2c0fd1-3b1e-4c6c-8d3e-0f4c7e2a9b10'::UUID";
    case 'INTEGER[]':
      return '[a, w]::INTEGER[]';
    case 'INTERVAL':
      return 'INTERVAL 3 DAY';
    case 'TIMESTAMP':
      return "TIMESTAMP '2024-01-01 07:30:00'";
    default:
      return "{'a': a::INTEGER}";
  }
}

async function readWithDuckDB(spec: Spec, directory: string): Promise<unknown[][]> {
  const files = filesOf(spec).map(([file]) => `'${join(directory, 'weekly', `${file}${spec.suffix}`)}'`);
  const promo = ['BOOLEAN', 'VARCHAR'].includes(spec.promo)
    ? 'promo'
    : spec.promo === 'DATE'
      ? 'epoch(promo)::INTEGER / 86400'
      : 'promo::DOUBLE';
  const reader =
    await connection.runAndReadAll(`SELECT article::VARCHAR, market::VARCHAR, week::DATE::VARCHAR,
    demand::DOUBLE, discount::DOUBLE, ${promo}
    FROM read_parquet([${files.join()}], hive_partitioning = true, hive_types_autocast = false, union_by_name = true)
    ORDER BY 1, 2, 3`);
  return reader.getRows();
}

async function readHere(directory: string): Promise<unknown[][] | HemlineError> {
  try {
    const dataset = await openDataset(directory);
    await dataset.validate().catch((error: unknown) => {
      // Series that are scattered over weeks are refused by jobs, which write them anew first.
      if (!(error instanceof HemlineError) || !error.message.includes('spread over two partitions'))
        throw error;
    });
    return rowsOf(await collect(dataset.tables.get('weekly')));
  } catch (error) {
    if (error instanceof HemlineError) return error;
    throw error;
  }
}

function rowsOf(batch: Batch): unknown[][] {
  const columns = ['article', 'market', 'week', 'demand', 'discount', 'promo'].map((name) =>
    batch.column(name),
  );
  const rows = Array.from({ length: batch.length }, (_, row) =>
    columns.map((column) => valueAt(column, row)),
  );
  for (const row of rows) row[2] = formatWeek(row[2] as number);
  return rows.sort((a, b) => (a.slice(0, 3).join() < b.slice(0, 3).join() ? -1 : 1));
}
