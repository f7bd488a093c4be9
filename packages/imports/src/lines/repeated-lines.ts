import { DataError } from '@hemline/core';
import type { ImportMap } from '../map/import-map.ts';
import type { Database } from '../sql/database.ts';
import { RETURN, SALE } from './reasons.ts';

/**
 * Checks that nothing is told twice: a day of a daily table by two lines, or days by two files whose exports overlap.
 * @param database with the table `lines`, which names the files where there are several
 * @param map of the import
 * @param hasFiles whether it does
 * @throws DataError that names the first day that is
 */
export async function checkRepeats(database: Database, map: ImportMap, hasFiles: boolean): Promise<void> {
  if (map.sales.repeats === 'add') return;
  if (map.sales.kind === 'daily') await checkDays(database);
  else if (hasFiles) await checkFiles(database);
}

async function checkDays(database: Database): Promise<void> {
  const [twice] = await database.rows(
    `SELECT article, market, strftime(moment, '%Y-%m-%d'), count(*) FROM lines WHERE kind = ${SALE}
     GROUP BY article, market, moment HAVING count(*) > 1 ORDER BY ALL LIMIT 1`,
    {},
    'looking for repeated days',
  );
  if (twice === undefined) return;
  const [article, market, day, count] = twice as [string, string, string, bigint];
  throw new DataError('a day of a daily table has several lines', {
    expected: 'one line of each article, market and day',
    found: `${count} of article ${article} in ${market} on ${day}`,
    where: { table: 'sales' },
    remedy: SETTLED,
  });
}

const SETTLED =
  'Take one of the exports out, or cut them with "from" and "to" of the map; where such lines are sales of their own, say "repeats": "add" under sales.';

/**
 * Checks that nothing of another section is told twice by two files: a price list by itself and its copy, days of the others by exports that
 * overlap. Stock and costs would count twice, and of a price list nobody knows which file is meant when one is corrected.
 * @param database with the table, which names the files
 * @param section of the map
 * @param table of its lines
 * @throws DataError that names two such files
 */
export async function checkRepeatedFiles(database: Database, section: string, table: string): Promise<void> {
  const columns = (await database.rows(`SELECT column_name FROM (DESCRIBE ${table})`)).map(([name]) =>
    String(name),
  );
  const has = (name: string): boolean => columns.includes(name);
  const told = columns.filter((name) => name !== 'file_path' && name !== 'kind');
  const found = await firstRepeat(database, {
    ...{ table, kinds: [SALE], line: `hash(${told.join(', ')})` },
    market: has('market') && has('moment') ? 'market' : 'NULL',
    // A list has no days of its own: it is told again as a whole, or it goes on.
    day: has('moment') ? 'CAST(moment AS DATE)' : `DATE '1970-01-01'`,
  });
  if (found === undefined) return;
  const { one, other, lines, first } = found;
  const all = `${lines.toLocaleString('en')} lines`;
  throw new DataError(`two files of ${section} tell the same`, {
    expected: 'every line once',
    found: `${has('moment') ? `${all} from ${first} on` : `all its ${all}`} in ${other} too`,
    where: { file: one },
    remedy: has('moment')
      ? 'Take one of the exports out, or cut them with "from" and "to" of the map; where such lines are of their own, put them into one file.'
      : 'Take one of them out.',
  });
}

async function checkFiles(database: Database): Promise<void> {
  const found = await firstRepeat(database, {
    ...{ table: 'lines', kinds: [SALE, RETURN], line: 'hash(article, moment, units, revenue)' },
    ...{ market: 'market', day: 'CAST(moment AS DATE)' },
  });
  if (found === undefined) return;
  const { one, other, lines, first } = found;
  throw new DataError('two files tell the same days', {
    expected: 'every line of sales once',
    found: `lines from ${first} on in ${other} too (${lines.toLocaleString('en')} in all)`,
    where: { file: one },
    remedy: SETTLED,
  });
}

/** What of lines is compared, as SQL. */
interface Compared {
  readonly table: string;
  readonly kinds: readonly number[];
  readonly market: string;
  readonly day: string;
  readonly line: string;
}

/**
 * Days of a market that two files tell alike, where the two have no day that they tell differently: then one export goes on where the
 * other has not ended. Files of tills or departments have the same days, and other lines.
 */
async function firstRepeat(
  database: Database,
  { table, kinds, market, day, line }: Compared,
): Promise<{ one: string; other: string; lines: number; first: string } | undefined> {
  await database.run(
    `CREATE TABLE told AS SELECT file_path, ${market} AS market, ${day} AS day, count(*) AS lines, bit_xor(${line}) AS mixed, sum(CAST(${line} % 4294967296 AS BIGINT)) AS summed
     FROM ${table} WHERE kind IN (${kinds.join(', ')}) GROUP BY ALL`,
    'looking for repeated days',
  );
  const [found] = await database.rows(
    `WITH alike AS (
       SELECT a.file_path AS one, b.file_path AS other, count(*) AS days, sum(a.lines) AS lines, min(a.day) AS first
       FROM told a JOIN told b ON a.market IS NOT DISTINCT FROM b.market AND a.day = b.day AND a.lines = b.lines AND a.mixed = b.mixed AND a.summed = b.summed
       WHERE a.file_path < b.file_path GROUP BY ALL
     ), common AS (
       SELECT one, other, count(*) AS days FROM alike
       JOIN told a ON a.file_path = one JOIN told b ON b.file_path = other AND a.market IS NOT DISTINCT FROM b.market AND a.day = b.day GROUP BY ALL
     )
     SELECT one, other, CAST(lines AS BIGINT), strftime(first, '%Y-%m-%d') FROM alike JOIN common USING (one, other)
     WHERE alike.days = common.days ORDER BY ALL LIMIT 1`,
  );
  await database.run('DROP TABLE told');
  if (found === undefined) return undefined;
  const [one, other, lines, first] = found as [string, string, bigint, string];
  return { one: database.nameOf(one), other: database.nameOf(other), lines: Number(lines), first };
}
