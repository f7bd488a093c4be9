import { expectedSalesAt } from './expected-sales.ts';
import type { StockGrid } from './stock-grid.ts';

const HARDLY = 1e-12;

/** Expected sales at a grid's knots, row by row, and by how much they exceed their chords between the knots. */
export class SalesRows {
  /** Sales at a knot, at row · (K + 1) + knot. */
  sales = new Float64Array(0);
  /** Most that sales exceed their chord in a cell by, at row · (K + 1) + cell. */
  bend = new Float64Array(0);
  private readonly grid: StockGrid;

  /** @param grid the grid that rows lie on */
  constructor(grid: StockGrid) {
    this.grid = grid;
  }

  /** @param rows rows to make room for; what was there is lost where there was less */
  reserve(rows: number): void {
    const size = rows * (this.grid.cells + 1);
    if (this.sales.length >= size) return;
    this.sales = new Float64Array(size);
    this.bend = new Float64Array(size);
  }

  /**
   * @param index row
   * @param mean expected demand
   * @param dispersion (variance − mean) / mean²
   * @param certain demand is its mean
   */
  fill(index: number, mean: number, dispersion: number, certain: boolean): void {
    const { grid, sales, bend } = this;
    const { knots, cells, perUnit } = grid;
    const row = index * (cells + 1);
    expectedSalesAt(mean, dispersion, certain, knots, cells + 1, sales, row);
    // Sales are concave: within a cell they lie below the lines on which they run in the cells beside.
    let before = 1;
    let chord = (sales[row + 1] - sales[row]) * perUnit[0];
    for (let cell = 0; cell < cells; cell++) {
      const after =
        cell + 1 < cells ? (sales[row + cell + 2] - sales[row + cell + 1]) * perUnit[cell + 1] : 0;
      const turn = before - after;
      const most = turn > HARDLY ? ((before - chord) * (chord - after)) / (turn * perUnit[cell]) : 0;
      bend[row + cell] = most > 0 ? most : 0;
      if (chord <= 0) {
        // Whatever is asked for is served: sales are level from here on.
        bend.fill(0, row + cell + 1, row + cells);
        return;
      }
      before = chord;
      chord = after;
    }
  }
}
