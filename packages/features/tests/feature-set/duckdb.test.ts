import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { change, current, earlier, lessGroup, ofOthers } from '../../src/kinds/planned.ts';
import { countEncoding, groupRolling, targetEncoding } from '../../src/kinds/groups.ts';
import { expanding, rolling, seasonal } from '../../src/kinds/windows.ts';
import { exponential, trend, weeksSince } from '../../src/kinds/recency.ts';
import { FeatureSet } from '../../src/feature-set/feature-set.ts';
import { fillWeeks, type FilledPanel } from '../../src/panel/filled-panel.ts';
import { future, past } from '../../src/kinds/covariate.ts';
import { lag } from '../../src/kinds/lag.ts';
import { stockUplift, weeksOfCover } from '../../src/kinds/stock.ts';
import { weekOfYear } from '../../src/kinds/calendar.ts';
import type { Feature } from '../../src/kinds/feature.ts';
import { randomPanel } from '../support/panels.ts';

const demand = past('demand');
const discount = future('discount');
const FRAME = 'PARTITION BY series ORDER BY week ROWS BETWEEN';

const CAME =
  'stock - (lag(stock) OVER (PARTITION BY series ORDER BY week) - lag(x) OVER (PARTITION BY series ORDER BY week))';

/** A statistic over a frame, in SQL; x is the value. Features leave out missing values, as SQL does. */
const STATISTICS = {
  mean: 'avg(x)',
  sum: 'sum(x)',
  std: 'stddev_samp(x)',
  min: 'min(x)',
  max: 'max(x)',
  zeroShare: 'avg((x = 0)::INT)',
  quantile: 'quantile_cont(x, 0.3)',
} as const;

/** Each feature with the SQL that gives it as of a row; the row that looks comes `shift` rows later. */
const CASES: readonly { readonly feature: Feature; readonly asOf: string; readonly shift?: number }[] = [
  { feature: lag(demand), asOf: 'x' },
  { feature: lag(demand, { lag: 5 }), asOf: 'x', shift: 5 },
  ...Object.entries(STATISTICS).flatMap(([name, sql]) => {
    const statistic = { statistic: name as keyof typeof STATISTICS, quantile: 0.3 };
    return [
      ...(name === 'std' ? [2, 4, 13] : [1, 2, 4, 13]).map((window) => ({
        feature: rolling(demand, { ...statistic, window }),
        asOf: `${sql} OVER (${FRAME} ${window - 1} PRECEDING AND CURRENT ROW)`,
      })),
      {
        feature: rolling(demand, { ...statistic, window: 6, lag: 3, minSamples: 4 }),
        asOf: `CASE WHEN count(x) OVER (${FRAME} 5 PRECEDING AND CURRENT ROW) >= 4 THEN ${sql} OVER (${FRAME} 5 PRECEDING AND CURRENT ROW) END`,
        shift: 3,
      },
      {
        feature: expanding(demand, statistic),
        asOf: `${sql} OVER (${FRAME} UNBOUNDED PRECEDING AND CURRENT ROW)`,
      },
      {
        feature: seasonal(demand, { ...statistic, window: 3, seasonWeeks: 4 }),
        asOf: `${sql} OVER (PARTITION BY series, (week / 7) % 4 ORDER BY week ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)`,
        shift: 4,
      },
    ];
  }),
  {
    feature: trend(demand, { window: 9 }),
    asOf: `regr_slope(x, (week / 7)::DOUBLE) OVER (${FRAME} 8 PRECEDING AND CURRENT ROW)`,
  },
  {
    feature: exponential(demand, { halfLife: 3 }),
    asOf: `(SELECT sum(e.x * pow(2, -(w.week - e.week) / 21)) / sum(CASE WHEN e.x IS NOT NULL THEN pow(2, -(w.week - e.week) / 21) END)
       FROM rows e WHERE e.series = w.series AND e.week <= w.week)`,
  },
  {
    feature: weeksSince(demand, { limit: 5 }),
    asOf: `CASE WHEN count(x) OVER (${FRAME} UNBOUNDED PRECEDING AND CURRENT ROW) > 0 THEN
       least(5, coalesce((week - max(CASE WHEN x > 0 THEN week END) OVER (${FRAME} UNBOUNDED PRECEDING AND CURRENT ROW)) / 7, 5)) END`,
  },
  {
    feature: stockUplift(),
    asOf: `CASE WHEN (${CAME}) < 0 THEN 0 ELSE ${CAME} END`,
  },
  {
    feature: weeksOfCover({ window: 3, limit: 20 }),
    asOf: `CASE WHEN stock IS NOT NULL AND count(x) OVER (${FRAME} 2 PRECEDING AND CURRENT ROW) > 0 THEN
       CASE WHEN stock = 0 THEN 0 ELSE least(20, stock / avg(x) OVER (${FRAME} 2 PRECEDING AND CURRENT ROW)) END END`,
  },
  { feature: current(discount), asOf: 'discount', shift: 0 },
  {
    feature: change(discount, { weeks: 2 }),
    asOf: 'discount - lag(discount, 2) OVER (PARTITION BY series ORDER BY week)',
    shift: 0,
  },
  {
    feature: earlier(discount, { weeks: 2 }),
    asOf: 'lag(discount, 2) OVER (PARTITION BY series ORDER BY week)',
    shift: 0,
  },
  {
    feature: ofOthers(discount, { by: ['market'] }),
    asOf: `(SELECT avg(e.discount) FROM rows e
       WHERE e.market = w.market AND e.week = w.week AND e.series <> w.series)`,
    shift: 0,
  },
  {
    feature: lessGroup(discount, { by: ['group', 'market'] }),
    asOf: 'discount - avg(discount) OVER (PARTITION BY grp, market, week)',
    shift: 0,
  },
  { feature: weekOfYear(), asOf: "week(DATE '1970-01-01' + week::INT)", shift: 0 },
  ...(['mean', 'sum', 'zeroShare'] as const).map((statistic) => ({
    feature: groupRolling(demand, { statistic, by: ['group', 'market'], window: 3 }),
    asOf: `(SELECT ${STATISTICS[statistic]} FROM rows e
       WHERE e.grp = w.grp AND e.market = w.market AND e.week BETWEEN w.week - 14 AND w.week)`,
  })),
  {
    feature: targetEncoding(demand, { by: ['group'], strength: 7 }),
    asOf: `(SELECT (coalesce(sum(CASE WHEN e.grp = w.grp THEN e.x END), 0) + 7 * avg(e.x)) / (count(CASE WHEN e.grp = w.grp THEN e.x END) + 7)
       FROM rows e WHERE e.week <= w.week)`,
  },
  {
    feature: countEncoding({ by: ['group'] }),
    asOf: '(SELECT count(e.x) FROM rows e WHERE e.grp = w.grp AND e.week <= w.week)',
  },
];

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

describe.each([
  ['with gaps and missing values', 1, { series: 18, weeks: 30, missing: 0.25 }],
  ['without either', 2, { series: 8, weeks: 24, missing: 0 }],
  ['mostly empty', 3, { series: 12, weeks: 24, missing: 0.8 }],
])("features equal DuckDB's window functions: a panel %s", (_name, seed, shape) => {
  const panel = fillWeeks(randomPanel(seed, shape));
  const cutoff = panel.weeks.reduce((a, b) => Math.max(a, b));
  const columns = new FeatureSet(CASES.map(({ feature }) => feature)).transform(panel, { cutoff });
  beforeAll(() => load(panel));

  it.each(CASES.map((each) => [each.feature.name, each] as const))(
    '%s',
    async (name, { asOf, shift = 1 }) => {
      // Rows of a group look from outside of their own series: as of a week, not of a row.
      const sql =
        asOf.includes('FROM rows e') && !asOf.includes('e.series')
          ? `SELECT (${asOf.replaceAll('w.week', `(w.week - ${7 * shift})`)})::DOUBLE AS f, r FROM rows w ORDER BY r`
          : `SELECT lag(f, ${shift}) OVER (PARTITION BY series ORDER BY week) AS f FROM
          (SELECT series, week, r, (${asOf})::DOUBLE AS f FROM rows w) ORDER BY r`;
      const expected = (await connection.runAndReadAll(sql)).getColumns()[0] as (number | null)[];
      const found = columns.find(name)!;
      expect(found.length).toBe(expected.length);
      const first = expected.findIndex((value, row) => !isClose(found[row]!, value));
      expect(first === -1 ? null : { row: first, expected: expected[first], found: found[first] }).toBe(null);
      if (shape.missing < 0.5) expect(found.some((value) => !Number.isNaN(value))).toBe(true);
    },
  );
});

function isClose(found: number, expected: number | null): boolean {
  if (expected === null || Number.isNaN(expected)) return Number.isNaN(found);
  return Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

async function load({ rows, series, offsets, weeks }: FilledPanel): Promise<void> {
  const group = series.strings('group');
  const market = series.strings('market');
  const text = (value: number): string => (Number.isNaN(value) ? 'NULL' : String(value));
  const [x, stock, discounts] = ['demand', 'stock', 'discount'].map((name) => rows.floats(name));
  const tuples: string[] = [];
  for (let s = 0; s < series.length; s++)
    for (let r = offsets[s]!; r < offsets[s + 1]!; r++)
      tuples.push(
        `(${r}, ${s}, '${group.dictionary[group.values[s]!]}', '${market.dictionary[market.values[s]!]}', ${weeks[r]}, ${text(x![r]!)}, ${text(stock![r]!)}, ${text(discounts![r]!)})`,
      );
  await connection.run(
    `CREATE OR REPLACE TABLE rows (r INT, series INT, grp VARCHAR, market VARCHAR, week BIGINT, x DOUBLE, stock DOUBLE, discount DOUBLE)`,
  );
  await connection.run(`INSERT INTO rows VALUES ${tuples.join(', ')}`);
}
