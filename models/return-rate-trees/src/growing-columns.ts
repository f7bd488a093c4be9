type NumberArray = Int32Array | Float32Array | Float64Array;
type NumberArrayType = Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor;

/** Room for so many rows at first. */
const INITIAL_ROWS = 1024;

/** Columns of numbers that are filled row by row, without knowing how many rows there will be. */
export class GrowingColumns<Name extends string> {
  readonly #names: readonly Name[];
  readonly #types: readonly NumberArrayType[];
  #columns: NumberArray[];
  #rows = 0;

  /** @param types of the columns, in the order of the values of a row */
  constructor(types: Readonly<Record<Name, NumberArrayType>>) {
    this.#names = Object.keys(types) as Name[];
    this.#types = Object.values(types) as NumberArrayType[];
    this.#columns = this.#types.map((Type) => new Type(INITIAL_ROWS));
  }

  get length(): number {
    return this.#rows;
  }

  /** @param row a value for each column */
  push(row: readonly number[]): void {
    if (this.#rows === this.#columns[0]!.length)
      this.#columns = this.#columns.map((column, at) => {
        const larger = new this.#types[at]!(2 * column.length);
        larger.set(column);
        return larger;
      });
    for (let at = 0; at < row.length; at++) this.#columns[at]![this.#rows] = row[at]!;
    this.#rows++;
  }

  /**
   * @param name of a column
   * @returns its values so far, a view
   */
  get<T extends NumberArray = Int32Array>(name: Name): T {
    return this.#columns[this.#names.indexOf(name)]!.subarray(0, this.#rows) as T;
  }
}
