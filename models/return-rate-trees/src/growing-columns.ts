type NumberArrayType = Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor;

/** Arrays by name. */
export type NumberColumns<Types extends Readonly<Record<string, NumberArrayType>>> = {
  readonly [Name in keyof Types]: InstanceType<Types[Name]>;
};

/** Room for so many rows at first. */
const INITIAL_ROWS = 1024;

/** Columns of numbers that are filled a batch of rows at a time, without knowing how many rows there will be. */
export class GrowingColumns<Types extends Readonly<Record<string, NumberArrayType>>> {
  readonly #types: Types;
  #columns: NumberColumns<Types>;
  #rows = 0;

  /** @param types of the columns */
  constructor(types: Types) {
    this.#types = types;
    this.#columns = this.#map((_, Type) => new Type(INITIAL_ROWS));
  }

  get length(): number {
    return this.#rows;
  }

  /**
   * @param rows that will be written at most
   * @returns arrays with room for them from row `length` on; to be written before the next call
   */
  reserve(rows: number): NumberColumns<Types> {
    const wanted = this.#rows + rows;
    this.#columns = this.#map((column, Type) => {
      if (column!.length >= wanted) return column!;
      const larger = new Type(Math.max(wanted, 2 * column!.length));
      larger.set(column!);
      return larger;
    });
    return this.#columns;
  }

  /** @param rows that were written after the last ones, within what was reserved */
  add(rows: number): void {
    this.#rows += rows;
  }

  /** @returns the columns so far, as views */
  filled(): NumberColumns<Types> {
    return this.#map((column) => column!.subarray(0, this.#rows));
  }

  #map(
    of: (
      column: InstanceType<NumberArrayType> | undefined,
      Type: NumberArrayType,
    ) => InstanceType<NumberArrayType>,
  ): NumberColumns<Types> {
    const columns = Object.entries(this.#types).map(([name, Type]) => [
      name,
      of(this.#columns?.[name as keyof Types], Type),
    ]);
    return Object.fromEntries(columns) as NumberColumns<Types>;
  }
}
