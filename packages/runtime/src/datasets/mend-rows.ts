import { Batch, TABLES, float64Column, isValid, type Column } from '@hemline/core';
import type { TableDescriptor } from './descriptor.ts';

/** Rows that a descriptor gave another meaning, by what was done. */
export type Change =
  | 'price above the black price, taken for undiscounted'
  | 'price above the black price, which was raised to it'
  | 'given away or without a list price, taken for not on sale'
  | 'more returned than sold, taken for no sale'
  | 'more returned than sold, taken for unknown';

/** Counts what was changed. */
export class ChangeCounts {
  readonly #counts = new Map<Change, number>();

  /** @param change that a row has undergone */
  add(change: Change): void {
    this.#counts.set(change, (this.#counts.get(change) ?? 0) + 1);
  }

  /** Rows by change, those alone that occurred. */
  get entries(): readonly (readonly [Change, number])[] {
    return [...this.#counts];
  }
}

/** Columns that mending reads or writes. */
const MENDED = ['demand', 'sales', 'price', 'blackPrice', 'discount'];
/** Discounts of this size are those of a price that was rounded: the slack of the role. */
const ROUNDING = TABLES.weekly.roles.find(({ name }) => name === 'discount')!.slack ?? 0;

/**
 * Whether a descriptor changes rows as they are read.
 * @param descriptor of the weekly table
 * @returns whether any of its rules does
 */
export function mendsRows({ pricesAbove, netSales, gifts }: TableDescriptor): boolean {
  return pricesAbove !== 'error' || netSales !== 'error' || gifts !== 'error';
}

/**
 * The columns that mending has to read besides those that are asked for.
 * @param asked names of columns
 * @param available columns of the table
 * @returns all that are to be read
 */
export function columnsToMend(asked: readonly string[], available: readonly string[]): string[] {
  return [...new Set([...asked, ...MENDED.filter((name) => available.includes(name))])];
}

/**
 * Rows of the weekly table with the meaning that the descriptor gives to prices and net sales: `discount` from `price` where it is
 * derived, and what shops have in their tables that is no discount in [0, 1) and no demand.
 * @param batch with those of the columns `demand`, `sales`, `price`, `blackPrice` and `discount` that there are
 * @param descriptor of the table
 * @param derivesDiscount whether `discount` is to be made from `price` and `blackPrice`
 * @param counts told what is changed
 * @returns the rows, `discount` among the columns where it is derived
 */
export function mendRows(
  batch: Batch,
  descriptor: TableDescriptor,
  derivesDiscount: boolean,
  counts: ChangeCounts,
): Batch {
  const columns = new Map(batch.columns);
  if (derivesDiscount && batch.has('price') && batch.has('blackPrice'))
    columns.set('discount', discountsOf(batch.floats('price'), batch.floats('blackPrice')));
  if (mendsRows(descriptor)) {
    mendSales(columns, descriptor, counts);
    mendGifts(columns, descriptor, counts);
    mendPrices(columns, descriptor, counts);
  }
  return new Batch(columns, batch.length);
}

function discountsOf(price: Float64Array, blackPrice: Float64Array): Column {
  return missingWhereNaN(
    Float64Array.from(price, (paid, row) => {
      const discount = 1 - paid / blackPrice[row]!;
      // A list price of 0 says nothing of a discount.
      if (!Number.isFinite(discount)) return NaN;
      return Math.abs(discount) < ROUNDING ? 0 : discount;
    }),
  );
}

function mendSales(columns: Map<string, Column>, { netSales }: TableDescriptor, counts: ChangeCounts): void {
  if (netSales === 'error') return;
  const change =
    netSales === 'zero'
      ? 'more returned than sold, taken for no sale'
      : 'more returned than sold, taken for unknown';
  for (const name of ['demand', 'sales']) {
    const values = copyOf(columns.get(name));
    if (values === null) continue;
    for (let row = 0; row < values.length; row++) {
      if (!(values[row]! < 0)) continue;
      values[row] = netSales === 'zero' ? 0 : NaN;
      if (name === 'demand' || !columns.has('demand')) counts.add(change);
    }
    columns.set(name, missingWhereNaN(values));
  }
}

function mendGifts(columns: Map<string, Column>, { gifts }: TableDescriptor, counts: ChangeCounts): void {
  if (gifts === 'error') return;
  const discount = copyOf(columns.get('discount'));
  const blackPrice = copyOf(columns.get('blackPrice'));
  const price = copyOf(columns.get('price'));
  const length = (discount ?? blackPrice ?? price)?.length ?? 0;
  const given = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    given[row] = discount?.[row] === 1 || blackPrice?.[row] === 0 || price?.[row] === 0 ? 1 : 0;
    if (given[row] === 1) counts.add('given away or without a list price, taken for not on sale');
  }
  if (!given.includes(1)) return;
  for (const name of ['demand', 'sales', 'discount', 'blackPrice', 'price']) {
    const values = copyOf(columns.get(name));
    if (values === null) continue;
    // Of prices, 0 alone says nothing.
    const isPrice = name === 'blackPrice' || name === 'price';
    for (let row = 0; row < length; row++)
      if (given[row] === 1 && (!isPrice || values[row] === 0)) values[row] = NaN;
    columns.set(name, missingWhereNaN(values));
  }
}

function mendPrices(
  columns: Map<string, Column>,
  { pricesAbove }: TableDescriptor,
  counts: ChangeCounts,
): void {
  const discount = copyOf(columns.get('discount'));
  if (pricesAbove === 'error' || discount === null) return;
  const blackPrice = pricesAbove === 'raise-black-price' ? copyOf(columns.get('blackPrice')) : null;
  for (let row = 0; row < discount.length; row++) {
    if (!(discount[row]! < -ROUNDING)) continue;
    if (blackPrice !== null) blackPrice[row]! *= 1 - discount[row]!;
    discount[row] = 0;
    counts.add(
      blackPrice === null
        ? 'price above the black price, taken for undiscounted'
        : 'price above the black price, which was raised to it',
    );
  }
  columns.set('discount', missingWhereNaN(discount));
  if (blackPrice !== null) columns.set('blackPrice', missingWhereNaN(blackPrice));
}

/** Values with NaN where they are missing; null where there is no such column. */
function copyOf(column: Column | undefined): Float64Array | null {
  if (column?.type !== 'float64') return null;
  return Float64Array.from(column.values, (value, row) => (isValid(column, row) ? value : NaN));
}

/** NaN in a file is an error; here it stands for missing alone, since values that were NaN before are left as they are. */
function missingWhereNaN(values: Float64Array): Column {
  if (!values.some(Number.isNaN)) return float64Column(values);
  const validity = new Uint8Array((values.length + 7) >> 3);
  for (let row = 0; row < values.length; row++)
    if (!Number.isNaN(values[row]!)) validity[row >> 3]! |= 1 << (row & 7);
  return float64Column(values, validity);
}
