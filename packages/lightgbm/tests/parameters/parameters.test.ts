import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dumpParameterNames } from '../../recipes/parameter-names.ts';
import { Booster } from '../../src/booster/booster.ts';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import { DatasetStream } from '../../src/dataset/dataset-stream.ts';
import { PARAMETER_NAMES } from '../../src/parameters/parameter-names.ts';
import { formatValue } from '../../src/parameters/parameter-value.ts';
import { resolveParameters, type Parameters } from '../../src/parameters/parameters.ts';
import { train } from '../../src/train/train.ts';
import { missingLibrary } from '../golden.ts';
import { table, y } from '../golden-values.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;

describe('parameters', () => {
  test.skipIf(missingLibrary !== null)(`are those that the library knows${note}`, () => {
    expect(dumpParameterNames()).toEqual(PARAMETER_NAMES);
  });

  test('are found by every one of their names; what would do nothing is refused, with what to do', () => {
    for (const [first, others] of Object.entries(PARAMETER_NAMES)) {
      const outcomes = [first, ...others].map((name) => {
        try {
          return JSON.stringify(resolveParameters({ [name]: 1 }));
        } catch (error) {
          return (error as Error).message.replace(`parameter ${name} `, 'parameter ');
        }
      });
      expect(new Set(outcomes).size, first).toBe(1);
      expect(outcomes[0]).toMatch(/^\{"\w+":"1"\}$|^the parameter would do nothing here\. [A-Z].*\.$/);
      for (const other of others)
        expect(() => resolveParameters({ [first]: 1, [other]: 1 })).toThrow(
          /two names of one parameter|do nothing/,
        );
    }
    expect(() => resolveParameters({ weight_column: 0 })).toThrow(/`createDataset` as `weight`/);
  });

  test.each([
    ['num_leafs', 'num_leaf'],
    ['numLeaves', 'num_leaves'],
    ['earlystopping_rounds', 'early_stopping_rounds'],
    ['learnin_rate', 'learning_rate'],
    ['min-data-in-leaf', 'min_data_in_leaf'],
  ])('an unknown name is told with the nearest one: %s', (name, meant) => {
    expect(() => resolveParameters({ [name]: 1 })).toThrow(
      new RegExp(`no parameter "${name}"\\. Did you mean ${meant}\\?`),
    );
  });

  test('a name that is like none is told without a guess', () => {
    expect(() => resolveParameters({ 'a colourful thing': 1 })).toThrow(/no parameter.*documentation/);
  });

  test('values are written as Python writes them, lists in brackets inside lists', () => {
    const written = [
      1e-5,
      0.0001,
      0.1,
      3,
      1e16,
      123456789,
      -2.5e-7,
      Infinity,
      true,
      'a',
      [1, 2],
      [[0, 1], [2]],
    ];
    expect(written.map((value) => formatValue('x', value as number))).toEqual([
      '1e-5',
      '0.0001',
      '0.1',
      '3',
      '1e+16',
      '123456789',
      '-2.5e-7',
      'inf',
      'true',
      'a',
      '1,2',
      '[0,1],[2]',
    ]);
    const wrong: unknown[] = [NaN, undefined, null, {}, '', 'a b', 'a=b', [], [1, undefined]];
    for (const value of wrong)
      expect(() => formatValue('metric', value as number)).toThrow(/parameter metric/);
  });

  test.skipIf(missingLibrary !== null)(`are checked wherever they are given${note}`, async () => {
    const parameters: Parameters = { max_bim: 3 };
    const data = { table: table(), label: y };
    using dataset = await createDataset(data.table, data);
    using booster = await train({ data, rounds: 1 });
    const calls: (() => unknown)[] = [
      () => createDataset(data.table, { parameters }),
      () => DatasetStream.sampleRows(3, parameters),
      () => DatasetStream.open({ rows: 300, sample: data.table, parameters }),
      () => train({ data: dataset, parameters }),
      () => train({ data, parameters }),
      () => Booster.create(dataset, parameters),
      () => booster.resetParameters(parameters),
      () => booster.predict(data.table, { parameters }),
    ];
    for (const call of calls) await expect((async () => call())()).rejects.toThrow(/Did you mean max_bin\?/);
  });

  test.skipIf(missingLibrary !== null)(
    `that name features or files have to fit these: LightGBM does not check them${note}`,
    async () => {
      const data = { table: table(), label: y };
      using dataset = await createDataset(data.table, data);
      const folder = await mkdtemp(join(tmpdir(), 'hemline-forced-'));
      const forced = join(folder, 'forced.json');
      await writeFile(
        forced,
        JSON.stringify({ feature: 1, threshold: 3, right: { feature: 0, threshold: 2 } }),
      );
      const garbage = join(import.meta.dirname, 'parameters.test.ts');
      const wrong: [Parameters, RegExp][] = [
        [{ interaction_constraints: [[0, 5]] }, /numbers from 0 to 4.*found \[0,5\]/],
        [{ interaction_constraints: '0,1' }, /interaction_constraints does not fit/],
        [{ forcedsplits_filename: '/nowhere.json' }, /forcedsplits_filename cannot be used.*ENOENT/],
        [{ forcedsplits_filename: forced, num_leaves: 2 }, /less than num_leaves=2, found 2 in/],
        [{ forcedsplits_filename: forced, use_quantized_grad: true }, /do not go together/],
        [{ forcedsplits_filename: garbage }, /forcedsplits_filename cannot be used.*JSON/],
      ];
      for (const [parameters, told] of wrong) {
        await expect(train({ data: dataset, parameters })).rejects.toThrow(told);
        await expect(train({ data, parameters })).rejects.toThrow(told);
        using booster = await Booster.create(dataset);
        expect(() => booster.resetParameters(parameters)).toThrow(told);
      }
      await expect(
        createDataset(data.table, { parameters: { forcedbins_filename: '/nowhere.json' } }),
      ).rejects.toThrow(/forcedbins_filename cannot be used/);
      using categories = await createDataset(data.table, { label: y, categorical: [2] });
      await expect(train({ data: categories, parameters: { mc: [0, 0, 1, 0, 0] } })).rejects.toThrow(
        /categories can neither rise nor fall; expected 0 for column 2/,
      );
      using grouped = await train({
        data,
        parameters: {
          interaction_constraints: [
            [0, 1],
            [2, 3, 4],
          ],
          num_threads: 1,
        },
        rounds: 3,
      });
      using split = await train({ data, parameters: { fs: forced, num_leaves: 3 }, rounds: 1 });
      expect(await split.toText()).toContain('split_feature=1 0');
      await rm(folder, { recursive: true });
      expect(await grouped.toText()).toContain('[interaction_constraints: [0,1],[2,3,4]]');
    },
  );
});
