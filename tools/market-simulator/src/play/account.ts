import { CLEARANCE_LOTS } from '../money/residual-value.ts';
import { RETURN_LAGS } from '../returns.ts';
import { endOfReturns } from '../series/settle-week.ts';
import type { SeriesState } from '../series/series-state.ts';

/** What money came and went, in whole cents net of tax. */
export interface Amounts<Value> {
  /** What was sold, at the net price of the week. */
  readonly revenue: Value;
  /** What is paid back for units that came back in the week, at the price they were sold at. */
  readonly refunds: Value;
  /** Of what was sold. */
  readonly shipping: Value;
  /** Of what came back. */
  readonly returnCost: Value;
  /** What lots of leftovers brought. */
  readonly clearance: Value;
  /** What is left in the end is worth. */
  readonly residual: Value;
}

/** Money of a week, or of the run-out. */
export interface Account extends Amounts<number> {
  /** Revenue − refunds − shipping − return cost + clearance + residual. */
  readonly profit: number;
  /** The same by series, [N] each. */
  readonly bySeries: Amounts<Float64Array>;
}

/** Names of the amounts, those that are earned and those that are paid. */
const EARNED = ['revenue', 'clearance', 'residual'] as const;
const PAID = ['refunds', 'shipping', 'returnCost'] as const;

/**
 * @param count series
 * @returns an account without any money
 */
export function emptyAmounts(count: number): Amounts<Float64Array> {
  const zeros = (): Float64Array => new Float64Array(count);
  return {
    revenue: zeros(),
    refunds: zeros(),
    shipping: zeros(),
    returnCost: zeros(),
    clearance: zeros(),
    residual: zeros(),
  };
}

/**
 * @param bySeries amounts of all series
 * @returns the account
 */
export function accountOf(bySeries: Amounts<Float64Array>): Account {
  const total = (name: keyof Amounts<number>): number =>
    bySeries[name].reduce((sum, cents) => sum + cents, 0);
  const amounts = Object.fromEntries(
    [...EARNED, ...PAID].map((name) => [name, total(name)]),
  ) as unknown as Amounts<number>;
  const sum = (names: readonly (keyof Amounts<number>)[]): number =>
    names.reduce((cents, name) => cents + amounts[name], 0);
  return { ...amounts, profit: sum(EARNED) - sum(PAID), bySeries };
}

/**
 * Books a week of a series that has been sold and settled.
 * @param amounts receive its money, added
 * @param n number of the series
 * @param series whose
 * @param age week, counted from the launch
 * @param unitPrice cents of a unit at each level, net
 */
export function bookWeek(
  amounts: Amounts<Float64Array>,
  n: number,
  { record }: SeriesState,
  age: number,
  unitPrice: (level: number) => number,
): void {
  if (age < record.first || age >= endOfReturns({ record })) return;
  amounts.shipping[n]! += toCents(record.shippingCost[age]!);
  amounts.returnCost[n]! += toCents(record.returnCost[age]!);
  if (age < record.life) amounts.revenue[n]! += record.shippedUnits[age]! * unitPrice(record.level[age]!);
  for (let lag = 0; lag < RETURN_LAGS; lag++) {
    const soldAt = age - lag;
    if (soldAt < record.first || soldAt >= record.life) continue;
    const units = record.returned[soldAt * RETURN_LAGS + lag]!;
    if (units > 0) amounts.refunds[n]! += units * unitPrice(record.level[soldAt]!);
  }
}

/**
 * @param record of a series
 * @param age week, counted from the launch
 * @returns cents that the lot of that week brought
 */
export function clearanceOf({ life, clearedValue }: SeriesState['record'], age: number): number {
  const lot = CLEARANCE_LOTS.findIndex(({ weeksAfter }) => life - 1 + weeksAfter === age);
  return lot === -1 ? 0 : toCents(clearedValue[lot]!);
}

/**
 * @param amount in currency units
 * @returns whole cents
 */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}
