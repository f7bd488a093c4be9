import { collect, TABLES, valueAt, type Batch, type TableName } from '@hemline/core';
import { describe, expect, test } from 'vitest';
import { alteredAfter, shuffled, type Garbage } from '../../src/testing/conformance/alter-tables.ts';
import { rowsByKey } from '../../src/testing/conformance/compare.ts';
import { SeededRandom } from '../../src/testing/synthetic/random.ts';
import { syntheticTables } from '../../src/testing/synthetic/tables.ts';

const tables = syntheticTables({ articles: 12, weeks: 40 });
const cutoff = tables.lastWeek - 70;
const growing: TableName[] = ['weekly', 'sizes', 'returns', 'fulfillment', 'clearance'];

/** Columns that are the same in a row of two batches, and columns that are not. */
function compareRow(a: Batch, b: Batch, row: number): { same: string[]; other: string[] } {
  const same = a.names.filter((name) =>
    Object.is(valueAt(a.column(name), row), valueAt(b.column(name), row)),
  );
  return { same, other: a.names.filter((name) => !same.includes(name)) };
}

describe.each(['numbers', 'NaN', 'null'] as Garbage[])('garbage after the cutoff (%s)', (garbage) => {
  test.each(growing)('%s', async (name) => {
    const before = await collect(tables.get(name));
    const after = await collect((await alteredAfter(tables, cutoff, garbage)).get(name));
    const weeks = before.weeks(TABLES[name].knownAt!);
    const kept = [...TABLES[name].key, ...TABLES[name].knownAhead, 'campaign'];
    let altered = 0;
    for (let row = 0; row < before.length; row++) {
      const { same, other } = compareRow(before, after, row);
      if (weeks[row]! <= cutoff) expect(other).toEqual([]);
      else {
        expect(other.filter((column) => kept.includes(column))).toEqual([]);
        // What is missing already may stay so; every value that is there must go.
        const left = same.filter(
          (column) => !kept.includes(column) && valueAt(before.column(column), row) !== null,
        );
        expect(left).toEqual([]);
        altered++;
      }
    }
    expect(altered).toBeGreaterThan(0);
  });
});

test('shuffled tables hold the same rows in another order, in batches of the size asked for', async () => {
  const turned = await shuffled(tables, new SeededRandom(1), 50);
  for (const name of [...growing, 'articles'] as const) {
    const before = await collect(tables.get(name));
    const after = await collect(turned.get(name));
    const rows = rowsByKey(after, TABLES[name].key);
    expect(rows.size).toBe(before.length);
    let moved = 0;
    for (const [key, position] of rowsByKey(before, TABLES[name].key)) {
      const row = rows.get(key)!;
      if (row !== position) moved++;
      for (const column of before.names)
        expect(valueAt(after.column(column), row)).toEqual(valueAt(before.column(column), position));
    }
    expect(moved, name).toBeGreaterThan(0);
    for await (const batch of turned.get(name).batches()) expect(batch.length).toBeLessThanOrEqual(50);
  }
});
