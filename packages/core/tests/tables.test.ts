import { describe, expect, it } from 'vitest';
import { Batch } from '../src/batch/batch.ts';
import { DataError, SchemaError } from '../src/errors/causes.ts';
import { TABLES } from '../src/tables/definitions.ts';
import { Tables, collect, emptyBatch, memoryTable } from '../src/tables/tables.ts';
import { columnOnDisk } from '../src/tables/table-definition.ts';
import { dateColumn, float64Column, stringsToColumn } from '../src/columns/build.ts';
import { itemsOf } from '../src/items/items.ts';
import { valueAt } from '../src/columns/column.ts';

const weekly = memoryTable('weekly', [
  new Batch({
    article: stringsToColumn(['a', 'b', 'a']),
    market: stringsToColumn(['DE', 'DE', 'AT']),
    week: dateColumn(Int32Array.of(0, 7, 14)),
    demand: float64Column(Float64Array.of(1, 2, 3)),
  }),
]);
const articles = (names: string[]) =>
  memoryTable('articles', [
    new Batch({
      article: stringsToColumn(names),
      group: stringsToColumn(names.map((name) => (name === 'b' ? null : `g${name}`))),
    }),
  ]);

describe('tables', () => {
  it('as of a week hold nothing that became known later, whichever columns are read', async () => {
    const tables = new Tables([weekly, articles(['a', 'b'])]).asOf(7);
    expect([...(await collect(tables.get('weekly'))).weeks('week')]).toEqual([0, 7]);
    const narrow = await collect(tables.get('weekly'), { columns: ['demand'] });
    expect(narrow.names).toEqual(['demand']);
    expect([...narrow.floats('demand')]).toEqual([1, 2]);
    expect((await collect(tables.get('articles'))).length).toBe(2);
  });

  it('name what is missing', () => {
    expect(() => new Tables([weekly]).get('returns')).toThrow(SchemaError);
    expect(() => new Tables([weekly]).get('returns')).toThrow(
      /no table returns.*found tables weekly.*returns\.parquet/,
    );
  });

  it('have unique keys made of their roles, and a role that says when rows become known', () => {
    for (const table of Object.values(TABLES)) {
      const roles = table.roles.map((role) => role.name);
      expect(new Set(roles).size).toBe(roles.length);
      expect(roles).toEqual(
        expect.arrayContaining([
          ...table.key,
          ...table.knownAhead,
          ...(table.knownAt === null ? [] : [table.knownAt]),
        ]),
      );
    }
    expect(columnOnDisk('blackPrice')).toBe('black_price');
  });

  it('collect to an empty batch with the right columns when there is no row', async () => {
    const none = await collect(memoryTable('weekly', [], weekly.schema), { columns: ['week', 'demand'] });
    expect([none.length, none.names, none.column('week').type]).toEqual([0, ['week', 'demand'], 'date']);
    expect(emptyBatch(weekly.schema).names).toEqual(['article', 'market', 'week', 'demand']);
  });
});

describe('itemsOf', () => {
  it('joins attributes to the distinct series; all attribute columns are there', async () => {
    const items = await itemsOf(weekly, articles(['b', 'a']));
    const rows = Array.from({ length: items.length }, (_, row) =>
      ['article', 'market', 'group', 'brand', 'launchWeek'].map((name) => valueAt(items.column(name), row)),
    );
    expect(rows).toEqual([
      ['a', 'DE', 'ga', null, null],
      ['b', 'DE', null, null, null],
      ['a', 'AT', 'ga', null, null],
    ]);
  });

  it('refuses keys that the attribute table lacks or has twice', async () => {
    await expect(itemsOf(weekly, articles(['a']))).rejects.toThrow(DataError);
    await expect(itemsOf(weekly, articles(['a']))).rejects.toThrow(
      /have articles that the table articles does not know.*found b/,
    );
    await expect(itemsOf(weekly, articles(['a', 'b', 'a']))).rejects.toThrow(
      /two rows have the same article.*article a again/,
    );
    await expect(
      itemsOf(weekly, undefined, memoryTable('markets', [new Batch({ market: stringsToColumn(['DE']) })])),
    ).rejects.toThrow(/found AT/);
  });
});
