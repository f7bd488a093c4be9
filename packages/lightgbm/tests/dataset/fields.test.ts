import { describe, expect, test } from 'vitest';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import type { DatasetOptions } from '../../src/dataset/dataset.ts';
import { DatasetStream } from '../../src/dataset/dataset-stream.ts';
import { train } from '../../src/train/train.ts';
import { missingLibrary } from '../golden.ts';
import { base, table, values, y } from '../golden-values.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;
const ROWS = 300;
const weight = y.map((value) => value + 1);

/** A copy with one value changed. */
function put(from: Float64Array, at: number, value: number): Float64Array {
  const copy = from.slice();
  copy[at] = value;
  return copy;
}

const wrong: [string, DatasetOptions, RegExp][] = [
  ['label', { label: put(y, 7, NaN) }, /label .* found NaN in row 7\. Leave rows without a label out/],
  ['label', { label: Float32Array.from(put(y, 7, -Infinity)) }, /found -Infinity in row 7\./],
  ['label', { label: put(put(y, 7, NaN), 9, NaN) }, /NaN in row 7, the first of 2 that are missing/],
  ['label', { label: put(y, 299, 1e39) }, /to 1e\+38, found 1e\+39 in row 299\./],
  ['weight', { label: y, weight: put(weight, 8, NaN) }, /weight .* NaN in row 8\..*weight of 0/],
  ['weight', { label: y, weight: put(weight, 8, -1) }, /numbers from 0 .* found -1 in row 8/],
  ['weight', { label: y, weight: put(weight, 8, Infinity) }, /found Infinity in row 8/],
  ['initScore', { label: y, initScore: put(y, 4, NaN) }, /initScore .* NaN in row 4\./],
  ['initScore', { label: y, initScore: put(new Float64Array(600), 304, NaN) }, /NaN in row 4 for class 1/],
  ['group', { label: y, group: Int32Array.from([310, -10]) }, /found -10 for group 1/],
  ['group', { label: y, group: Int32Array.from([300, 1]) }, /add up to 300, found 2 groups of 301 rows/],
];

describe.skipIf(missingLibrary !== null)(`fields of a dataset${note}`, () => {
  test.each(wrong)(
    'a %s that LightGBM would take for another number is refused',
    async (field, options, told) => {
      await expect(createDataset(table(), options)).rejects.toThrow(told);
      const columns = Array.from({ length: 5 }, () => new Float32Array(ROWS));
      await expect(createDataset({ columns }, options)).rejects.toThrow(told);
      await expect(train({ data: { table: table(), ...options } })).rejects.toThrow(told);
      using stream = await DatasetStream.open({ rows: ROWS, sample: table(), ...options });
      const push = async (): Promise<void> => {
        for (let row = 0; row < ROWS; row += 50) await stream.push(table(row, row + 50));
        stream.finish();
      };
      // As soon as the row comes, of single rows.
      await expect(push()).rejects.toThrow(told);
      const name = field === 'initScore' ? 'init_score' : (field as 'label' | 'weight' | 'group');
      using data = await createDataset(table(), { label: y });
      expect(() => data.setField(name, options[field as 'label']!)).toThrow(told);
      // What is wrong leaves what is there alone.
      using booster = await train({ data, parameters: base, rounds: 1 });
      expect(booster.iterations).toBe(1);
    },
  );

  test('rows are refused with the block that they are in', async () => {
    using stream = await DatasetStream.open({ rows: ROWS, sample: table(), label: put(y, 60, NaN) });
    await stream.push(table(0, 50));
    await expect(stream.push(table(50, 100))).rejects.toThrow(/row 60/);
  });

  test.each(Object.keys(values.weights))('weights of 1 are none, as in Python: %s', async (name) => {
    const { parameters, value } = values.weights[name]!;
    const label = Float64Array.from({ length: 30 }, (_, row) => row + 1);
    const one = { values: new Float64Array(30), rows: 30, columns: 1, layout: 'row' } as const;
    const ones = new Float64Array(30).fill(1);
    const options: DatasetOptions[] = [{}, { weight: ones }, { weight: new Float32Array(30).fill(1) }];
    for (const more of options) {
      using data = await createDataset(one, { label, ...more });
      expect(data.hasField('weight')).toBe(false);
      using booster = await train({ data, parameters, rounds: 1 });
      expect((await booster.predict(one))[0]).toBe(value);
    }
    // Ones take the place of other weights.
    using data = await createDataset(one, { label, weight: label });
    data.setField('weight', ones);
    using booster = await train({ data, parameters, rounds: 1 });
    expect((await booster.predict(one))[0]).toBe(value);
  });

  test('columns of categories have to be there', async () => {
    const featureNames = ['a', 'b', 'c', 'd', 'e'];
    await expect(createDataset(table(), { categorical: [5] })).rejects.toThrow(/from 0 to 4, found 5/);
    await expect(createDataset(table(), { parameters: { cat_column: '1,x' } })).rejects.toThrow(/found 1,x/);
    await expect(
      createDataset(table(), { featureNames, parameters: { cat_column: 'name:z' } }),
    ).rejects.toThrow(/a, b, c, d, e, found z/);
    using named = await createDataset(table(), { featureNames, parameters: { cat_column: 'name:d,a' } });
    using numbered = await createDataset(table(), { featureNames, categorical: [0, 3] });
    expect(named.parameters).toEqual(numbered.parameters);
  });
});
