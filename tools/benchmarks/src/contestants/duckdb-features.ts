import { DuckDBInstance } from '@duckdb/node-api';
import { checkText } from '../features/twelve-features.ts';
import { printSample, timed } from './sample.ts';

const [file, threads] = process.argv.slice(2) as [string, string];
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
await connection.run(`CREATE TABLE panel AS SELECT * FROM read_parquet('${file}')`);

const before = (rows: number): string => `OVER (series ROWS BETWEEN ${rows} PRECEDING AND 1 PRECEDING)`;
// DuckDB has no exponentially weighted mean: weights that grow with the week give the same.
const weight = "pow(2, (week - DATE '2021-01-04') / 28)";
const SO_FAR = 'OVER (series ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)';
const FEATURES = [
  'lag(demand, 1) OVER series',
  'lag(demand, 4) OVER series',
  'lag(demand, 52) OVER series',
  `avg(demand) ${before(4)}`,
  `avg(demand) ${before(13)}`,
  `stddev_samp(demand) ${before(13)}`,
  `max(demand) ${before(52)}`,
  `avg((demand = 0)::INT) ${before(26)}`,
  `sum(demand * ${weight}) ${SO_FAR} / sum(${weight}) ${SO_FAR}`,
];
const query = `CREATE OR REPLACE TABLE features AS
  WITH means AS (
    SELECT "group", market, week, lag(mean) OVER (PARTITION BY "group", market ORDER BY week) AS f12
    FROM (SELECT "group", market, week, avg(demand) AS mean FROM panel GROUP BY ALL)
  )
  SELECT article, market, week, ${FEATURES.map((sql, i) => `${sql} AS f${i + 1}`).join(', ')},
    week(week) AS f10, discount - lag(discount, 1) OVER series AS f11, f12
  FROM panel JOIN means USING ("group", market, week)
  WINDOW series AS (PARTITION BY article, market ORDER BY week)`;
const { seconds } = await timed(() => connection.run(query));
const names = Array.from({ length: 12 }, (_, i) => `f${i + 1}`);
const sums = await connection.runAndReadAll(
  `SELECT ${names.map((name) => `count(${name})::DOUBLE, sum(${name})::DOUBLE`).join(', ')} FROM features`,
);
const row = sums.getRows()[0] as number[];
const check = names.map((_, i) => checkText(row[2 * i]!, row[2 * i + 1]!));
printSample(seconds, check.join(' '));
connection.closeSync();
