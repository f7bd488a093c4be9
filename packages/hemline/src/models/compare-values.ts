/** One name of several records, side by side. */
export interface ComparedValue {
  readonly name: string;
  /** One of each record; null where it has none. */
  readonly values: readonly (number | null)[];
  /** Last less first; null when one of them is missing or no number. */
  readonly change: number | null;
  /** The change as a share of the first; null where that is zero. */
  readonly relative: number | null;
}

/**
 * Puts records of numbers side by side.
 * @param records by name; the first is what the last is compared with
 * @returns a row for each name that any of them has, in the order in which they come first
 */
export function compareValues(records: readonly Readonly<Record<string, number>>[]): ComparedValue[] {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return names.map((name) => {
    const values = records.map((record) => record[name] ?? null);
    const [first, last] = [values[0] ?? NaN, values.at(-1) ?? NaN];
    const change = last - first;
    const isKnown = Number.isFinite(change);
    return {
      name,
      values,
      change: isKnown ? change : null,
      relative: isKnown && first !== 0 ? change / Math.abs(first) : null,
    };
  });
}
