import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../sql/database.ts';
import { identifier, literal } from '../sql/quote.ts';

/** Rows of a row group: what a reader holds at a time. */
const ROW_GROUP_ROWS = 131_072;
/**
 * Writes the weekly table: one file, or a folder for each market where it is large, sorted by article, market and week.
 * @param database with the view `weekly`
 * @param columns to write
 * @param folder of the dataset
 * @param rowsPerFile a table of more rows is written by market: jobs hold a partition at a time
 * @returns rows
 */
export async function writeWeekly(
  database: Database,
  columns: readonly string[],
  folder: string,
  rowsPerFile: number,
): Promise<number> {
  const [[count]] = (await database.rows('SELECT count(*) FROM cells')) as [[bigint]];
  if (Number(count) <= rowsPerFile) {
    const select = `SELECT ${columns.map(identifier).join(', ')} FROM weekly ORDER BY article, market, week`;
    await writeTable(database, select, join(folder, 'weekly.parquet'), 'writing weekly');
    return Number(count);
  }
  // Windows over the whole table are worked out once, not for each market.
  await database.run('CREATE TABLE weekly_rows AS FROM weekly', 'working out prices');
  const markets = await database.rows('SELECT DISTINCT market FROM cells ORDER BY market');
  const others = columns.filter((column) => column !== 'market').map(identifier);
  for (const [market] of markets as [string][]) {
    const place = join(folder, 'weekly', `market=${encodeURIComponent(market)}`);
    await mkdir(place, { recursive: true });
    const select = `SELECT ${others.join(', ')} FROM weekly_rows WHERE market = ${literal(market)} ORDER BY article, week`;
    await writeTable(database, select, join(place, 'part-00000.parquet'), `writing ${market}`);
  }
  return Number(count);
}

/**
 * Writes rows as Parquet.
 * @param database to ask
 * @param select of the rows, in their order
 * @param file to write
 * @param phase told meanwhile
 */
export async function writeTable(
  database: Database,
  select: string,
  file: string,
  phase: string,
): Promise<void> {
  await database.run(
    `COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
    phase,
  );
}
