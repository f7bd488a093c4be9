import { addWeeks, Batch, memoryTable, schemaOf, stringsToColumn, Tables, type Week } from '@hemline/core';
import { BatchBuilder, SeededRandom } from '@hemline/evaluation/testing';
import { describe, expect, test } from 'vitest';
import { estimateRates } from '../src/estimate-rates.ts';

const CUTOFF: Week = 19_002;
const MATURITY = 14;
const job = { cutoff: CUTOFF, seed: 1 };

interface Article {
  readonly name: string;
  readonly group: string | null;
  readonly rate: number;
  /** Ages of its cohorts, in weeks before the cutoff, and the units of each. */
  readonly ages: readonly number[];
  readonly units: number;
}

interface Market {
  readonly tables: Tables;
  /** Units sold and returned up to the cutoff, without any correction. */
  readonly raw: ReadonlyMap<string, number>;
}

/** Returns arrive with the same chance every week, the rest in the last. */
function simulate(articles: readonly Article[], random: SeededRandom, weekHazard = 0.15): Market {
  const key = [
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
  ] as const;
  const weekly = new BatchBuilder(
    schemaOf(...key, { name: 'week', type: 'date' }, { name: 'demand', type: 'float64' }),
  );
  const returns = new BatchBuilder(
    schemaOf(
      ...key,
      { name: 'saleWeek', type: 'date' },
      { name: 'returnWeek', type: 'date' },
      { name: 'units', type: 'float64' },
    ),
  );
  const attributes = new BatchBuilder(
    schemaOf({ name: 'article', type: 'string' }, { name: 'group', type: 'string', nullable: true }),
  );
  const raw = new Map<string, number>();
  for (const { name, group, rate, ages, units } of articles) {
    attributes.add(name, group);
    let back = 0;
    for (const age of ages) {
      weekly.add(name, 'M', addWeeks(CUTOFF, -age), units);
      const byLag = new Float64Array(MATURITY + 1);
      for (let unit = random.binomial(units, rate); unit > 0; unit--) {
        let lag = 0;
        while (lag < MATURITY && !random.chance(weekHazard)) lag++;
        byLag[lag]!++;
      }
      for (let lag = 0; lag <= Math.min(age, MATURITY); lag++) {
        if (byLag[lag] === 0) continue;
        back += byLag[lag]!;
        returns.add(name, 'M', addWeeks(CUTOFF, -age), addWeeks(CUTOFF, lag - age), byLag[lag]!);
      }
    }
    raw.set(name, back / (units * ages.length));
  }
  const tables = new Tables([
    memoryTable('weekly', [weekly.build()], weekly.schema),
    memoryTable('returns', [returns.build()], returns.schema),
    memoryTable('articles', [attributes.build()], attributes.schema),
  ]);
  return { tables, raw };
}

function itemsOf(articles: readonly Pick<Article, 'name' | 'group'>[]): Batch {
  return new Batch({
    article: stringsToColumn(articles.map(({ name }) => name)),
    group: stringsToColumn(articles.map(({ group }) => group)),
    market: stringsToColumn(articles.map(() => 'M')),
  });
}

const mean = (values: Iterable<number>): number => {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

describe('articles on sale for a few weeks', () => {
  const random = new SeededRandom(2);
  const old = Array.from({ length: 20 }, (_, at): Article => {
    const ages = Array.from({ length: 25 }, (_, age) => 15 + age);
    return { name: `old ${at}`, group: 'shirt', rate: 0.4, ages, units: 40 };
  });
  const young = Array.from({ length: 20 }, (_, at): Article => {
    return { name: `young ${at}`, group: 'shirt', rate: 0.4, ages: [0, 1, 2, 3, 4], units: 100 };
  });
  const market = simulate([...old, ...young], random);

  test('the average without correction is far too low, the corrected one is not', async () => {
    const rates = await estimateRates(job, market.tables, MATURITY);
    const { value, supportLevel } = rates.lookup(itemsOf(young));
    expect(supportLevel.dictionary[supportLevel.values[0]!]).toBe('article');
    // Of the returns of cohorts 0 to 4 weeks old, 36% have arrived.
    expect(mean(young.map(({ name }) => market.raw.get(name)!))).toBeLessThan(0.17);
    expect(mean(value)).toBeGreaterThan(0.37);
    expect(mean(value)).toBeLessThan(0.43);
    expect(mean(rates.lookup(itemsOf(old)).value)).toBeCloseTo(0.4, 1);
  });

  test('the uncorrected one is biased however much is sold', async () => {
    const more = simulate(
      [...old, ...young.map((article) => ({ ...article, units: 2000 }))],
      new SeededRandom(3),
    );
    const rates = await estimateRates(job, more.tables, MATURITY);
    expect(mean(young.map(({ name }) => more.raw.get(name)!))).toBeLessThan(0.16);
    expect(Math.abs(mean(rates.lookup(itemsOf(young)).value) - 0.4)).toBeLessThan(0.02);
  });

  test('young units count less than old ones', async () => {
    const rates = await estimateRates(job, market.tables, MATURITY);
    const [fresh] = rates.lookup(itemsOf(young)).support;
    const [ripe] = rates.lookup(itemsOf(old)).support;
    expect(ripe).toBe(25 * 40);
    expect(fresh).toBeGreaterThan(0.25 * 500);
    expect(fresh).toBeLessThan(0.5 * 500);
  });
});

test('shrunk rates are nearer the truth than those of the article and of everything', async () => {
  const random = new SeededRandom(5);
  const articles = Array.from({ length: 300 }, (_, at): Article => {
    const group = at % 5;
    const rate = 0.15 + 0.1 * group + 0.12 * (random.uniform() - 0.5);
    const weeks = 3 + random.below(20);
    const ages = Array.from({ length: weeks }, (_, age) => 15 + age);
    return {
      name: `a${at}`,
      group: group === 4 ? null : `g${group}`,
      rate,
      ages,
      units: 1 + random.below(4),
    };
  });
  const { tables, raw } = simulate(articles, random);
  const rates = await estimateRates(job, tables, MATURITY);
  const { value } = rates.lookup(itemsOf(articles));
  const error = (estimate: (article: Article, at: number) => number): number =>
    mean(articles.map((article, at) => (estimate(article, at) - article.rate) ** 2));
  const shrunk = error((_, at) => value[at]!);
  expect(shrunk).toBeLessThan(0.5 * error(({ name }) => raw.get(name)!));
  expect(shrunk).toBeLessThan(0.2 * error(() => rates.overall));
  // A new article of a group takes the group's rate.
  const [fresh] = rates.lookup(itemsOf([{ name: 'new', group: 'g3' }])).value;
  expect(fresh).toBeCloseTo(0.45, 1);
});

test('without the table of articles, rates are shrunk toward the market', async () => {
  const ages = Array.from({ length: 20 }, (_, age) => age + 1);
  const { tables } = simulate(
    [
      { name: 'a', group: 'g', rate: 0.3, ages, units: 50 },
      { name: 'b', group: 'h', rate: 0.5, ages, units: 50 },
    ],
    new SeededRandom(7),
  );
  const bare = new Tables([tables.get('weekly'), tables.get('returns')]);
  const rates = await estimateRates(job, bare, MATURITY);
  const { value } = rates.lookup(
    itemsOf([
      { name: 'a', group: null },
      { name: 'new', group: 'g' },
    ]),
  );
  expect(value[0]).toBeCloseTo(0.3, 1);
  expect(value[1]).toBeCloseTo(0.4, 1);
});
