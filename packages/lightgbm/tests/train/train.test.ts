import { describe, expect, test } from 'vitest';
import { Booster } from '../../src/booster/booster.ts';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import type { DatasetOptions } from '../../src/dataset/dataset.ts';
import { train, type IterationEvent } from '../../src/train/train.ts';
import { TreeModel } from '../../src/scoring/tree-model.ts';
import type { NumericTable } from '../../src/dataset/numeric-table.ts';
import { CATEGORICAL, COLUMNS, golden, isExact, missingLibrary, training, validation } from '../golden.ts';

const needsLibrary = describe.skipIf(missingLibrary !== null);
const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;

/** The columns of a matrix of rows, each an array. */
function columnsOf({ values, rows }: { values: Float32Array | Float64Array; rows: number }): NumericTable {
  return {
    columns: Array.from({ length: COLUMNS }, (_, column) =>
      Float64Array.from({ length: rows }, (_, row) => values[row * COLUMNS + column]!),
    ),
  };
}

async function trainGolden(
  name: string,
  table: NumericTable = training,
): Promise<{ text: string; value: Float64Array; history: Record<string, Record<string, number[]>> }> {
  const { parameters, y, yv } = golden.cases[name]!;
  const options: DatasetOptions = {
    parameters,
    label: y,
    weight: golden.weight,
    categorical: CATEGORICAL,
  };
  using data = await createDataset(table, options);
  using valid = await createDataset(validation, {
    parameters,
    label: yv,
    categorical: CATEGORICAL,
    reference: data,
  });
  const history: Record<string, Record<string, number[]>> = {};
  using booster = await train({
    data,
    parameters,
    rounds: 12,
    validation: { valid },
    evaluateTraining: true,
    onIteration: ({ evaluations }) => {
      for (const { dataset, metric, value } of evaluations)
        ((history[dataset] ??= {})[metric] ??= []).push(value);
    },
  });
  return { text: await booster.toText(), value: await booster.predict(validation), history };
}

needsLibrary(`train${note}`, () => {
  test.each(Object.keys(golden.cases))('gives the model of Python, to the last digit: %s', async (name) => {
    const expected = golden.cases[name]!;
    const { text, value, history } = await trainGolden(name);
    if (isExact) {
      expect(text).toBe(expected.text);
      expect(value).toEqual(expected.value);
      expect(history).toEqual(expected.history);
    } else {
      expect(text.split('\n')[0]).toBe('tree');
      value.forEach((one, row) => expect(one).toBeCloseTo(expected.value[row]!, 1));
    }
  });

  test('gives the same model from a matrix by column, from columns, and from a stream of blocks', async () => {
    const { values, rows } = training;
    const byColumn = new Float64Array(values.length);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < COLUMNS; column++)
        byColumn[column * rows + row] = values[row * COLUMNS + column]!;
    const { text } = await trainGolden('binary');
    const others: NumericTable[] = [
      { values: byColumn, rows, columns: COLUMNS, layout: 'column' },
      columnsOf(training),
    ];
    for (const table of others) expect((await trainGolden('binary', table)).text).toBe(text);
  });

  test('stops early where Python does, and keeps the best iterations', async () => {
    const { parameters, y, yv, bestIteration, text } = golden.stopping;
    using data = await createDataset(training, { parameters, label: y, categorical: CATEGORICAL });
    using valid = await createDataset(validation, {
      parameters,
      label: yv,
      categorical: CATEGORICAL,
      reference: data,
    });
    const options = { data, parameters, rounds: 200, validation: { valid } };
    using booster = await train({ ...options, earlyStopping: { rounds: 5 } });
    if (isExact) {
      expect(booster.bestIteration).toBe(bestIteration);
      expect(await booster.toText()).toBe(text);
    }
    expect(booster.iterations).toBeGreaterThan(booster.bestIteration);
    const late = { kind: 'raw', start: 2 } as const;
    expect(await booster.predict(validation, late)).toEqual(
      await booster.predict(validation, { ...late, iterations: booster.bestIteration - 2 }),
    );
    expect(TreeModel.parse(await booster.toText({ start: 2 })).iterations).toBe(booster.bestIteration - 2);
    await expect(booster.predict(validation, { start: booster.bestIteration })).rejects.toThrow(
      /up to the best/,
    );
    expect(TreeModel.parse(await booster.toText()).iterations).toBe(booster.bestIteration);
  });

  test('goes on from an earlier booster as Python does, and as if it had never stopped', async () => {
    const { parameters, y, first, more } = golden.stopping;
    const options = { parameters, label: y, categorical: CATEGORICAL };
    using data = await createDataset(training, { ...options, keepTable: true });
    using from = await Booster.fromText(first);
    using booster = await train({ data, parameters, rounds: 6, from });
    using fresh = await createDataset(training, options);
    using whole = await train({ data: fresh, parameters, rounds: 12 });
    expect(booster.iterations).toBe(12);
    if (isExact) expect(await booster.toText()).toBe(more);
    expect(await booster.predict(validation)).toEqual(await whole.predict(validation));
    using lost = await createDataset(training, options);
    await expect(train({ data: lost, parameters, from })).rejects.toThrow(/keepTable/);
  });

  test('an objective and a metric of the caller’s do what those of LightGBM do', async () => {
    const label = golden.cases['binary']!.y;
    const parameters = { num_leaves: 8, num_threads: 1, metric: 'none', learning_rate: 0.2 };
    using data = await createDataset(training, { parameters: { num_threads: 1 }, label });
    using ours = await train({
      data,
      parameters,
      rounds: 10,
      evaluateTraining: true,
      objective: (scores) => ({
        gradient: Float32Array.from(scores, (score, row) => 1 / (1 + Math.exp(-score)) - label[row]!),
        hessian: Float32Array.from(scores, (score) => {
          const share = 1 / (1 + Math.exp(-score));
          return share * (1 - share);
        }),
      }),
      metrics: [
        (scores) => ({
          metric: 'errors',
          value: scores.reduce((sum, score, row) => sum + Number(score > 0 !== label[row]! > 0), 0),
          higherIsBetter: false,
        }),
      ],
      onIteration: ({ evaluations, iteration }) => {
        expect(evaluations.map(({ metric }) => metric)).toEqual(['errors']);
        if (iteration === 9) expect(evaluations[0]!.value).toBeLessThan(100);
      },
    });
    const settings = { ...parameters, objective: 'binary', boost_from_average: false };
    using theirs = await train({ data, parameters: settings, rounds: 10 });
    const a = await ours.predict(training, { kind: 'raw' });
    const b = await theirs.predict(training, { kind: 'raw' });
    a.forEach((score, row) => expect(score).toBeCloseTo(b[row]!, 3));
  });

  test('stops when it is told to, between two iterations, and frees what it made', async () => {
    using data = await createDataset(training, { label: golden.cases['binary']!.y });
    const controller = new AbortController();
    let iterations = 0;
    const onIteration = ({ iteration }: IterationEvent): void => {
      iterations = iteration + 1;
      if (iteration === 2) controller.abort(new Error('enough'));
    };
    const parameters = { objective: 'binary' };
    await expect(train({ data, parameters, signal: controller.signal, onIteration })).rejects.toThrow(
      'enough',
    );
    expect(iterations).toBe(3);
    using booster = await train({
      data,
      parameters,
      onIteration: ({ iteration }) => (iteration === 4 ? 'stop' : undefined),
    });
    expect(booster.iterations).toBe(5);
  });

  test('leaves the event loop free', async () => {
    using data = await createDataset(training, { label: golden.cases['binary']!.y });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    using _booster = await train({ data, parameters: { objective: 'binary' }, rounds: 60 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  test('says what is wrong with options', async () => {
    using data = await createDataset(training, {
      parameters: { max_bin: 63 },
      label: golden.cases['binary']!.y,
    });
    await expect(train({ data, rounds: 0 })).rejects.toThrow(/rounds.*found 0/);
    await expect(train({ data, earlyStopping: { rounds: 3 } })).rejects.toThrow(/validation set/);
    await expect(train({ data, parameters: { max_bin: 255 } })).rejects.toThrow(
      /expected max_bin=255, found max_bin=63/,
    );
    await expect(train({ data, parameters: { objective: 'nonsense' } })).rejects.toThrow(
      /Unknown objective type name: nonsense/,
    );
    await expect(train({ data, parameters: { objective: 'poisson', learning_rate: -1 } })).rejects.toThrow(
      /learning_rate/,
    );
  });
});
