import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  Batch,
  boolColumn,
  dateColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  parseWeek,
  stringsToColumn,
  timestampColumn,
  valueAt,
  type Column,
} from '@hemline/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESK_ROWS, toDataFrame } from '../../src/desk/to-data-frame.ts';
import { fromDataFrame } from '../../src/desk/from-data-frame.ts';
import { formatTimestamp, parseTimestamp } from '../../src/desk/time-text.ts';

const addon = resolve(
  import.meta.dirname,
  '../../../../node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node',
);
const staged = existsSync(addon);
const skipped = staged ? '' : ' (skipped: the native TensorFlow library is not staged)';

// Row 1 is missing in every column that may have missing rows.
const validity = new Uint8Array([0b101]);
const batch = new Batch(
  new Map<string, Column>([
    ['article', stringsToColumn(['A', null, 'Ä "quoted"'])],
    ['week', dateColumn(Int32Array.of(parseWeek('1992-04-16'), 0, parseWeek('2024-02-29')), validity)],
    ['demand', float64Column(Float64Array.of(0.1, 0, NaN), validity)],
    ['discount', float32Column(Float32Array.of(0.25, 0.5, 0))],
    ['stock', int32Column(Int32Array.of(3, 0, -4), validity)],
    ['id', int64Column(BigInt64Array.of(9_007_199_254_740_991n, 1n, -2n))],
    ['promoted', boolColumn(Uint8Array.of(1, 0, 0), validity)],
    ['seen', timestampColumn(BigInt64Array.of(-1n, 0n, 1_700_000_000_123_456n), 'us', validity)],
  ]),
);

function rowsOf(source: Batch): unknown[][] {
  return source.names.map((name) =>
    Array.from({ length: source.length }, (_, row) => valueAt(source.column(name), row)),
  );
}

describe.skipIf(!staged)(`data frames${skipped}`, () => {
  it('go there and back with all types and missing values', () => {
    const back = fromDataFrame(toDataFrame(batch), batch.schema);
    expect(back.schema).toEqual(batch.schema);
    expect(rowsOf(back)).toEqual(rowsOf(batch));
  });

  it('keep the order and the types of columns that are called like a number', () => {
    const named = new Batch(
      new Map<string, Column>([
        ['article', stringsToColumn(['A', 'B'])],
        ['2025', float64Column(Float64Array.of(1.5, 2.5))],
        ['2024', boolColumn(Uint8Array.of(1, 0))],
        ['__proto__', int32Column(Int32Array.of(3, 4))],
      ]),
    );
    const frame = toDataFrame(named);
    expect(frame.columns).toEqual(['article', '2025', '2024', '__proto__']);
    expect(frame.dtypes).toEqual(['string', 'float32', 'boolean', 'int32']);
    expect(frame.values).toEqual([
      ['A', 1.5, true, 3],
      ['B', 2.5, false, 4],
    ]);
    const back = fromDataFrame(frame, named.schema);
    expect(back.schema).toEqual(named.schema);
    expect(rowsOf(back)).toEqual(rowsOf(named));
  });

  it('show dates as text in UTC and know which values are missing', () => {
    const frame = toDataFrame(batch);
    expect(frame.shape).toEqual([3, 8]);
    expect(frame.column('week').values).toEqual(['1992-04-16', null, '2024-02-29']);
    expect(frame.column('seen').values).toEqual([
      '1969-12-31T23:59:59.999999Z',
      null,
      '2023-11-14T22:13:20.123456Z',
    ]);
    expect(frame.column('stock').isNa().values).toEqual([false, true, false]);
    expect(frame.column('discount').sum()).toBe(0.75);
  });

  it('get plain types back where no schema is given', () => {
    const back = fromDataFrame(toDataFrame(batch.select(['article', 'stock', 'promoted'])));
    expect(back.schema.fields.map((field) => field.type)).toEqual(['string', 'float64', 'bool']);
  });

  it('name the cell that does not fit', () => {
    const frame = toDataFrame(batch.select(['discount']));
    expect(() => fromDataFrame(frame, { fields: [{ name: 'discount', type: 'int32' }] })).toThrow(
      /column discount, row 0.*expected int32, found 0.25/,
    );
    expect(() => fromDataFrame(frame, { fields: [{ name: 'discount', type: 'date' }] })).toThrow(
      /expected date/,
    );
  });

  it('hold any numbers and strings', () => {
    const row = fc.record({ number: fc.option(fc.double()), text: fc.option(fc.string()) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const present = new Uint8Array((rows.length + 7) >> 3);
        rows.forEach(({ number }, r) => (present[r >> 3]! |= number === null ? 0 : 1 << (r & 7)));
        const numbers = Float64Array.from(rows, ({ number }) => number ?? 0);
        const source = new Batch(
          new Map<string, Column>([
            ['number', float64Column(numbers, present)],
            ['text', stringsToColumn(rows.map(({ text }) => text))],
          ]),
        );
        expect(rowsOf(fromDataFrame(toDataFrame(source), source.schema))).toEqual(rowsOf(source));
      }),
      { numRuns: 50 },
    );
  });
});

describe('toDataFrame', () => {
  it('refuses a large batch and says why', () => {
    const large = new Batch(new Map([['x', float64Column(new Float64Array(DESK_ROWS + 1))]]));
    expect(() => toDataFrame(large)).toThrow(/at most 100000 rows, since .* found 100001 rows/);
  });

  it('refuses an empty batch and a 64-bit integer that is no exact number', () => {
    expect(() => toDataFrame(new Batch(new Map([['x', float64Column(new Float64Array(0))]])))).toThrow(
      /no rows/,
    );
    const large = new Batch(new Map([['id', int64Column(BigInt64Array.of(9_007_199_254_740_993n))]]));
    expect(() => toDataFrame(large)).toThrow(/column id, row 0.*9007199254740993/);
  });

  it('says how to get the native library where it is missing', async () => {
    // A process in which the addon cannot be found, whatever is staged.
    const script = `
      import { createRequire } from 'node:module';
      const require = createRequire(${JSON.stringify(import.meta.filename)});
      require('node:fs').existsSync = () => false;
      const { toDataFrame } = await import(${JSON.stringify(resolve(import.meta.dirname, '../../src/desk/index.ts'))});
      const { Batch, float64Column } = await import(${JSON.stringify(import.meta.resolve('@hemline/core'))});
      try { toDataFrame(new Batch(new Map([['x', float64Column(new Float64Array(1))]]))); }
      catch (error) { console.log(error.name + ': ' + error.message); }`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toMatch(/^EngineError: .*npm run setup/m);
  });
});

describe('timestamps as text', () => {
  it('go there and back exactly', () => {
    for (const unit of ['ms', 'us', 'ns'] as const)
      fc.assert(
        fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 18n }), (value) => {
          const within = unit === 'ns' ? value : value / 1_000_000n;
          expect(parseTimestamp(formatTimestamp(within, unit), unit)).toBe(within);
        }),
      );
  });

  it('are refused when more precise than the unit', () => {
    expect(parseTimestamp('2024-01-01T00:00:00.1234Z', 'ms')).toBeNull();
    expect(parseTimestamp('yesterday', 'ms')).toBeNull();
  });
});
