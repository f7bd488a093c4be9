import { Batch, itemsOf, memoryTable, takeColumn, weeksBetween } from '@hemline/core';
import { syntheticTables } from '@hemline/evaluation/testing';
import { describe, expect, test } from 'vitest';
import { readCohortTable, type CohortTable } from '../src/cohort-table.ts';
import { ItemCounts, LEVELS } from '../src/counts.ts';
import { GroupPrices } from '../src/groups.ts';
import { History } from '../src/history.ts';
import { ItemStates } from '../src/item-states.ts';
import { Timelines } from '../src/timelines.ts';

const tables = syntheticTables({ articles: 20, weeks: 60 });
const cutoff = tables.lastWeek - 84;
const job = { cutoff, seed: 1 };
const WIDTH = 15;
/** A curve of maturity for every series alike. */
const curve = Float64Array.from({ length: WIDTH }, (_, lag) => (lag + 1) / WIDTH);

async function cohorts(): Promise<CohortTable> {
  return readCohortTable(job, tables.asOf(cutoff), WIDTH - 1);
}

const maturityOf = ({ series }: CohortTable): Float64Array =>
  Float64Array.from({ length: series.length * WIDTH }, (_, at) => curve[at % WIDTH]!);

describe('history', () => {
  test('counts as of a week what had come back, and what had had time to', async () => {
    const table = await cohorts();
    const timelines = new Timelines(table, maturityOf(table), WIDTH);
    const last = weeksBetween(table.firstWeek, cutoff);
    for (let series = 0; series < table.series.length; series++)
      for (const week of [-1, 0, 10, 25, last]) {
        let exposure = 0;
        for (let row = table.offsets[series]!; row < table.offsets[series + 1]!; row++) {
          const age = week - table.week[row]!;
          if (age >= 0) exposure += table.units[row]! * curve[Math.min(age, WIDTH - 1)]!;
        }
        const returned = table.back.units.reduce(
          (sum, units, at) =>
            sum + (table.back.series[at] === series && table.back.week[at]! <= week ? units : 0),
          0,
        );
        const at = timelines.at(series, week);
        expect(timelines.exposure[at] ?? 0).toBeCloseTo(exposure, 8);
        expect(timelines.returned[at] ?? 0).toBeCloseTo(returned, 8);
      }
  });

  test('gives every return to its cohort', async () => {
    const table = await cohorts();
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    expect(sum(table.returned)).toBeCloseTo(sum(table.back.units), 8);
    expect(sum(table.returned)).toBeGreaterThan(100);
    table.returned.forEach((units, row) => expect(units).toBeLessThanOrEqual(table.units[row]!));
  });

  test('what a forecast starts from is the history as of the cutoff', async () => {
    const table = await cohorts();
    const [article, market] = table.keys.toColumns();
    const names = Array.from(table.series, (key) => [table.keys.text(key, 0), table.keys.text(key, 1)]);
    expect(names).toEqual(names.toSorted((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1)));
    const rows = Uint32Array.from(table.series);
    const keys = new Batch({ article: takeColumn(article!, rows), market: takeColumn(market!, rows) });
    const items = await itemsOf(
      memoryTable('weekly', [keys]),
      tables.find('articles'),
      tables.find('markets'),
    );
    const history = new History(table, new Timelines(table, maturityOf(table), WIDTH), items, cutoff);
    const { groups, count } = history.pools.group;
    const prices = GroupPrices.fit(table, groups, count);
    const states = ItemStates.of(history, items, prices, new Float64Array(items.length));
    const known = states.lookup(items);
    const counts = new ItemCounts(items.length);
    for (let series = 0; series < items.length; series++) {
      history.writeCounts(series, history.lastWeek, counts, series);
      for (const level of LEVELS) {
        expect(known.counts.exposure[level][series]).toBeCloseTo(counts.exposure[level][series]!, 8);
        expect(known.counts.returned[level][series]).toBeCloseTo(counts.returned[level][series]!, 8);
      }
      expect(known.groupPrice[series]).toEqual(prices.of(groups[series]!));
    }
    expect(counts.exposure.others.some((units) => units > 0)).toBe(true);
  });
});
