import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParquet } from '@hemline/parquet';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readInvoiceLines } from '../../src/online-retail/invoice-lines.ts';
import { matchReturns } from '../../src/online-retail/match-returns.ts';
import { writeInvoices, type Line } from './invoices.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-matches-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Matches as [line of the purchase, line of the cancellation, units], and units without customer and purchase. */
async function match(lines: readonly Line[]) {
  const file = await openParquet(await writeInvoices(join(folder, 'invoices.parquet'), lines));
  const { purchase, cancellation, units, withoutCustomer, withoutPurchase } = matchReturns(
    await readInvoiceLines(file),
  );
  const matches = Array.from(units, (count, i) => [purchase[i]!, cancellation[i]!, count]);
  return { matches, withoutCustomer, withoutPurchase };
}

const NONE = { lines: 0, units: 0 };
const at = (hour: number): string => `2011-01-03T${String(hour).padStart(2, '0')}:00`;
const bought = (quantity: number, hour: number, more: Line = {}): Line => ({
  quantity,
  time: at(hour),
  ...more,
});
const cancelled = (quantity: number, hour: number, more: Line = {}): Line => ({
  invoice: 'C500009',
  quantity: -quantity,
  time: at(hour),
  ...more,
});

describe('a cancellation', () => {
  test('takes from the latest earlier purchase, whatever the order of the file', async () => {
    const { matches } = await match([cancelled(2, 5), bought(9, 6), bought(9, 4), bought(9, 3)]);
    expect(matches).toEqual([[2, 0, 2]]);
  });

  test('takes what exceeds a purchase from the one before, then from nowhere', async () => {
    const found = await match([bought(2, 1), bought(3, 2), cancelled(4, 3), cancelled(3, 4)]);
    expect(found).toEqual({
      matches: [
        [1, 2, 3],
        [0, 2, 1],
        [0, 3, 1],
      ],
      withoutCustomer: NONE,
      withoutPurchase: { lines: 1, units: 2 },
    });
  });

  test('goes back to an older purchase once a newer one is used up, and on to still newer ones', async () => {
    const { matches } = await match([
      bought(5, 1),
      bought(1, 2),
      cancelled(2, 3),
      bought(2, 4),
      cancelled(3, 5),
    ]);
    expect(matches).toEqual([
      [1, 2, 1],
      [0, 2, 1],
      [3, 4, 2],
      [0, 4, 1],
    ]);
  });

  test('does not see a purchase of the same minute', async () => {
    const found = await match([bought(2, 1), cancelled(2, 1)]);
    expect(found).toEqual({ matches: [], withoutCustomer: NONE, withoutPurchase: { lines: 1, units: 2 } });
  });

  test('takes the last of several purchases of one minute', async () => {
    const { matches } = await match([bought(1, 1), bought(1, 1), cancelled(1, 2)]);
    expect(matches).toEqual([[1, 2, 1]]);
  });

  test('sees neither other customers, nor other articles, nor what was given away', async () => {
    const { matches, withoutPurchase } = await match([
      bought(1, 1, { customer: 2 }),
      bought(1, 1, { article: '20002' }),
      bought(1, 1, { price: 0 }),
      cancelled(1, 2),
    ]);
    expect(matches).toEqual([]);
    expect(withoutPurchase).toEqual({ lines: 1, units: 1 });
  });

  test('sees purchases in other markets and under the same code in another case', async () => {
    const { matches } = await match([
      bought(1, 1, { article: '10001b', market: 'EIRE' }),
      cancelled(1, 2, { article: '10001B' }),
    ]);
    expect(matches).toEqual([[0, 1, 1]]);
  });

  test('of nobody known is not matched, not even to a purchase of nobody known', async () => {
    const found = await match([bought(3, 1, { customer: null }), cancelled(2, 2, { customer: null })]);
    expect(found).toEqual({ matches: [], withoutCustomer: { lines: 1, units: 2 }, withoutPurchase: NONE });
  });
});

test('agrees with a search back through all earlier purchases', async () => {
  const line = fc.record({
    cancelled: fc.boolean(),
    units: fc.integer({ min: 1, max: 5 }),
    hour: fc.integer({ min: 0, max: 9 }),
    customer: fc.constantFrom(1, 2, null),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 25 }), async (drawn) => {
      const lines = drawn.map(({ cancelled: back, units, hour, customer }) =>
        (back ? cancelled : bought)(units, hour, { customer }),
      );
      const left = drawn.map(({ units }) => units);
      const expected: number[][] = [];
      const turns = [...drawn.keys()].sort((a, b) => drawn[a]!.hour - drawn[b]!.hour || a - b);
      for (const turn of turns) {
        const { cancelled: back, customer, hour } = drawn[turn]!;
        if (!back || customer === null) continue;
        for (const purchase of turns.toReversed()) {
          const other = drawn[purchase]!;
          const units = Math.min(left[turn]!, left[purchase]!);
          if (other.cancelled || other.customer !== customer || other.hour >= hour || units === 0) continue;
          left[turn]! -= units;
          left[purchase]! -= units;
          expected.push([purchase, turn, units]);
        }
      }
      const { matches, withoutCustomer, withoutPurchase } = await match(lines);
      expect(matches).toEqual(expected);
      const open = turns.filter((turn) => drawn[turn]!.cancelled).reduce((sum, turn) => sum + left[turn]!, 0);
      expect(withoutCustomer.units + withoutPurchase.units).toBe(open);
    }),
    { numRuns: 60 },
  );
});
