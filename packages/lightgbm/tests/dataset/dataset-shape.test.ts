import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { describe, expect, test } from 'vitest';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import { SHAPING_NAMES, withDataset } from '../../src/dataset/dataset-shape.ts';
import { locateLibrary } from '../../src/library/locate-library.ts';
import { PARAMETER_NAMES, type ParameterName } from '../../src/parameters/parameter-names.ts';
import { resolveParameters, type Parameters } from '../../src/parameters/parameters.ts';
import { uselessness } from '../../src/parameters/parameter-uses.ts';
import { PARITY_OBJECTIVES } from '../../src/testing/parity-objectives.ts';
import { parityValues } from '../../src/testing/parity-parameters.ts';
import { ParityRandom } from '../../src/testing/parity-random.ts';
import { missingLibrary } from '../golden.ts';
import { table, y } from '../golden-values.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;

/** Datasets in which parameters matter that elsewhere do not: a real sample, leaves of few rows, no filter. */
const made: Parameters[] = [
  {},
  { bin_construct_sample_cnt: 90 },
  { min_data_in_leaf: 1, min_data_in_bin: 1 },
  { feature_pre_filter: false, zero_as_missing: true },
  { monotone_constraints: [0, 1, -1, 0, 0], categorical_feature: [0] },
];

describe.skipIf(missingLibrary !== null)(`what a dataset is made with${note}`, () => {
  test('whatever changes a byte of it is refused of a training, of all parameters that LightGBM has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hemline-shape-'));
    const forced = join(folder, 'bins.json');
    await writeFile(forced, JSON.stringify([{ feature: 1, bin_upper_bound: [3, 11.5] }]));
    const save = koffi
      .load(locateLibrary())
      .func('int LGBM_DatasetSaveBinary(void *dataset, const char *file)');
    const path = join(folder, 'dataset.bin');
    const bytesOf = async (parameters: Parameters): Promise<string | null> => {
      try {
        using data = await createDataset(table(), {
          label: y,
          parameters: { num_threads: 1, ...parameters },
        });
        expect(save(data.handle.address, path)).toBe(0);
        return await readFile(path, 'latin1');
      } catch {
        // What LightGBM does not accept together can be asked of no dataset.
        return null;
      } finally {
        await rm(path, { force: true });
      }
    };
    const context = {
      objective: PARITY_OBJECTIVES[0]!,
      classes: 1,
      features: 5,
      categorical: [0],
      isCustom: false,
      hasInitScore: false,
      hasForcedSplits: false,
    };
    const values = {
      ...parityValues(context, new ParityRandom(1)),
      categorical_feature: [[0], [0, 3]],
      forcedbins_filename: [forced],
      num_threads: [2],
      force_row_wise: [true],
      force_col_wise: [true],
      num_class: [1],
      metric: ['l1'],
      objective: ['quantile'],
      num_iterations: [7],
    };
    const changing = new Set<string>();
    for (const before of made) {
      const own = await bytesOf(before);
      expect(own).not.toBeNull();
      expect(await bytesOf(before)).toBe(own);
      for (const [name, among] of Object.entries(values)) {
        for (const value of among) {
          const asked = { [name]: value };
          const found = await bytesOf({ ...before, ...asked });
          if (found === null || found === own) continue;
          changing.add(name);
          const dataset = { rows: 300, parameters: resolveParameters(before) };
          expect(
            () => withDataset(dataset, resolveParameters(asked), 'a training'),
            `${JSON.stringify(before)} ${name}=${JSON.stringify(value)}`,
          ).toThrow(/asks for other bins/);
        }
      }
    }
    await rm(folder, { recursive: true });
    // Other devices are not here; smoothing makes leaves of 1 row leaves of 2, which leaves no column of this table out.
    expect(SHAPING_NAMES.filter((name) => !changing.has(name)).toSorted()).toEqual([
      'device_type',
      'path_smooth',
    ]);
    // Nothing that is heeded was left out, but files of splits and what only predictions are told.
    const heeded = (Object.keys(PARAMETER_NAMES) as ParameterName[]).filter(
      (name) => uselessness(name) === null,
    );
    expect(heeded.filter((name) => !(name in values) && !/^pred/.test(name))).toEqual([
      'forcedsplits_filename',
    ]);
  }, 120_000);
});
