import { Batch, SchemaError, stringsToColumn, Tables, type ProgressEvent } from '@hemline/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CohortCounts } from '../../src/cohorts/cohort-counts.ts';
import { readReturns, readSales, type CohortReading } from '../../src/cohorts/read-cohorts.ts';
import { returnTimeHazard } from '../../src/cohorts/return-time-hazard.ts';
import { ReturnTimes } from '../../src/cohorts/return-times.ts';
import { returnTimeShares } from '../../src/cohorts/hazards.ts';
import { TestArtifact } from '../support/artifact.ts';
import { SeededRandom } from '../support/random.ts';
import { CUTOFF, cohortTables, type Return, type Sale } from './tables.ts';

const MARKET = [{ name: 'market', columns: ['market'] }];
const ITEM = [...MARKET, { name: 'article', columns: ['article', 'market'] }];

const reading = (maximumLag: number): CohortReading => ({
  cutoff: CUTOFF,
  maximumLag,
  keys: ['article', 'market'],
});

function keysOf(...rows: readonly (readonly [article: string, market: string])[]): Batch {
  return new Batch({
    article: stringsToColumn(rows.map(([article]) => article)),
    market: stringsToColumn(rows.map(([, market]) => market)),
  });
}

test('risk sets are those of units followed one by one', async () => {
  const cohort = fc.record({
    age: fc.integer({ min: 0, max: 9 }),
    units: fc.integer({ min: 0, max: 5 }),
    lags: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(cohort, { minLength: 1, maxLength: 12 }), async (cohorts) => {
      const back: Return[] = [];
      const atRisk = new Float64Array(5);
      const events = new Float64Array(5);
      for (const { age, units, lags } of cohorts) {
        for (let unit = 0; unit < units; unit++) {
          const lag = lags[unit] !== undefined && lags[unit] <= age ? lags[unit] : Infinity;
          for (let k = 0; k <= Math.min(age, 4, lag); k++) atRisk[k]!++;
          if (lag === Infinity) continue;
          events[lag]!++;
          back.push({ age, lag, units: 1 });
        }
      }
      const tables = cohortTables(cohorts, back);
      const counts = new CohortCounts(MARKET, 4);
      for await (const rows of readReturns(tables.get('returns'), reading(4), -Infinity))
        counts.addReturns(rows);
      for await (const rows of readSales(tables.get('weekly'), reading(4))) counts.addSales(rows);
      const [all] = counts.riskSets(counts.hierarchy.complete());
      expect([...all!.atRisk]).toEqual([...atRisk]);
      expect([...all!.events]).toEqual([...events]);
    }),
    { numRuns: 60 },
  );
});

describe('with the youngest cohorts censored', () => {
  const maximumLag = 14;
  /** Chance of each lag, given that a unit comes back. */
  const truth = returnTimeShares(
    Float64Array.from({ length: maximumLag + 1 }, (_, lag) =>
      lag === maximumLag ? 1 : lag < 2 ? 0.05 : 0.25,
    ),
  );

  /** Sales that double every few weeks: most units sold are young. */
  function simulate(seed: number): { sales: Sale[]; back: Return[] } {
    const random = new SeededRandom(seed);
    const sales: Sale[] = [];
    const back: Return[] = [];
    for (let age = 0; age < 40; age++) {
      const units = Math.round(6000 * Math.exp(-age / 6)) + 100;
      sales.push({ age, units });
      const byLag = new Map<number, number>();
      for (let unit = random.binomial(units, 0.4); unit > 0; unit--) {
        let lag = 0;
        for (let draw = random.uniform(); lag < maximumLag && draw >= truth[lag]!; lag++) draw -= truth[lag]!;
        if (lag <= age) byLag.set(lag, (byLag.get(lag) ?? 0) + 1);
      }
      for (const [lag, some] of byLag) back.push({ age, lag, units: some });
    }
    return { sales, back };
  }

  test('the distribution is recovered within sampling error, which the raw one is not', async () => {
    const { sales, back } = simulate(1);
    const times = await returnTimeHazard(cohortTables(sales, back), ITEM, reading(maximumLag));
    const { share } = times.lookup(keysOf(['A', 'M']));
    const raw = new Float64Array(maximumLag + 1);
    const total = back.reduce((sum, { units }) => sum + units!, 0);
    for (const { lag, units } of back) raw[lag]! += units! / total;
    const worst = (shares: Float64Array): number =>
      Math.max(...shares.map((one, lag) => Math.abs(one - truth[lag]!)));
    expect(worst(share)).toBeLessThan(0.012);
    expect(worst(raw)).toBeGreaterThan(0.03);
    expect(share.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
  });

  test('the maturity curve ends at 1 and follows the truth', async () => {
    const { sales, back } = simulate(2);
    const times = await returnTimeHazard(cohortTables(sales, back), MARKET, {
      ...reading(maximumLag),
      keys: ['market'],
    });
    const curve = times.maturity(keysOf(['A', 'M']));
    expect(curve[maximumLag]).toBe(1);
    let sum = 0;
    curve.forEach((share, lag) => expect(Math.abs(share - (sum += truth[lag]!))).toBeLessThan(0.02));
  });
});

describe('what counts', () => {
  const sales: Sale[] = [
    { age: 3, units: 10 },
    { age: 2, units: 10 },
    { age: 1, units: null },
    { age: 0, units: 10 },
  ];
  const back: Return[] = [
    { age: 3, lag: 1, units: 2 },
    { age: 2, lag: 2, units: 4 },
  ];

  test('null weeks, weeks after the cutoff and sales before the first week do not', async () => {
    const more = cohortTables(
      [...sales, { age: -1, units: 99 }],
      [...back, { age: 8, lag: 1, units: 50 }, { age: 1, lag: 2, units: 50 }],
    );
    const times = await returnTimeHazard(more, MARKET, reading(2));
    expect(times.overall).toEqual(
      (await returnTimeHazard(cohortTables(sales, back), MARKET, reading(2))).overall,
    );
    // 30 at risk at once; 20 of them old enough for one week; 18 still out for two.
    expect([...times.overall]).toEqual([0, 2 / 20, 4 / 18]);
  });

  test('sales are read where there are any, demand otherwise', async () => {
    const bySales = await returnTimeHazard(cohortTables(sales, back, 'sales'), MARKET, reading(2));
    expect([...bySales.overall]).toEqual([0, 2 / 20, 4 / 18]);
    await expect(returnTimeHazard(cohortTables(sales, back, 'stock'), MARKET, reading(2))).rejects.toThrow(
      SchemaError,
    );
  });

  test('support is what came back of the item; without returns the level above speaks', async () => {
    const others: Sale[] = [{ article: 'B', age: 5, units: 7 }];
    const times = await returnTimeHazard(cohortTables([...sales, ...others], back), ITEM, reading(2));
    const found = times.lookup(keysOf(['A', 'M'], ['B', 'M'], ['C', 'N']));
    expect([...found.support]).toEqual([6, 0, 0]);
    const { dictionary, values } = found.supportLevel;
    expect([...values].map((code) => dictionary[code])).toEqual(['article', 'market', 'all']);
    expect(times.hazards(keysOf(['C', 'N']))).toEqual(times.overall);
  });

  test('save → load keeps every number', async () => {
    const times = await returnTimeHazard(cohortTables(sales, back), ITEM, reading(2));
    const artifact = new TestArtifact();
    await times.save(artifact, 'times');
    const loaded = await ReturnTimes.load(artifact, 'times', ITEM);
    const keys = keysOf(['A', 'M'], ['B', 'M'], ['C', 'N']);
    expect(loaded.lookup(keys)).toEqual(times.lookup(keys));
    expect(loaded.strengths).toEqual(times.strengths);
    await expect(ReturnTimes.load(artifact, 'times', MARKET)).rejects.toThrow(/do not fit this model/);
  });

  test('progress is told table by table', async () => {
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent): void => void events.push(event);
    await returnTimeHazard(cohortTables(sales, back), MARKET, { ...reading(2), onProgress });
    expect(events).toEqual([
      { phase: 'reading weekly', done: 4, total: null, unit: 'rows' },
      { phase: 'reading returns', done: 2, total: null, unit: 'rows' },
    ]);
  });
});

describe('what is wrong is named', () => {
  const sales: Sale[] = Array.from({ length: 6 }, (_, age) => ({ age, units: 10 }));
  const fails = async (sold: readonly Sale[], back: readonly Return[], message: RegExp): Promise<void> =>
    expect(returnTimeHazard(cohortTables(sold, back), ITEM, reading(3))).rejects.toThrow(message);

  test('a return later than the maximum lag', () =>
    fails(
      sales,
      [{ age: 5, lag: 4, units: 1 }],
      /impossible delay.*0 to 3 whole weeks.*raise the hyperparameter/,
    ));

  test('a return before its sale', () =>
    fails(sales, [{ age: 3, lag: -1, units: 1 }], /impossible delay.*correct or take out the row/));

  test('a return between two weeks', () =>
    fails(sales, [{ age: 3, lag: 1.28, units: 1 }], /impossible delay/));

  test('more returned than sold, with the market', () =>
    fails(
      [...sales, { market: 'N', age: 4, units: 2 }],
      [
        { age: 5, lag: 1, units: 3 },
        { market: 'N', age: 4, lag: 1, units: 3 },
      ],
      /more units came back than were sold.*2 units sold \(market N\), found 3 units returned/,
    ));

  test('nothing returned', () => fails(sales, [], /nothing came back/));

  test('a history shorter than returns take', () =>
    fails(
      sales.slice(0, 3),
      [{ age: 2, lag: 1, units: 1 }],
      /too short.*at least 3 weeks.*older than 2 weeks/,
    ));

  test('a history shorter than returns take, however units round', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }),
        async (units) => {
          await fails(
            units.map((some, age) => ({ age, units: some })),
            [
              { age: 2, lag: 1, units: units[2]! / 7 },
              { age: 1, lag: 0, units: units[1]! / 3 },
            ],
            /too short.*older than 2 weeks/,
          );
        },
      ),
      { numRuns: 60 },
    ));

  test('a missing table', async () => {
    const weekly = cohortTables(sales, []).get('weekly');
    await expect(returnTimeHazard(new Tables([weekly]), ITEM, reading(3))).rejects.toThrow(SchemaError);
  });
});
