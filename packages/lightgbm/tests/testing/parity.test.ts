import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PARAMETER_NAMES } from '../../src/parameters/parameter-names.ts';
import { resolveParameters } from '../../src/parameters/parameters.ts';
import { uselessness } from '../../src/parameters/parameter-uses.ts';
import {
  PARITY_OBJECTIVES,
  parityCase,
  parityDifferences,
  parityDigests,
  readParityAnswer,
  runParityCase,
} from '../../src/testing/index.ts';
import { isExact, missingLibrary } from '../golden.ts';

const reason = missingLibrary ?? (isExact ? null : 'the golden outcomes are those of x86-64');
const note = reason === null ? '' : ` (skipped: ${reason})`;
const { cases } = JSON.parse(await readFile(join(import.meta.dirname, '../golden/parity.json'), 'utf8')) as {
  cases: Record<string, Record<string, string>>;
};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-parity-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('parity with Python', () => {
  test.skipIf(reason !== null).each(Object.keys(cases))(
    `case %s comes to what it comes to in Python, in every bit${note}`,
    async (seed) => {
      expect(parityDigests(await runParityCase(parityCase(Number(seed)), folder))).toEqual(cases[seed]);
    },
  );

  test('the whole suite has every parameter that is heeded, every objective, and all ways', () => {
    const all = Array.from({ length: 500 }, (_, seed) => parityCase(seed));
    const drawn = new Set(
      all.flatMap(({ parameters, files }) => [
        ...Object.keys(resolveParameters(parameters)),
        ...Object.keys(files),
      ]),
    );
    const heeded = (Object.keys(PARAMETER_NAMES) as (keyof typeof PARAMETER_NAMES)[]).filter(
      (name) => uselessness(name) === null,
    );
    // Of rounds there is an option, of categories too, and of the rest predictions are told.
    const elsewhere = [
      'num_iterations',
      'categorical_feature',
      'pred_early_stop',
      'pred_early_stop_freq',
      'pred_early_stop_margin',
      'predict_disable_shape_check',
    ];
    expect(heeded.filter((name) => !drawn.has(name) && !elsewhere.includes(name))).toEqual([]);
    expect(new Set(all.map(({ way, form }) => `${way} ${form}`)).size).toBe(16);
    for (const { objective } of PARITY_OBJECTIVES)
      expect(all.some(({ parameters }) => resolveParameters(parameters).objective === objective)).toBe(true);
    expect(parityCase(7)).toEqual(parityCase(7));
  });

  test('differences are told with the first place that differs', () => {
    const line = '{"seed":3,"outcome":{"text":"a\\nb","raw":[1.5,"nan",-0.0],"leaf":[1]}}';
    const { seed, outcome } = readParityAnswer(line);
    expect([seed, outcome]).toEqual([3, { text: 'a\nb', raw: [1.5, NaN, -0], leaf: [1] }]);
    expect(parityDifferences({ text: 'a\nb', raw: [1.5, NaN, 0], leaf: [1] }, outcome)).toEqual([]);
    expect(parityDifferences({ text: 'a\nc', raw: [1.5, 2, 0] }, outcome)).toEqual([
      'text: c here, b in Python, at 1 of 2 and 2',
      'raw: 2 here, NaN in Python, at 1 of 3 and 3',
      'leaf: nothing here, 1 in Python',
    ]);
  });
});
