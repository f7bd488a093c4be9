import { DataError } from '@hemline/core';

/** Wrong rows that an error names. */
const MOST_NAMED = 10;

/** What is wrong with the rows of a file: all of it is told at once. */
export class WrongRows {
  readonly #file: string;
  readonly #named: { readonly line: number; readonly text: string }[] = [];
  #count = 0;

  /** @param file as people know it */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * @param line of the row in its file, from 1
   * @param column that is wrong
   * @param problem in words
   */
  add(line: number, column: string, problem: string): void {
    this.#count++;
    if (this.#named.length < MOST_NAMED)
      this.#named.push({ line, text: `line ${line}, ${column}: ${problem}` });
  }

  /** @throws DataError that names the first ten, where there are any */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#named.length;
    throw new DataError(
      this.#count === 1 ? 'a row of the file is wrong' : `${this.#count} cells of the file are wrong`,
      {
        found: `${this.#named.map(({ text }) => text).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
        where: { file: this.#file, line: this.#named[0]!.line },
        remedy: 'Correct them: nothing of the file was taken in.',
      },
    );
  }
}
