import {
  addWeeks,
  collect,
  itemsOf,
  nullCount,
  RETURN_MATURITY_WEEKS,
  TABLES,
  toPanel,
  valueAt,
  type Batch,
} from '@hemline/core';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../src/testing/synthetic/random.ts';
import { syntheticTables } from '../../src/testing/synthetic/tables.ts';

const tables = syntheticTables();
const weekly = await collect(tables.get('weekly'));

function plain(batch: Batch): unknown[] {
  return [...batch.columns].map(([name, column]) => [
    name,
    Array.from(column.values as Float64Array),
    column.validity === null ? null : Array.from(column.validity),
  ]);
}

test('there are all seven tables, with the roles of core and several batches of those that grow', async () => {
  expect([...tables.names].sort()).toEqual(Object.keys(TABLES).sort());
  for (const name of tables.names) {
    const { schema } = tables.get(name);
    // Where there are discounts, nothing is made of prices.
    for (const role of TABLES[name].roles.filter((each) => each.name !== 'price'))
      expect(schema.fields.find((field) => field.name === role.name)?.type, `${name}.${role.name}`).toBe(
        role.type,
      );
    let batches = 0;
    for await (const batch of tables.get(name).batches()) batches += batch.length > 0 ? 1 : 0;
    expect(batches, name).toBeGreaterThanOrEqual(TABLES[name].knownAt === null ? 1 : 3);
  }
});

test('the same options give the same tables, another seed gives others', async () => {
  const again = await collect(syntheticTables().get('weekly'));
  const other = await collect(syntheticTables({ seed: 2 }).get('weekly'));
  expect(plain(again)).toEqual(plain(weekly));
  expect(plain(other)).not.toEqual(plain(weekly));
});

test('every odd kind of series occurs', async () => {
  const history = toPanel(await collect(tables.asOf(tables.lastWeek).get('weekly')));
  const lengths = Array.from(
    { length: history.series.length },
    (_, s) => history.offsets[s + 1]! - history.offsets[s]!,
  );
  const demand = history.rows.floats('demand');
  const gaps = Array.from(lengths.keys()).filter((s) => {
    const [from, to] = [history.offsets[s]!, history.offsets[s + 1]! - 1];
    return history.weeks[to]! - history.weeks[from]! !== 7 * (to - from);
  });
  const zero = Array.from(lengths.keys()).filter((s) =>
    demand.subarray(history.offsets[s], history.offsets[s + 1]).every((value) => value === 0),
  );
  expect(Math.min(...lengths)).toBe(1);
  expect(lengths).toContain(18);
  expect(gaps.length).toBeGreaterThan(0);
  expect(zero.length).toBeGreaterThan(0);
  const items = await itemsOf(tables.get('weekly'), tables.get('articles'), tables.get('markets'));
  expect(items.length).toBe(59); // 30 articles in 2 markets, one of them in the first market alone.
  expect(items.length - history.series.length).toBe(4); // Two cold-start articles.
  expect(items.strings('group').dictionary).toContain('hat');
  for (const name of ['group', 'brand', 'season', 'launchWeek', 'seasonEndWeek'])
    expect(nullCount(items.column(name)), name).toBeGreaterThan(0);
});

test('known rows have stock-outs and missing values; planned rows know nothing but the plan', () => {
  const weeks = weekly.weeks('week');
  const demand = weekly.floats('demand');
  const sales = weekly.floats('sales');
  const uncensored = weekly.floats('uncensored');
  const stock = weekly.floats('stock');
  let planned = 0;
  for (let row = 0; row < weekly.length; row++) {
    if (weeks[row]! <= tables.lastWeek) continue;
    planned++;
    for (const name of ['demand', 'sales', 'uncensored', 'stock', 'visits'])
      expect(weekly.floats(name)[row]).toBeNaN();
    expect(weekly.floats('discount')[row]).toBeGreaterThanOrEqual(0);
  }
  expect(planned).toBeGreaterThan(300);
  expect(Math.max(...weeks)).toBe(tables.lastPlannedWeek);
  const censored = uncensored.filter((value) => value === 0).length;
  expect(censored).toBeGreaterThan(100);
  expect(
    sales.every((value, row) => Number.isNaN(value) || Number.isNaN(stock[row]) || value <= stock[row]!),
  ).toBe(true);
  const lost = demand.filter((value, row) => Number.isNaN(value) && weeks[row]! <= tables.lastWeek).length;
  expect(lost).toBeGreaterThan(0);
});

test('demand rises with the discount', () => {
  const demand = weekly.floats('demand');
  const discount = weekly.floats('discount');
  const mean = (low: number, high: number): number => {
    const rows = demand.filter((value, row) => value >= 0 && discount[row]! >= low && discount[row]! <= high);
    return rows.reduce((sum, value) => sum + value, 0) / rows.length;
  };
  expect(mean(0.5, 0.6)).toBeGreaterThan(2 * mean(0, 0.05));
});

test('returns take 0 to 14 weeks and end with the last known week', async () => {
  const returns = await collect(tables.get('returns'));
  const lags = returns.weeks('returnWeek').map((week, row) => (week - returns.weeks('saleWeek')[row]!) / 7);
  expect(Math.min(...lags)).toBe(0);
  expect(Math.max(...lags)).toBe(RETURN_MATURITY_WEEKS);
  expect(Math.max(...returns.weeks('returnWeek'))).toBe(tables.lastWeek);
  expect(tables.lastWeek).toBe(addWeeks(tables.firstWeek, 59));
});

test('a world too small for every odd series is refused', () => {
  expect(() => syntheticTables({ articles: 3 })).toThrow(RangeError);
});

test('every market is a country of its own, and there are as many as there are names for', async () => {
  const markets = await collect(syntheticTables({ articles: 10, markets: 25, weeks: 30 }).get('markets'));
  const names = Array.from({ length: 25 }, (_, row) => String(valueAt(markets.column('market'), row)));
  expect(new Set(names).size).toBe(25);
  expect([...names].sort()).toEqual(names);
  for (const name of names) expect(name).toMatch(/^[A-Z]{2}$/);
  expect(() => syntheticTables({ markets: 26 })).toThrow(/has 25 markets at most; asked for 26/);
});

test('random numbers are uniform, and counts have the mean asked for', () => {
  const random = new SeededRandom(3);
  const uniforms = Array.from({ length: 20_000 }, () => random.uniform());
  expect(uniforms.reduce((sum, value) => sum + value, 0) / 20_000).toBeCloseTo(0.5, 1.8);
  const counts = Array.from({ length: 20_000 }, () => random.poisson(4));
  // Five standard errors of the mean of a Poisson variable: 5 · sqrt(4 / 20 000) = 0.07.
  expect(Math.abs(counts.reduce((sum, value) => sum + value, 0) / 20_000 - 4)).toBeLessThan(0.071);
  expect([...random.permutation(100)].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  );
});
