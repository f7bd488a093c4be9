import { fit, type GuessedRole } from './column-names.ts';
import type { SampledColumn } from './sampled-column.ts';

/** Gives each column one role at most. */
export class ColumnPicker {
  readonly #left: Set<SampledColumn>;

  /** @param columns of some files */
  constructor(columns: readonly SampledColumn[]) {
    this.#left = new Set(columns.filter(({ present }) => present > 0));
  }

  /**
   * @param role asked for
   * @param suits whether the contents of a column allow it
   * @returns the column whose name fits best; null where none does
   */
  best(role: GuessedRole, suits: (column: SampledColumn) => boolean): SampledColumn | null {
    const [first] = this.#fitting(role, suits);
    if (first !== undefined) this.#left.delete(first);
    return first ?? null;
  }

  /**
   * @param role that several columns may have
   * @param suits whether the contents of a column allow it
   * @returns all whose names fit
   */
  all(role: GuessedRole, suits: (column: SampledColumn) => boolean): SampledColumn[] {
    const found = this.#fitting(role, suits);
    for (const column of found) this.#left.delete(column);
    return found;
  }

  #fitting(role: GuessedRole, suits: (column: SampledColumn) => boolean): SampledColumn[] {
    return [...this.#left]
      .filter((column) => fit(column.name, role) > 0 && suits(column))
      .sort((a, b) => fit(b.name, role) - fit(a.name, role));
  }
}

/**
 * @param column that was sampled
 * @returns whether all its values are numbers, however written
 */
export function isNumber({ numbers }: SampledColumn): boolean {
  return numbers.length > 0;
}

/**
 * @param column that was sampled
 * @returns whether its values may name something
 */
export function isWord({ dates, type, isFlag, numbers, distinct }: SampledColumn): boolean {
  const isDate = dates.length > 0 && !/INT/.test(type) && distinct > 1;
  // 0 and 1 may be two shops; Y and N are none.
  return !isDate && !(isFlag && numbers.length === 0);
}
