import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Booster } from '../../src/booster/booster.ts';
import { createDataset } from '../../src/dataset/create-dataset.ts';
import { LightgbmError } from '../../src/lightgbm-error.ts';
import { train } from '../../src/train/train.ts';
import { TreeModel } from '../../src/scoring/tree-model.ts';
import { values } from '../golden-values.ts';
import { COLUMNS, golden, matrix, missingLibrary, validation } from '../golden.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;
const names = Object.keys(golden.cases);

describe('TreeModel', () => {
  // `log1p` is not the C library's, so that this one value may differ in its last bit.
  test.each(names)('predicts bit for bit what Python does: %s', (name) => {
    const { text, value, raw, leaf } = golden.cases[name]!;
    const model = TreeModel.parse(text);
    expect(model.predict(validation, { kind: 'raw' })).toEqual(raw);
    expect(model.predict(validation, { kind: 'leaf' })).toEqual(leaf);
    const values = model.predict(validation);
    if (name === 'cross-entropy-lambda')
      values.forEach((one, row) => expect(Math.abs(one / value[row]! - 1)).toBeLessThan(4e-16));
    else expect(values).toEqual(value);
  });

  test('predicts from every layout, into a buffer, some iterations', () => {
    const { text, raw } = golden.cases['multiclass']!;
    const model = TreeModel.parse(text);
    expect([model.classes, model.features, model.iterations]).toEqual([3, 6, 12]);
    const { values, rows } = validation;
    const columns = Array.from({ length: COLUMNS }, (_, column) =>
      Float64Array.from({ length: rows }, (_, row) => values[row * COLUMNS + column]!),
    );
    const byColumn = Float64Array.from(columns.flatMap((column) => [...column]));
    const into = new Float64Array(rows * 3);
    expect(model.predict({ columns }, { kind: 'raw', into })).toBe(into);
    expect(into).toEqual(raw);
    const table = { values: byColumn, rows, columns: COLUMNS, layout: 'column' } as const;
    expect(model.predict(table, { kind: 'raw' })).toEqual(raw);
    const early = model.predict(table, { kind: 'raw', iterations: 4 });
    const late = model.predict(table, { kind: 'raw', start: 4 });
    early.forEach((one, at) => expect(one + late[at]!).toBeCloseTo(raw[at]!, 12));
    expect(model.predict({ columns: columns.map((column) => column.subarray(0, 0)) })).toHaveLength(0);
  });

  test('refuses what it cannot score as the library would', () => {
    const { text } = golden.cases['binary']!;
    expect(() => TreeModel.parse('{}')).toThrow(/"tree" to "end of trees"/);
    expect(() => TreeModel.parse(text.slice(0, 3000))).toThrow(/cut off/);
    expect(() => TreeModel.parse(values.shaping['linear_tree']!.text)).toThrow(
      /linear trees are not scored.*linear_tree=false/,
    );
    expect(() =>
      TreeModel.parse(text.replace('objective=binary', 'objective=unheard')).predict(validation),
    ).toThrow(/not known/);
    const model = TreeModel.parse(text);
    expect(() => model.predict(matrix(golden.xv.subarray(0, 20), 4))).toThrow(/6 columns, found 4/);
    expect(() => model.predict(validation, { into: new Float64Array(2) })).toThrow(/150 × 1 values, found 2/);
  });

  test('a damaged text is an error or a model, never a hang', () => {
    const { text } = golden.cases['binary']!;
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('', ' ', '\n', '-', '9', 'x', '=', '99999999'),
        (at, by) => {
          try {
            TreeModel.parse(text.slice(0, at) + by + text.slice(at + 1)).predict(validation, { kind: 'raw' });
          } catch (error) {
            expect(error).toBeInstanceOf(LightgbmError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test.skipIf(missingLibrary !== null)(
    `predicts bit for bit what the library does, whatever the data and the parameters${note}`,
    async () => {
      const odd = fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1e-36, -1e-36, 3.7, -1, 5e9, 1e300);
      const cell = fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: -3, max: 30 }) },
        { weight: 3, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
        { weight: 2, arbitrary: odd },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(cell, { minLength: 600, maxLength: 600 }),
          fc.array(cell, { minLength: 90, maxLength: 90 }),
          fc.record({
            use_missing: fc.boolean(),
            zero_as_missing: fc.boolean(),
            max_bin: fc.integer({ min: 2, max: 60 }),
            min_data_in_leaf: fc.integer({ min: 1, max: 10 }),
            num_leaves: fc.integer({ min: 2, max: 40 }),
            cat_smooth: fc.constantFrom(0.1, 10),
            max_cat_to_onehot: fc.constantFrom(1, 4, 30),
          }),
          fc.constantFrom('regression', 'binary', 'cross_entropy', 'poisson', 'multiclass'),
          fc.boolean(),
          async (known, asked, parameters, objective, isFloat) => {
            // A category must not be a huge number: bins would not fit into memory.
            const cells = known.map((one, at) => (at % 3 === 0 && !(Math.abs(one) < 100) ? NaN : one));
            const label = Float32Array.from({ length: 200 }, (_, row) =>
              objective === 'multiclass' ? row % 3 : known[row * 3 + 1]! > 3 ? 1 : 0,
            );
            const settings = {
              ...parameters,
              min_data_in_bin: 1,
              num_threads: 1,
              min_sum_hessian_in_leaf: 0.01,
            };
            const Type = isFloat ? Float32Array : Float64Array;
            using data = await createDataset(matrix(Type.from(cells), 3), {
              parameters: settings,
              label,
              categorical: [0],
            });
            using booster = await train({
              data,
              parameters: {
                objective,
                ...(objective === 'multiclass' ? { num_class: 3 } : {}),
                num_threads: 1,
              },
              rounds: 4,
            });
            const text = await booster.toText();
            using loaded = await Booster.fromText(text);
            const table = matrix(Type.from(asked), 3);
            const model = TreeModel.parse(text);
            for (const kind of ['raw', 'leaf', 'value'] as const)
              expect(model.predict(table, { kind })).toEqual(await loaded.predict(table, { kind }));
          },
        ),
        { numRuns: 60 },
      );
    },
  );
});
