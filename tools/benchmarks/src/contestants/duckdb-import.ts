import { mkdir, rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { importCheck } from './import-check.ts';
import { printSample } from './sample.ts';

/**
 * The script that somebody would write who knows DuckDB well, and this very file: no checks, no counts of what was left out, types
 * stated, and the matching of returns by the same idea.
 */
const [file] = process.argv.slice(2) as [string];
const out = `${file}.${process.pid}.dataset`;
await mkdir(`${out}/weekly`, { recursive: true });
const instance = await DuckDBInstance.create(`${out}/lines.duckdb`, {
  memory_limit: '2GiB',
  threads: '2',
  temp_directory: `${out}/spilled`,
});
const connection = await instance.connect();
const write = (select: string, name: string): string =>
  `COPY (${select}) TO '${out}/${name}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)`;
const pile = 'PARTITION BY customer, article';
const order = 'ORDER BY sold_at, units < 0, line';
const monday = (time: string): string => `CAST(date_trunc('week', ${time}) AS DATE)`;
try {
  const start = performance.now();
  for (const statement of [
    `CREATE TABLE lines AS SELECT customer, article, market, sold_at, units, price FROM read_csv('${file}', header = true, auto_detect = false, delim = ',', quote = '"',
       columns = {receipt: 'BIGINT', customer: 'VARCHAR', article: 'VARCHAR', market: 'VARCHAR', sold_at: 'TIMESTAMP', units: 'INTEGER', price: 'DOUBLE'})`,
    `CREATE TABLE cells AS SELECT article, market, ${monday('sold_at')} AS week, sum(units) AS demand, sum(units * price) / sum(units) AS sales_price
       FROM lines WHERE units > 0 AND price > 0 GROUP BY ALL`,
    `CREATE TABLE weekly AS SELECT *, 1 - sales_price / black_price AS discount FROM (
       SELECT *, max(sales_price) OVER (PARTITION BY article, market ORDER BY week RANGE BETWEEN INTERVAL 84 DAY PRECEDING AND CURRENT ROW) AS black_price FROM cells)`,
    write('FROM weekly ORDER BY article, market, week', 'weekly/weekly.parquet'),
    `CREATE TABLE moves AS
       WITH returned AS (SELECT DISTINCT customer, article FROM lines WHERE units < 0),
       events AS (SELECT customer, article, market, sold_at, units, rowid AS line FROM lines SEMI JOIN returned USING (customer, article)),
       sums AS (SELECT *, sum(units) OVER (${pile} ${order} ROWS UNBOUNDED PRECEDING) AS total FROM events),
       heights AS (SELECT *, CAST(total - least(0, min(total) OVER (${pile} ${order} ROWS UNBOUNDED PRECEDING)) AS BIGINT) AS height FROM sums)
       SELECT *, coalesce(lag(height) OVER (${pile} ${order}), 0) AS before, row_number() OVER (${pile} ${order}) AS place FROM heights`,
    `CREATE TABLE cohorts AS
       WITH cuts AS (
         SELECT customer, article, height AS low, lead(height) OVER (${pile} ORDER BY height) AS high
         FROM (SELECT customer, article, height FROM moves UNION SELECT customer, article, 0 FROM moves)),
       pieces AS (
         SELECT moves.*, low, high FROM moves JOIN cuts ON moves.customer = cuts.customer AND moves.article = cuts.article
         AND low >= least(height, before) AND high <= greatest(height, before)),
       neighbours AS (
         SELECT *, lag(sold_at) OVER by_height AS bought, lag(market) OVER by_height AS of_market FROM pieces
         WINDOW by_height AS (PARTITION BY customer, article, low ORDER BY place))
       SELECT article, of_market AS market, ${monday('bought')} AS sale_week, ${monday('sold_at')} AS return_week, sum(high - low) AS units
       FROM neighbours WHERE units < 0 AND ${monday('sold_at')} - ${monday('bought')} <= 98 GROUP BY ALL`,
    write('FROM cohorts ORDER BY ALL', 'returns.parquet'),
    write('SELECT DISTINCT article FROM cells ORDER BY ALL', 'articles.parquet'),
    write('SELECT DISTINCT market FROM cells ORDER BY ALL', 'markets.parquet'),
  ])
    await connection.run(statement);
  printSample((performance.now() - start) / 1000, await importCheck(out));
} finally {
  connection.closeSync();
  instance.closeSync();
  await rm(out, { recursive: true, force: true });
}
