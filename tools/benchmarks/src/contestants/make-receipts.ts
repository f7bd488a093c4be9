import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * Makes lines of receipts over 104 weeks, in the order of time: some articles sell often and most seldom, prices fall with age, and
 * one of eleven lines is the return of an earlier one.
 */
const [path, rows] = process.argv.slice(2) as [string, string];
const sold = Math.round((Number(rows) * 10) / 11);
const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: '12GiB',
  threads: '2',
  temp_directory: `${path}.spilled`,
});
const connection = await instance.connect();
const whole = (seed: number, below: number): string => `CAST(hash(i * 8 + ${seed}) % ${below} AS INTEGER)`;
await connection.run(`
  COPY (
    WITH sales AS (
      SELECT i, ${whole(1, Math.max(1000, Math.round(sold / 25)))} AS customer,
        CAST(floor(pow(${whole(2, 1_000_000)} / 1e6, 3) * 20000) AS INTEGER) AS article,
        ${whole(3, 14)} AS market, CAST(floor(i / ${sold} * 104 * 7 * 24 * 60) AS INTEGER) AS minute, 1 + ${whole(4, 20)} // 17 AS units
      FROM range(${sold}) AS made(i)
    ), lines AS (
      FROM sales
      UNION ALL
      SELECT i + 0.5, customer, article, market, minute + 1440 * (2 + ${whole(5, 40)}), -1 FROM sales WHERE i % 10 = 0
    )
    SELECT CAST(i * 2 AS BIGINT) AS receipt, 'K' || lpad(CAST(customer AS VARCHAR), 8, '0') AS customer,
      '1' || lpad(CAST(article AS VARCHAR), 7, '0') AS article, 'M' || lpad(CAST(market AS VARCHAR), 2, '0') AS market,
      TIMESTAMP '2023-01-02' + to_minutes(minute) AS sold_at, units,
      printf('%.2f', (999 + article % 90 * 100) * (1 - 0.1 * (minute // 262080 % 4)) / 100) AS price
    FROM lines ORDER BY minute, i
  ) TO '${path}' (FORMAT csv, HEADER)`);
connection.closeSync();
instance.closeSync();
await rm(`${path}.spilled`, { recursive: true, force: true });
