import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UnsupportedError, type Batch } from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';
import { all, cells } from '../src/testing/columns.ts';

const GOLDEN = join(import.meta.dirname, 'types');
const PATH = join(GOLDEN, 'types.parquet');

/** As golden/make.py prints numbers. */
function shown(value: unknown, type: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (type !== 'float64' && type !== 'float32') return String(value);
  return Object.is(value, -0) ? '-0.0' : String(value);
}
const asPython = (text: unknown): unknown =>
  typeof text === 'string' ? ({ nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[text] ?? text) : text;

describe('a file that pyarrow wrote', () => {
  it('has the values that pyarrow put into it', async () => {
    const expected = JSON.parse(await readFile(join(GOLDEN, 'types.json'), 'utf8')) as Record<
      string,
      unknown[]
    >;
    const file = await openParquet(PATH);
    const names = Object.keys(expected);
    const batches: Batch[] = await all(file.batches({ columns: names }));
    expect(file.rowGroups.map((group) => group.rows)).toEqual([4, 2]);
    for (const name of names) {
      const column = batches[0]!.column(name);
      const found = batches
        .flatMap((batch) => cells(batch.column(name)))
        .map((each) => shown(each, column.type));
      const isFloat = column.type === 'float64' || column.type === 'float32';
      const wanted = isFloat
        ? expected[name]!.map(asPython).map((each) => String(each).replace(/(?<=^-?[1-9]\d*)\.0$/, ''))
        : expected[name]!;
      expect(isFloat ? found.map(String) : found, name).toEqual(wanted);
    }
  });

  it('shows types, units and what may be missing', async () => {
    const file = await openParquet(PATH);
    const types = Object.fromEntries(file.schema.fields.map(({ name, type }) => [name, type]));
    expect(types).toEqual({
      double: 'float64',
      float: 'float32',
      int32: 'int32',
      int16: 'int32',
      int64: 'int64',
      bool: 'bool',
      date: 'date',
      ms: 'timestamp',
      decimal: 'decimal',
      us: 'timestamp',
      ns: 'timestamp',
      text: 'string',
      dictionary: 'string',
      missing: 'float64',
      required: 'int32',
    });
    expect(file.schema.fields.filter((field) => field.nullable === false).map(({ name }) => name)).toEqual([
      'required',
    ]);
    expect(file.metadata['origin']).toBe('pyarrow');
    const [batch] = await all(file.batches({ columns: ['ms', 'us', 'ns'] }));
    expect([...batch!.columns.values()]).toMatchObject([{ unit: 'ms' }, { unit: 'us' }, { unit: 'ns' }]);
  });

  it('tells a column of nothing, which has no type, from one of numbers', async () => {
    const file = await openParquet(join(import.meta.dirname, 'golden/nothing.parquet'));
    expect([...file.untyped]).toEqual(['nothing']);
    const [batch] = await all(file.batches());
    expect(cells(batch!.column('nothing'))).toEqual([null, null]);
    expect((await openParquet(PATH)).untyped.size).toBe(0);
  });

  it.each(['list'])(
    'is refused for a column of an unsupported type only when it is read: %s',
    async (name) => {
      const file = await openParquet(PATH);
      expect((await all(file.batches({ columns: ['int32'] }))).length).toBe(2);
      const reading = all(file.batches({ columns: ['int32', name] }));
      await expect(reading).rejects.toThrow(UnsupportedError);
      await expect(all(file.batches({ columns: [name] }))).rejects.toMatchObject({
        where: { file: PATH, column: name },
      });
    },
  );
});
