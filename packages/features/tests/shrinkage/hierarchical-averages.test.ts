import { readFileSync } from 'node:fs';
import { Batch, concatBatches, sliceRows, stringsToColumn, takeRows } from '@hemline/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARTICLE_HIERARCHY } from '../../src/shrinkage/hierarchy.ts';
import { HierarchicalAverages } from '../../src/shrinkage/hierarchical-averages.ts';
import { ShrunkAverages } from '../../src/shrinkage/shrunk-averages.ts';
import { TestArtifact } from '../support/artifact.ts';
import { SeededRandom } from '../support/random.ts';

type Row = [market: string, group: string | null, article: string, value: number, weight: number];

interface GoldenCase {
  readonly rows: readonly Row[];
  readonly within: number;
  readonly between: readonly number[];
  readonly values: readonly { readonly key: readonly (string | null)[]; readonly value: number }[];
}

const golden = JSON.parse(
  readFileSync(new URL('golden/averages.json', import.meta.url), 'utf8'),
) as GoldenCase[];

function keysOf(rows: readonly (readonly (string | null)[])[]): Batch {
  return new Batch({
    market: stringsToColumn(rows.map((row) => row[0]!)),
    group: stringsToColumn(rows.map((row) => row[1]!)),
    article: stringsToColumn(rows.map((row) => row[2]!)),
  });
}

function averagesOf(rows: readonly Row[], batchRows = 7): HierarchicalAverages {
  const averages = new HierarchicalAverages(ARTICLE_HIERARCHY, 'test value');
  for (let start = 0; start < rows.length; start += batchRows) {
    const some = rows.slice(start, start + batchRows);
    averages.add(
      keysOf(some.map(([market, group, article]) => [market, group, article])),
      Float64Array.from(some, (row) => row[3]),
      Float64Array.from(some, (row) => row[4]),
    );
  }
  return averages;
}

describe('the estimator', () => {
  test.each(golden.map((one, position) => [position, one] as const))(
    'gives the numbers of NumPy (case %i)',
    (_, { rows, within, between, values }) => {
      const fitted = averagesOf(rows).fit();
      expect(fitted.variances.within).toBeCloseTo(within, 10);
      between.forEach((tau, level) => expect(fitted.variances.between[level + 1]).toBeCloseTo(tau, 10));
      for (const { key, value } of values) {
        const found = fitted.lookup(keysOf([[...key, 'no', 'no', 'no'].slice(0, 3)]));
        expect(found.value[0]).toBeCloseTo(value, 9);
        expect(found.supportLevel.dictionary[found.supportLevel.values[0]!]).toBe(
          ['all', 'market', 'group', 'article'][key.length],
        );
      }
    },
  );

  test('recovers the strength and beats raw and pooled means', () => {
    const random = new SeededRandom(3);
    const [sigma, tauGroup, tauArticle] = [3, 0.8, 1.2];
    const rows: Row[] = [];
    const truth = new Map<string, number>();
    for (let g = 0; g < 40; g++) {
      const group = 5 + tauGroup * random.normal();
      for (let a = 0; a < 50; a++) {
        const article = `${g}-${a}`;
        truth.set(article, group + tauArticle * random.normal());
        // Articles sold much and little: between 2 and 16 rows of weight 1 to 3.
        for (let row = 2 + random.below(15); row > 0; row--) {
          const weight = 1 + random.below(3);
          const value = truth.get(article)! + (sigma / Math.sqrt(weight)) * random.normal();
          rows.push(['m', `g${g}`, article, value, weight]);
        }
      }
    }
    const fitted = averagesOf(rows, 1000).fit();
    expect(fitted.variances.within).toBeCloseTo(sigma ** 2, 0);
    expect(fitted.strength('article') / (sigma / tauArticle) ** 2).toBeGreaterThan(0.85);
    expect(fitted.strength('article') / (sigma / tauArticle) ** 2).toBeLessThan(1.15);
    expect(Math.sqrt(fitted.variances.between[2]!)).toBeGreaterThan(0.6);
    expect(Math.sqrt(fitted.variances.between[2]!)).toBeLessThan(1);

    const articles = [...truth.keys()];
    const found = fitted.lookup(
      keysOf(articles.map((article) => ['m', `g${article.split('-')[0]}`, article])),
    );
    const raw = rawMeans(rows);
    const pooled = rows.reduce((sum, row) => sum + row[3], 0) / rows.length;
    const error = (estimate: (article: string, position: number) => number): number =>
      articles.reduce((sum, one, at) => sum + (estimate(one, at) - truth.get(one)!) ** 2, 0) /
      articles.length;
    const shrunk = error((_, at) => found.value[at]!);
    expect(shrunk).toBeLessThan(0.8 * error((article) => raw.get(article)!));
    expect(shrunk).toBeLessThan(0.5 * error(() => pooled));
  });

  test('children that do not differ take the value above', () => {
    const rows: Row[] = [];
    for (let article = 0; article < 6; article++)
      for (const value of [1, 2, 3]) rows.push(['m', 'g', `a${article}`, value, 1]);
    const fitted = averagesOf(rows).fit();
    expect(fitted.strength('article')).toBe(Infinity);
    expect(fitted.lookup(keysOf([['m', 'g', 'a0']])).value[0]).toBeCloseTo(2, 12);
  });

  test('children without noise keep their own value', () => {
    const rows: Row[] = ['a', 'b', 'c'].flatMap((article, at): Row[] => [
      ['m', 'g', article, at, 2],
      ['m', 'g', article, at, 5],
    ]);
    const fitted = averagesOf(rows).fit();
    expect(fitted.strength('article')).toBe(0);
    expect([...fitted.lookup(keysOf(['a', 'b', 'c'].map((one) => ['m', 'g', one]))).value]).toEqual([
      0, 1, 2,
    ]);
  });

  test('with a single row per key, spread is taken for noise: everything is pooled', () => {
    const fitted = averagesOf([
      ['m', 'g', 'a', 1, 1],
      ['m', 'g', 'b', 3, 1],
    ]).fit();
    expect(fitted.lookup(keysOf([['m', 'g', 'a']])).value[0]).toBeCloseTo(2, 12);
  });

  test('one single row is the average of everything', () => {
    const fitted = averagesOf([['m', null, 'a', 0.7, 3]]).fit();
    const found = fitted.lookup(
      keysOf([
        ['m', null, 'a'],
        ['x', 'y', 'z'],
      ]),
    );
    expect(found.value[0]).toBeCloseTo(0.7, 14);
    expect(found.value[1]).toBe(found.value[0]);
    expect([...found.support]).toEqual([3, 0]);
  });
});

test('unknown keys fall back level by level; a missing group is a group of its own', () => {
  const { rows } = golden[0]!;
  const fitted = averagesOf(rows).fit();
  const own = rows.find((row) => row[1] === null)!;
  const found = fitted.lookup(
    keysOf([
      [own[0], null, own[2]],
      [own[0], null, 'new'],
      [own[0], 'new', 'new'],
      ['new', null, own[2]],
    ]),
  );
  const { dictionary, values } = found.supportLevel;
  expect([...values].map((code) => dictionary[code])).toEqual(['article', 'group', 'market', 'all']);
  const weights = rows.filter((row) => row[2] === own[2]).reduce((sum, row) => sum + row[4], 0);
  expect([...found.support]).toEqual([weights, 0, 0, 0]);
});

test('neither the order of rows nor batches matter to 1e-9', () => {
  const { rows } = golden[0]!;
  // Values of very different size make plain sums depend on their order.
  const harder = rows.map((row, at): Row => [
    row[0],
    row[1],
    row[2],
    row[3] * (at % 7 === 0 ? 1e6 : 1),
    row[4],
  ]);
  const keys = keysOf(harder.map(([market, group, article]) => [market, group, article]));
  const expected = averagesOf(harder).fit().lookup(keys).value;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer(), (batchRows, seed) => {
      const turned = new SeededRandom(seed).shuffle(harder);
      const values = averagesOf(turned, batchRows).fit().lookup(keys).value;
      values.forEach((value, at) => expect(Math.abs(value / expected[at]! - 1)).toBeLessThan(1e-9));
    }),
    { numRuns: 25 },
  );
});

test('lookup works in any company and order', () => {
  const { rows } = golden[0]!;
  const fitted = averagesOf(rows).fit();
  const keys = keysOf(rows.map(([market, group, article]) => [market, group, article]));
  const whole = fitted.lookup(keys).value;
  const halves = [sliceRows(keys, 0, 11), sliceRows(keys, 11)].flatMap((half) => [
    ...fitted.lookup(half).value,
  ]);
  expect(halves).toEqual([...whole]);
  const back = Uint32Array.from({ length: keys.length }, (_, at) => keys.length - 1 - at);
  expect([...fitted.lookup(takeRows(keys, back)).value].reverse()).toEqual([...whole]);
  expect(fitted.lookup(concatBatches([keys, keys])).value).toHaveLength(2 * keys.length);
});

test('save → load keeps every number', async () => {
  const { rows } = golden[0]!;
  const fitted = averagesOf(rows).fit();
  const artifact = new TestArtifact();
  await fitted.save(artifact, 'rates');
  const loaded = await ShrunkAverages.load(artifact, 'rates', ARTICLE_HIERARCHY);
  const keys = keysOf([...rows.map(([m, g, a]) => [m, g, a]), ['m0', null, 'new'], ['new', 'new', 'new']]);
  expect(loaded.lookup(keys)).toEqual(fitted.lookup(keys));
  expect(loaded.variances).toEqual(fitted.variances);
  await expect(
    ShrunkAverages.load(artifact, 'rates', [{ name: 'market', columns: ['market'] }]),
  ).rejects.toThrow(/do not fit this model/);
});

describe('what cannot be averaged', () => {
  test.each([
    [NaN, 1],
    [1, NaN],
    [1, -1],
    [Infinity, 1],
  ])('value %d with weight %d is an error that names the key', (value, weight) => {
    expect(() => averagesOf([['m', 'g', 'a', value, weight]])).toThrow(
      /test value.*article a, group g, market m/,
    );
  });

  test('rows without weight are passed over, whatever their value', () => {
    const fitted = averagesOf([
      ['m', 'g', 'a', 1, 1],
      ['m', 'g', 'b', NaN, 0],
    ]).fit();
    const found = fitted.lookup(keysOf([['m', 'g', 'b']]));
    expect([found.value[0], found.support[0], found.supportLevel.values[0]]).toEqual([1, 0, 2]);
  });

  test('no row with weight is an error', () => {
    expect(() => averagesOf([]).fit()).toThrow(/no test value to average.*no row/);
    expect(() => averagesOf([['m', 'g', 'a', 1, 0]]).fit()).toThrow(/1 keys without weight/);
  });
});

function rawMeans(rows: readonly Row[]): Map<string, number> {
  const sums = new Map<string, [number, number]>();
  for (const [, , article, value, weight] of rows) {
    const [total, mass] = sums.get(article) ?? [0, 0];
    sums.set(article, [total + weight * value, mass + weight]);
  }
  return new Map([...sums].map(([article, [total, mass]]) => [article, total / mass]));
}
