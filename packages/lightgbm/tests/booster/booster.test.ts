import { describe, expect, test } from 'vitest';
import { Booster } from '../../src/booster/booster.ts';
import { golden, matrix, missingLibrary, validation } from '../golden.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;

describe.skipIf(missingLibrary !== null)(`Booster${note}`, () => {
  test.each(Object.keys(golden.cases))(
    'predicts with a model of Python what Python does: %s',
    async (name) => {
      const { text, value, raw, leaf, contribution, gain } = golden.cases[name]!;
      using booster = await Booster.fromText(text);
      expect(await booster.predict(validation)).toEqual(value);
      expect(await booster.predict(validation, { kind: 'raw' })).toEqual(raw);
      expect(await booster.predict(validation, { kind: 'leaf' })).toEqual(leaf);
      const few = matrix(golden.xv.subarray(0, 30));
      expect(await booster.predict(few, { kind: 'contribution' })).toEqual(contribution);
      expect(booster.importance('gain')).toEqual(gain);
      expect(await booster.toText()).toBe(text);
    },
  );

  test('predicts columns of any type, into a buffer of the caller’s', async () => {
    const { text, raw } = golden.cases['binary']!;
    using booster = await Booster.fromText(text);
    const columns = Array.from({ length: 6 }, (_, column) =>
      Float64Array.from({ length: validation.rows }, (_, row) => golden.xv[row * 6 + column]!),
    );
    const into = new Float64Array(new SharedArrayBuffer(8 * validation.rows));
    expect(await booster.predict({ columns }, { kind: 'raw', into })).toBe(into);
    expect([...into]).toEqual([...raw]);
    // What is whole numbers gives the same from any array.
    const rows = 90;
    const whole = Array.from({ length: 6 }, (_, column) =>
      Int8Array.from({ length: rows }, (_, row) => (row * (column + 3)) % 40),
    );
    const same = await booster.predict({ columns: whole });
    const mixed = [Int32Array, Float32Array, Uint8Array, Int16Array, Uint32Array, Uint16Array].map(
      (Type, at) => Type.from(whole[at]!),
    );
    expect(await booster.predict({ columns: mixed })).toEqual(same);
    await expect(booster.predict({ columns }, { into: new Float64Array(3) })).rejects.toThrow(
      /150 × 1 values, found 3/,
    );
  });

  test('tells names, metrics and iterations; predicts with some of them', async () => {
    const { text } = golden.cases['multiclass']!;
    using booster = await Booster.fromText(text);
    expect([booster.classes, booster.features, booster.iterations]).toEqual([3, 6, 12]);
    expect(booster.featureNames).toEqual([
      'Column_0',
      'Column_1',
      'Column_2',
      'Column_3',
      'Column_4',
      'Column_5',
    ]);
    const part = await booster.predict(validation, { kind: 'raw', start: 2, iterations: 5 });
    using cut = await Booster.fromText(await booster.toText({ start: 2, iterations: 5 }));
    expect(await cut.predict(validation, { kind: 'raw' })).toEqual(part);
    expect((JSON.parse(await booster.dump()) as { num_class: number }).num_class).toBe(3);
  });

  test('gives LightGBM’s message for what it refuses', async () => {
    const { text } = golden.cases['binary']!;
    await expect(Booster.fromText(text.replace('objective=binary', 'objective=unheard'))).rejects.toThrow(
      'Unknown objective type name: unheard',
    );
    using booster = await Booster.fromText(golden.cases['binary']!.text);
    await expect(booster.predict(matrix(golden.xv.subarray(0, 20), 4))).rejects.toThrow(
      /number of features in data \(4\) is not the same as it was in training data \(6\)/,
    );
  });

  test('refuses to work once it was disposed of', async () => {
    const booster = await Booster.fromText(golden.cases['binary']!.text);
    const last = booster.predict(validation);
    booster[Symbol.dispose]();
    booster[Symbol.dispose]();
    // What was under way ends well.
    expect(await last).toEqual(golden.cases['binary']!.value);
    expect(() => booster.iterations).toThrow(/disposed of/);
    await expect(booster.toText()).rejects.toThrow(/disposed of/);
  });
});
