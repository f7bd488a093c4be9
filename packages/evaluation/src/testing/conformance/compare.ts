import { formatWeek, roundDiscount, valueAt, type Batch } from '@hemline/core';

/** Small differences next to zero are rounding, whatever their ratio. */
const ABSOLUTE_TOLERANCE = 1e-12;

/**
 * Demands that two sets of forecasts have the same keys and the same numbers, in whatever order.
 * @param actual one
 * @param expected the other
 * @param key columns that identify a forecast
 * @param tolerance relative; 0 demands identical numbers
 * @throws Error naming the first forecast that differs
 */
export function demandSameForecasts(
  actual: Batch,
  expected: Batch,
  key: readonly string[],
  tolerance: number,
): void {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} forecasts instead of ${expected.length}`);
  const rowOf = rowsByKey(actual, key);
  const columns = expected.names.filter((name) => !key.includes(name));
  for (let row = 0; row < expected.length; row++) {
    const name = keyText(expected, key, row);
    const other = rowOf.get(name);
    if (other === undefined) throw new Error(`there is no forecast for ${name}`);
    for (const column of columns) {
      const wanted = valueAt(expected.column(column), row);
      const given = valueAt(actual.column(column), other);
      if (!sameValue(given, wanted, tolerance))
        throw new Error(`${column} of ${name} is ${String(given)} instead of ${String(wanted)}`);
    }
  }
}

/**
 * Rows by their key's text; for tests, where they are few.
 * @param forecasts any batch
 * @param key columns that identify a row
 * @returns the row of each key
 * @throws Error when a key occurs twice
 */
export function rowsByKey(forecasts: Batch, key: readonly string[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (let row = 0; row < forecasts.length; row++) {
    const name = keyText(forecasts, key, row);
    if (rows.has(name)) throw new Error(`there are two forecasts for ${name}`);
    rows.set(name, row);
  }
  return rows;
}

/**
 * @param batch any batch
 * @param key some of its columns
 * @param row 0-based
 * @returns for example `article A1, market M1, week 2023-01-02`
 */
export function keyText(batch: Batch, key: readonly string[], row: number): string {
  return key
    .map((name) => {
      const column = batch.column(name);
      const value = valueAt(column, row);
      // Levels are compared by six decimals, as the grid keeps them.
      if (name === 'discount') return `${name} ${roundDiscount(Number(value)).toFixed(6)}`;
      return `${name} ${column.type === 'date' && value !== null ? formatWeek(Number(value)) : String(value)}`;
    })
    .join(', ');
}

function sameValue(a: unknown, b: unknown, tolerance: number): boolean {
  if (typeof a !== 'number' || typeof b !== 'number' || Object.is(a, b)) return a === b || Object.is(a, b);
  if (tolerance === 0) return a === b;
  return Math.abs(a - b) <= ABSOLUTE_TOLERANCE + tolerance * Math.max(Math.abs(a), Math.abs(b));
}
