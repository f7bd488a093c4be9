import { describe, expect, test } from 'vitest';
import { Booster } from '../../src/booster/booster.ts';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import { train } from '../../src/train/train.ts';
import { isExact, missingLibrary } from '../golden.ts';
import { base, held, table, values, x, y } from '../golden-values.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;
const HALF = 150;
const halves = {
  data: { table: table(0, HALF), label: y.subarray(0, HALF) },
  validation: { held: { table: table(HALF), label: held.subarray(HALF) } },
};

describe.skipIf(missingLibrary !== null)(`parameters of a training${note}`, () => {
  test.each(Object.keys(values.shaping))(
    'shape the bins of its table as in Python, and never those of a dataset that is there: %s',
    async (name) => {
      const { parameters, text, value } = values.shaping[name]!;
      const options = { parameters: { ...base, ...parameters }, rounds: 6 };
      using booster = await train({ ...options, data: { table: table(), label: y } });
      const columns = Array.from({ length: 5 }, (_, column) => x.filter((_one, at) => at % 5 === column));
      using pushed = await train({ ...options, data: { table: { columns }, label: y } });
      expect(await pushed.toText()).toBe(await booster.toText());
      if (isExact) {
        expect([...(await booster.predict(table(0, 7)))]).toEqual(value);
        expect(await booster.toText()).toBe(text);
      }
      using same = await createDataset(table(), { label: y, parameters });
      using again = await train({ ...options, data: same });
      expect(await again.toText()).toBe(await booster.toText());
      using other = await createDataset(table(), { label: y });
      if (name === 'none' || name === 'monotone_constraints') {
        using late = await train({ ...options, data: other });
        expect(await late.toText()).toBe(await booster.toText());
        return;
      }
      await expect(train({ ...options, data: other })).rejects.toThrow(
        /asks for other bins.*`createDataset`.*as `parameters`/,
      );
      await expect(Booster.create(other, parameters)).rejects.toThrow(/asks for other bins/);
      using plain = await Booster.create(other, base);
      expect(() => plain.resetParameters(parameters)).toThrow(/asks for other bins/);
    },
  );

  test('say nothing about bins where a dataset was made with the same or the default, however it is written', async () => {
    const made = { max_bins: 63, zero_as_missing: true, cat_column: [0, 3], min_data: 5 };
    using data = await createDataset(table(), { label: y, parameters: made });
    const parameters = {
      ...base,
      max_bin: '63',
      zero_as_missing: '+',
      categorical_feature: '3,0',
      min_child_samples: 5,
      use_missing: true,
      data_random_seed: 4,
      seed: 3,
    };
    using booster = await train({ data, parameters, rounds: 2 });
    expect(await booster.toText()).toMatch(/\[categorical_feature: 0,3\]/);
    // All rows are looked at, so that no seed chooses among them; without a filter, leaves filter nothing.
    using free = await createDataset(table(), {
      label: y,
      parameters: { feature_pre_filter: false, bin_construct_sample_cnt: 299 },
    });
    using _fine = await train({ data: free, parameters: { ...base, min_data_in_leaf: 2 }, rounds: 1 });
    await expect(train({ data: free, parameters: { seed: 3 } })).rejects.toThrow(/seed=3.*seed=default/);
  });

  test('hold for a validation set as for the training set', async () => {
    using data = await createDataset(table(), { label: y, parameters: { max_bin: 7 } });
    await expect(
      createDataset(table(0, HALF), {
        label: y.subarray(0, HALF),
        parameters: { max_bin: 9 },
        reference: data,
      }),
    ).rejects.toThrow(/max_bin=9, found max_bin=7/);
    using valid = await createDataset(table(0, HALF), { label: y.subarray(0, HALF), reference: data });
    expect(valid.parameters).toEqual({ max_bin: '7' });
  });

  test.each(values.rounds)('say how many rounds, by each of their names: %s', async (name) => {
    const data = { table: table(), label: y };
    using booster = await train({ data, parameters: { ...base, [name]: 3 } });
    if (isExact) expect(await booster.toText()).toBe(values.three);
    expect(booster.iterations).toBe(3);
    await expect(train({ data, parameters: { [name]: 3 }, rounds: 4 })).rejects.toThrow(
      /rounds and the parameter num_iterations say two things; .*found 4 and 3/,
    );
    await expect(train({ data, parameters: { [name]: 0 } })).rejects.toThrow(/at least 1, found 0/);
  });

  test.each(Object.keys(values.stopping))('say when to stop, by each of their names: %s', async (name) => {
    using booster = await train({ ...halves, parameters: { ...base, [name]: 2 }, rounds: 50 });
    const best = values.stopping[name]!;
    expect([booster.bestIteration, booster.iterations]).toEqual([best, best + 2]);
    if (isExact) expect(await booster.toText()).toBe(values.stopped);
    await expect(
      train({ ...halves, parameters: { [name]: 2 }, earlyStopping: { rounds: 3 } }),
    ).rejects.toThrow(/found 3 and 2/);
    await expect(train({ data: halves.data, parameters: { [name]: 2 } })).rejects.toThrow(/validation set/);
    await expect(train({ ...halves, parameters: { [name]: 2, metric: 'none' } })).rejects.toThrow(
      /early stopping needs a metric/,
    );
    await expect(train({ ...halves, parameters: { [name]: 2, boost: 'dart' } })).rejects.toThrow(
      /dart cannot stop early/,
    );
    using endless = await train({ ...halves, parameters: { ...base, [name]: 0 }, rounds: 12 });
    expect([endless.bestIteration, endless.iterations]).toEqual([0, 12]);
  });

  test('say how to stop, as the options do', async () => {
    const parameters = { ...base, metric: 'l1,l2' };
    const stop = async (
      more: Record<string, number | boolean>,
      earlyStopping: { rounds: number; firstMetricOnly?: boolean; minimumDelta?: number },
    ): Promise<[number, number]> => {
      using told = await train({ ...halves, parameters, rounds: 60, earlyStopping });
      using asked = await train({
        ...halves,
        parameters: { ...parameters, early_stopping_round: earlyStopping.rounds, ...more },
        rounds: 60,
      });
      expect([asked.bestIteration, asked.iterations]).toEqual([told.bestIteration, told.iterations]);
      return [told.bestIteration, told.iterations];
    };
    const plain = await stop({}, { rounds: 4 });
    expect(await stop({ early_stopping_min_delta: 1 }, { rounds: 4, minimumDelta: 1 })).not.toEqual(plain);
    await stop({ first_metric_only: true }, { rounds: 4, firstMetricOnly: true });
    await expect(train({ ...halves, earlyStopping: { rounds: 4, minimumDelta: -1 } })).rejects.toThrow(
      /at least 0/,
    );
  });

  test('name no objective beside the caller’s', async () => {
    const objective = (scores: Float64Array): { gradient: Float32Array; hessian: Float32Array } => ({
      gradient: Float32Array.from(scores, (score, row) => score - y[row]!),
      hessian: new Float32Array(scores.length).fill(1),
    });
    const data = { table: table(), label: y };
    await expect(train({ data, objective, parameters: { loss: 'l1' } })).rejects.toThrow(/two objectives/);
    using booster = await train({ data, objective, parameters: { ...base, app: 'none' }, rounds: 2 });
    expect(booster.iterations).toBe(2);
  });
});
