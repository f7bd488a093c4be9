import { isValid, type StringColumn } from '@hemline/core';
import type { Names } from './price-list.ts';

/** Gives texts numbers in the order in which they are met. */
export class NameBook implements Names {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  /**
   * @param text that is met
   * @returns its number
   */
  add(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  readonly codeOf = (text: string): number | undefined => this.#codes.get(text);

  /**
   * Looks every text of a dictionary up once.
   * @param column of texts
   * @returns numbers by the codes of its dictionary
   */
  codesOf({ dictionary }: StringColumn): Int32Array {
    return Int32Array.from(dictionary, (text) => this.add(text));
  }

  /**
   * @param column of texts
   * @param row of it
   * @returns its number; −1 where it is missing
   */
  codeAt(column: StringColumn, row: number): number {
    return isValid(column, row) ? this.add(column.dictionary[column.values[row]!]!) : -1;
  }
}
