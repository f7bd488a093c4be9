import { describe, expect, test } from 'vitest';
import { Booster } from '../../src/booster/booster.ts';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import type { Dataset } from '../../src/dataset/dataset.ts';
import { DatasetStream } from '../../src/dataset/dataset-stream.ts';
import { train } from '../../src/train/train.ts';
import type { Matrix } from '../../src/dataset/numeric-table.ts';
import { CATEGORICAL, COLUMNS, golden, matrix, missingLibrary, training, validation } from '../golden.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;
const { y, yv } = golden.cases['binary']!;
const parameters = { num_threads: 1 };
const settings = { objective: 'binary', num_leaves: 8, num_threads: 1 };

const block = (from: number, to: number, { values }: Matrix = training): Matrix =>
  matrix(values.subarray(from * COLUMNS, to * COLUMNS));

async function textOf(data: Dataset, valid?: Dataset): Promise<string> {
  const last: number[] = [];
  using booster = await train({
    data,
    parameters: settings,
    rounds: 5,
    ...(valid === undefined ? {} : { validation: { valid } }),
    onIteration: ({ evaluations }) => void last.push(...evaluations.map(({ value }) => value)),
  });
  return `${last.join(' ')}\n${await booster.toText()}`;
}

describe.skipIf(missingLibrary !== null)(`Dataset${note}`, () => {
  test('takes rows in blocks, from a sample of them or with the bins of a reference', async () => {
    // Fewer rows than the data has, so that the sample is a real one.
    const few = { ...parameters, bin_construct_sample_cnt: 250 };
    using whole = await createDataset(training, { parameters: few, label: y, categorical: CATEGORICAL });
    using wholeValid = await createDataset(validation, { label: yv, reference: whole, parameters });
    const rows = await DatasetStream.sampleRows(training.rows, few);
    expect(rows).toHaveLength(250);
    const sample = new Float64Array(rows.length * COLUMNS);
    rows.forEach((row, at) => sample.set(block(row, row + 1).values, at * COLUMNS));
    using stream = await DatasetStream.open({
      rows: training.rows,
      sample: matrix(sample),
      parameters: few,
      label: y,
      categorical: CATEGORICAL,
    });
    await stream.push(block(0, 17));
    await stream.push(block(17, 300));
    await expect(stream.push(block(0, 200))).rejects.toThrow(/at most 100 rows/);
    expect(() => stream.finish()).toThrow(/rows of the dataset are missing; expected 400, found 300/);
    await stream.push(block(300, 400));
    using streamed = stream.finish();
    using validStream = await DatasetStream.open({ rows: validation.rows, reference: streamed, label: yv });
    await validStream.push(block(0, 100, validation));
    await validStream.push(block(100, 150, validation));
    using streamedValid = validStream.finish();
    expect(await textOf(streamed, streamedValid)).toBe(await textOf(whole, wholeValid));
  });

  test('for linear trees keeps all rows, however they are given: the library has room for one block', async () => {
    const rows = 70_000;
    const columns = [7919, 104729].map((step) =>
      Float32Array.from({ length: rows }, (_, row) => ((row * step) % 1000) / 8),
    );
    const label = columns[0]!.map((one, row) => one * (1 + (row % 3)) - columns[1]![row]!);
    const linear = { linear_tree: true, num_leaves: 4, num_threads: 1 };
    const byRow = matrix(
      new Float64Array(rows * 2).map((_, at) => columns[at % 2]![at >> 1]!),
      2,
    );
    const texts: string[] = [];
    for (const one of [byRow, { columns }]) {
      using data = await createDataset(one, { parameters: linear, label });
      using valid = await createDataset(one, { label, reference: data });
      using booster = await train({ data, parameters: linear, rounds: 2, validation: { valid } });
      texts.push(await booster.toText());
    }
    expect(texts[1]).toBe(texts[0]);
    using stream = await DatasetStream.open({
      rows,
      sample: byRow,
      parameters: { linear_trees: '+' },
      label,
    });
    const half = { ...byRow, rows: rows / 2, values: byRow.values.subarray(0, rows) };
    await expect(stream.push(half)).rejects.toThrow(/cannot be made of blocks.*70000 rows, found 35000/);
    await stream.push(byRow);
    using whole = stream.finish();
    using held = await DatasetStream.open({ rows, reference: whole });
    await expect(held.push(half)).rejects.toThrow(/cannot be made of blocks/);
    using booster = await train({ data: whole, parameters: { num_leaves: 4, num_threads: 1 }, rounds: 2 });
    expect(await booster.toText()).toBe(texts[0]);
  });

  test('takes names, weights and scores to start from', async () => {
    const featureNames = ['a', 'b', 'c', 'd', 'e', 'f'];
    using data = await createDataset(training, { parameters, label: y, featureNames });
    using booster = await Booster.create(data, settings);
    expect(booster.featureNames).toEqual(featureNames);
    const plain = await textOf(data);
    data.setField('weight', new Float64Array(training.rows).fill(1));
    expect(await textOf(data)).toBe(plain);
    data.setField('weight', golden.weight);
    const weighted = await textOf(data);
    expect(weighted).not.toBe(plain);
    data.setField('init_score', new Float64Array(training.rows).fill(2));
    expect(await textOf(data)).not.toBe(weighted);
    expect([data.hasField('weight'), data.hasField('group')]).toEqual([true, false]);
  });

  test('ranks', async () => {
    const relevance = Float32Array.from(golden.x.subarray(0, 400), (_, row) =>
      Number(golden.x[row * 6 + 2]! > 0.5),
    );
    const group = Int32Array.from([100, 150, 150]);
    using data = await createDataset(training, { parameters, label: relevance, group });
    using booster = await train({
      data,
      parameters: { objective: 'lambdarank', num_threads: 1 },
      rounds: 5,
      evaluateTraining: true,
      onIteration: ({ evaluations }) =>
        expect(evaluations[0]).toMatchObject({ metric: 'ndcg@1', higherIsBetter: true }),
    });
    expect(booster.iterations).toBe(5);
  });

  test('says what is wrong', async () => {
    await expect(createDataset({ ...training, rows: 399 })).rejects.toThrow(/399 × 6 values, found 2400/);
    await expect(createDataset(training, { label: yv })).rejects.toThrow(
      /label has the wrong length; expected 400 values, found 150/,
    );
    await expect(createDataset(training, { featureNames: ['a'] })).rejects.toThrow(/6 names, found 1/);
    await expect(createDataset(training, { featureNames: ['a', 'a', 'b', 'c', 'd', 'e'] })).rejects.toThrow(
      /Feature \(a\) appears more than one time/,
    );
    await expect(
      createDataset(training, { categorical: [0], parameters: { cat_feature: '1' } }),
    ).rejects.toThrow(/given twice/);
    await expect(createDataset({ columns: [new Float32Array(3), new Int8Array(2)] })).rejects.toThrow(
      /3 rows, found 2 in column 1/,
    );
    await expect(createDataset(training, { parameters: { max_bin: '2 5' } })).rejects.toThrow(
      /max_bin cannot be passed on/,
    );
    await expect(createDataset(training, { parameters: { max_bin: -1 } })).rejects.toThrow(/max_bin/);
    await expect(DatasetStream.open({ rows: 3 })).rejects.toThrow(/neither/);
    const controller = new AbortController();
    controller.abort();
    await expect(createDataset(training, { signal: controller.signal })).rejects.toThrow(/aborted/);
  });
});
