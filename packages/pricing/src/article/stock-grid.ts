/** Stocks between which a programme's values are linear: x_i = most · (i / cells)², finest where stock is short. */
export class StockGrid {
  readonly cells: number;
  readonly knots: Float64Array;
  /** 1 / length of each cell. */
  readonly perUnit: Float64Array;
  private scale = 0;

  /** @param cells cells, at least 2 */
  constructor(cells: number) {
    this.cells = cells;
    this.knots = new Float64Array(cells + 1);
    this.perUnit = new Float64Array(cells);
  }

  /** @param most largest stock, > 0 */
  reach(most: number): void {
    for (let index = 0; index <= this.cells; index++) this.knots[index] = most * (index / this.cells) ** 2;
    this.knots[this.cells] = most;
    for (let cell = 0; cell < this.cells; cell++) {
      this.perUnit[cell] = 1 / (this.knots[cell + 1] - this.knots[cell]);
    }
    this.scale = this.cells / Math.sqrt(most);
  }

  /**
   * @param stock units; outside the grid the nearest cell is given
   * @returns cell with knots[cell] ≤ stock ≤ knots[cell + 1]
   */
  cellOf(stock: number): number {
    if (!(stock > 0)) return 0;
    let cell = Math.min(this.cells - 1, Math.floor(Math.sqrt(stock) * this.scale));
    if (this.knots[cell] > stock) cell--;
    else if (cell + 1 < this.cells && this.knots[cell + 1] < stock) cell++;
    return cell;
  }
}
