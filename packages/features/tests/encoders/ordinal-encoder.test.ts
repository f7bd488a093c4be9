import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch, stringsToColumn, valueAt, type StringColumn } from '@hemline/core';
import { OrdinalEncoder, OrdinalEncoding } from '../../src/encoders/ordinal-encoder.ts';
import { TestArtifact } from '../support/artifact.ts';

const brands = (...values: (string | null)[]): Batch => new Batch({ brand: stringsToColumn(values) });
const texts = (column: StringColumn): unknown[] =>
  Array.from({ length: column.length }, (_, row) => valueAt(column, row));

describe('the ordinal encoder', () => {
  const encoding = new OrdinalEncoding(['brand']);
  encoding.add(brands('b', 'a', null, 'c'));
  encoding.add(brands('c', 'rare', 'a', 'c'));
  const encoder = encoding.fit();

  it('numbers the most frequent first, and what it has not seen 0', () => {
    expect([...encoder.transform(brands('c', 'a', 'b', 'rare', 'new', null), 'brand')]).toEqual([
      1, 2, 3, 4, 0, 0,
    ]);
    expect(encoder.cardinality('brand')).toBe(5);
    expect([...encoding.fit(2).transform(brands('c', 'a', 'b', 'rare'), 'brand')]).toEqual([1, 2, 0, 0]);
  });

  it('leads back', () => {
    expect(texts(encoder.inverse(Int32Array.of(1, 0, 4), 'brand'))).toEqual(['c', null, 'rare']);
  });

  it('refuses columns that it does not know', () => {
    expect(() => encoder.transform(new Batch({ group: stringsToColumn(['a']) }), 'group')).toThrow(
      /one of brand/,
    );
  });

  it('does not depend on the order of batches, and is the same after saving', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.option(fc.string({ maxLength: 2 }), { nil: null }), { minLength: 1 }), {
          minLength: 1,
        }),
        async (parts) => {
          const fit = (batches: (string | null)[][]): OrdinalEncoder => {
            const one = new OrdinalEncoding(['brand']);
            for (const values of batches) one.add(brands(...values));
            return one.fit();
          };
          const all = parts.flat();
          const expected = fit(parts).transform(brands(...all), 'brand');
          expect(fit(parts.toReversed()).transform(brands(...all), 'brand')).toEqual(expected);
          const artifact = new TestArtifact();
          await fit(parts).save(artifact, 'brands');
          const loaded = await OrdinalEncoder.load(artifact, 'brands');
          expect(loaded.transform(brands(...all), 'brand')).toEqual(expected);
          expect(texts(loaded.inverse(expected, 'brand'))).toEqual(all);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not load what is none', async () => {
    const artifact = new TestArtifact();
    await artifact.writeJson('brands', { brand: [] });
    await expect(OrdinalEncoder.load(artifact, 'brands')).rejects.toThrow(/not what it should be/);
  });
});
