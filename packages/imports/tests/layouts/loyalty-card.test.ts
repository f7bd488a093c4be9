import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset, parseMap, type ImportSummary } from '../../src/index.ts';
import { mondayOf, numbers, sumBy, validRows } from '../support/dataset-rows.ts';

/** A line of a loyalty card: what was paid, and what card and coupons took off. */
interface CardLine {
  readonly household_id: number;
  readonly store_id: number;
  readonly basket_id: string;
  readonly product_id: number;
  readonly quantity: number;
  readonly sales_value: number;
  readonly retail_disc: number;
  readonly coupon_disc: number;
  readonly transaction_timestamp: string;
}

const random = numbers(11);
const lines: CardLine[] = Array.from({ length: 3000 }, (_, i) => {
  const isReturn = i > 200 && random(12) === 0;
  const quantity = 1 + random(3);
  const list = quantity * (2 + random(3));
  const [retail, coupon] = [random(3) === 0 ? 0.5 * quantity : 0, random(9) === 0 ? 0.25 : 0];
  // 2017-01-01 to 2017-06-29, in UTC: the evening in New York is the next day there.
  const moment = new Date(Date.UTC(2017, 0, 1) + random(180 * 24 * 60) * 60_000);
  return {
    household_id: random(60),
    store_id: 300 + random(2),
    basket_id: String(31_000_000_000 + i),
    product_id: 820_000 + random(4),
    quantity: isReturn ? -quantity : quantity,
    sales_value: isReturn ? -1 : list - retail - coupon,
    // Some exports write what was taken off as a negative number.
    retail_disc: -retail,
    coupon_disc: coupon,
    transaction_timestamp: moment.toISOString(),
  };
});

const NEW_YORK = new Intl.DateTimeFormat('sv', { timeZone: 'America/New_York' });

/** The day in New York. */
function dayOf({ transaction_timestamp }: CardLine): string {
  return NEW_YORK.format(new Date(transaction_timestamp));
}

let folder: string;
let out: string;
let summary: ImportSummary;
const raw = {
  timeZone: 'America/New_York',
  sales: {
    columns: {
      article: 'product_id',
      market: 'store_id',
      date: 'transaction_timestamp',
      units: 'quantity',
      amount: 'sales_value',
      discountAmount: ['retail_disc', 'coupon_disc'],
      customer: 'household_id',
    },
  },
  returns: {},
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
  out = join(folder, 'out');
  await writeFile(
    join(folder, 'transactions.jsonl'),
    `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
  summary = await importDataset({ source: join(folder, 'transactions.jsonl'), map: parseMap(raw), out });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a loyalty card with columns of discounts', () => {
  const sold = lines.filter(({ quantity }) => quantity > 0);

  it('takes negative lines for returns, and loses none of their units', () => {
    const returned = lines.filter(({ quantity }) => quantity < 0);
    expect(summary.lines.returns.lines).toBe(returned.length);
    const { inTime, late, withoutParty, withoutPurchase } = summary.returns!;
    expect(inTime.units).toBeGreaterThan(100);
    expect(withoutParty).toEqual({ lines: 0, units: 0 });
    expect(inTime.units + late.units + withoutPurchase.units).toBe(
      -returned.reduce((sum, { quantity }) => sum + quantity, 0),
    );
  });

  it('adds what was taken off to the black price, in weeks of New York', async () => {
    expect(summary.blackPrice).toBe('lines');
    const key = (line: CardLine): string => `${line.product_id} ${line.store_id} ${mondayOf(dayOf(line))}`;
    const units = sumBy(sold, key, ({ quantity }) => quantity);
    const paid = sumBy(sold, key, ({ sales_value }) => sales_value);
    const list = sumBy(sold, key, (line) => line.sales_value - line.retail_disc + line.coupon_disc);
    const rows = await validRows(out, 'weekly');
    expect(rows).toHaveLength(units.size);
    for (const { article, market, week, demand, sales_price, black_price, discount } of rows) {
      const cell = `${article} ${market} ${week}`;
      expect(demand).toBe(units.get(cell));
      expect(sales_price).toBeCloseTo(paid.get(cell)! / units.get(cell)!, 6);
      expect(black_price).toBeCloseTo(list.get(cell)! / units.get(cell)!, 6);
      expect(discount).toBeCloseTo(1 - paid.get(cell)! / list.get(cell)!, 6);
    }
  });

  it('asks for the zone where points in time have an offset', async () => {
    const { timeZone: _, ...without } = raw;
    await expect(
      importDataset({
        source: join(folder, 'transactions.jsonl'),
        map: parseMap(without),
        out: join(folder, 'other'),
      }),
    ).rejects.toThrow(/row 0.*found "2017-.*Z".*timeZone/);
  });
});
