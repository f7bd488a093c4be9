/** A row of a list, by article and market. */
export type RowKey = string;

/** Something that was confirmed, as the one who asked knows it. */
export type Confirmed =
  | {
      readonly kind: 'decide';
      readonly version: number;
      readonly id: number;
      readonly rows: readonly RowKey[];
      /** Of the first week: each row's own. */
      readonly discounts: readonly number[];
      readonly isManual: boolean;
      /** Whether another person has to agree. */
      readonly waits: boolean;
    }
  | { readonly kind: 'review'; readonly version: number; readonly id: number; readonly accept: boolean }
  | { readonly kind: 'undo'; readonly version: number; readonly id: number };

/** What holds of a row. */
export interface Holding {
  readonly id: number;
  readonly discount: number;
  readonly isManual: boolean;
}

/**
 * What has to hold by what was confirmed, gone through in the order of the versions that the answers told: written apart from the desk,
 * which it checks.
 * @param confirmed answers
 * @returns rows whose price people have fixed or approved
 */
export function heldRows(confirmed: readonly Confirmed[]): ReadonlyMap<RowKey, Holding> {
  const held = new Map<RowKey, Holding>();
  const waiting = new Map<RowKey, number>();
  const decided = new Map<number, Extract<Confirmed, { kind: 'decide' }>>();
  /** What held before a decision took its place, by decision and row. */
  const before = new Map<string, Holding | undefined>();
  /** What was taken back never holds again, though the decision that took its place is taken back later. */
  const undone = new Set<number>();
  const standing = (row: RowKey, id: number): Holding | undefined => {
    const previous = before.get(`${id} ${row}`);
    return previous !== undefined && undone.has(previous.id) ? standing(row, previous.id) : previous;
  };
  const take = (
    row: RowKey,
    i: number,
    { id, discounts, isManual }: { id: number; discounts: readonly number[]; isManual: boolean },
  ): void => {
    before.set(`${id} ${row}`, held.get(row));
    held.set(row, { id, discount: discounts[i]!, isManual });
    waiting.delete(row);
  };
  for (const each of confirmed.toSorted((a, b) => a.version - b.version)) {
    if (each.kind === 'decide') {
      decided.set(each.id, each);
      each.rows.forEach((row, i) => (each.waits ? waiting.set(row, each.id) : take(row, i, each)));
      continue;
    }
    const decision = decided.get(each.id)!;
    if (each.kind === 'undo') undone.add(each.id);
    decision.rows.forEach((row, i) => {
      const isWaiting = waiting.get(row) === each.id;
      if (each.kind === 'review') {
        if (isWaiting && each.accept) take(row, i, decision);
        else if (isWaiting) waiting.delete(row);
      } else if (isWaiting) waiting.delete(row);
      else if (held.get(row)?.id === each.id && !waiting.has(row)) {
        const previous = standing(row, each.id);
        if (previous === undefined) held.delete(row);
        else held.set(row, previous);
      }
    });
  }
  return held;
}
