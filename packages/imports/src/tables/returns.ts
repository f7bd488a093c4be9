import { RETURN_MATURITY_WEEKS } from '@hemline/core';
import { RETURN, SALE } from '../lines/reasons.ts';
import type { ImportMap } from '../map/import-map.ts';
import type { Database } from '../sql/database.ts';
import { MICRO } from '../sql/values.ts';
import { weekSql } from './weekly.ts';

/** Lines and units that have something in common. A line counts when at least one of its units does. */
export interface ReturnCount {
  readonly lines: number;
  readonly units: number;
}

/** What became of the units that came back. */
export interface ReturnCounts {
  /** In the table of returns. */
  readonly inTime: ReturnCount;
  /** Matched, and later than models of returns know: left out. */
  readonly late: ReturnCount;
  /** Lines that do not say whose, or of which document, they are. */
  readonly withoutParty: ReturnCount;
  /** More than had been bought before. */
  readonly withoutPurchase: ReturnCount;
}

/**
 * Matches returns to purchases and sums them by article, market, week of the sale and week of the return into the table
 * `cohorts`. A return takes from the latest earlier purchase of the same article by the same party; what exceeds the
 * units left of it, from the one before, and so on.
 *
 * Think of the units that somebody holds of an article as a pile: a purchase lays units on it, a return takes them from
 * the top. Each event covers a piece of the pile's height, and a unit that is taken at some height is the one that was
 * laid there last. So events are cut at all heights that occur in their pile, and each piece of a return finds its purchase
 * directly before it. All of it is sorting and joining, which goes beyond memory.
 * @param database with the table `lines`
 * @param map of the import
 * @returns counts
 */
export async function matchReturns(database: Database, map: ImportMap): Promise<ReturnCounts> {
  const first = map.returns!.sameTime ? 'kind' : 'kind DESC';
  const order = `ORDER BY moment, ${first}, line`;
  const pile = 'PARTITION BY party, article';
  await database.run(
    `CREATE TABLE moves AS
     WITH returned AS (SELECT DISTINCT party, article FROM lines WHERE kind = ${RETURN} AND party IS NOT NULL),
     events AS (
       SELECT party, article, market, moment, kind, rowid AS line, CASE kind WHEN ${SALE} THEN units ELSE -abs(units) END AS change
       FROM lines SEMI JOIN returned USING (party, article) WHERE kind IN (${SALE}, ${RETURN})
     ),
     sums AS (SELECT *, sum(change) OVER (${pile} ${order} ROWS UNBOUNDED PRECEDING) AS total FROM events),
     heights AS (
       -- A pile is never lower than nothing: what was returned without a purchase lies below.
       SELECT *, CAST(total - least(0, min(total) OVER (${pile} ${order} ROWS UNBOUNDED PRECEDING)) AS BIGINT) AS height FROM sums
     )
     SELECT party, article, market, moment, kind, line, change, height,
       coalesce(lag(height) OVER (${pile} ${order}), 0) AS before,
       row_number() OVER (${pile} ${order}) AS place
     FROM heights`,
    'matching returns',
  );
  await database.run(
    `CREATE TABLE matches AS
     WITH cuts AS (
       SELECT party, article, height AS low, lead(height) OVER (${pile} ORDER BY height) AS high
       FROM (SELECT DISTINCT party, article, height FROM moves UNION SELECT DISTINCT party, article, CAST(0 AS BIGINT) FROM moves)
     ),
     pieces AS (
       SELECT moves.*, low, high FROM moves JOIN cuts
       ON moves.party = cuts.party AND moves.article = cuts.article
       AND cuts.low >= least(moves.height, moves.before) AND cuts.high <= greatest(moves.height, moves.before)
     ),
     neighbours AS (
       SELECT *, lag(moment) OVER by_height AS bought, lag(market) OVER by_height AS of_market FROM pieces
       WINDOW by_height AS (PARTITION BY party, article, low ORDER BY place)
     )
     SELECT article, of_market AS market, ${weekSql('bought', map)} AS sale_week, ${weekSql('moment', map)} AS return_week, line, high - low AS units
     FROM neighbours WHERE kind = ${RETURN}`,
    'matching returns',
  );
  const inTime = `return_week - sale_week <= ${RETURN_MATURITY_WEEKS * 7}`;
  await database.run(
    `CREATE TABLE cohorts AS SELECT article, market, sale_week, return_week, sum(units) / ${MICRO} AS units FROM matches WHERE ${inTime} GROUP BY ALL`,
    'summing returns',
  );
  const count = (what: string, units: string, from: string): Promise<ReturnCount> =>
    counted(database, `SELECT ${what}, coalesce(sum(${units}), 0) / ${MICRO} FROM ${from}`);
  return {
    inTime: await count('count(DISTINCT line)', 'units', `matches WHERE ${inTime}`),
    late: await count('count(DISTINCT line)', 'units', `matches WHERE NOT (${inTime})`),
    withoutParty: await count('count(*)', 'abs(units)', `lines WHERE kind = ${RETURN} AND party IS NULL`),
    withoutPurchase: await count(
      'count(*)',
      '-change - (before - height)',
      `moves WHERE kind = ${RETURN} AND -change > before - height`,
    ),
  };
}

async function counted(database: Database, sql: string): Promise<ReturnCount> {
  const [row] = await database.rows(sql);
  return { lines: Number(row![0]), units: row![1] as number };
}
