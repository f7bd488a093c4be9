import { DAYS_PER_WEEK, formatWeek, roundDiscount, type Batch, type Week } from '@hemline/core';
import type { BadArticles } from './bad-articles.ts';
import type { SeriesOrder } from './series-order.ts';

/** A week that no series has seen. */
const NEVER = -(2 ** 31);

/** Columns of the weekly table that pricing reads where they are there. */
export const HISTORY_COLUMNS = ['demand', 'sales', 'discount', 'blackPrice', 'stock', 'delivery'] as const;

/** What the weekly table tells of every series at the cutoff: price, stock, what was sold lately and is to come. */
export class StockHistory {
  /** Week of the last row up to the cutoff; of the last discount, of the last change [N]. */
  readonly lastWeek: Int32Array;
  readonly changedAt: Int32Array;
  readonly #priced: Int32Array;
  readonly discount: Float64Array;
  readonly blackPrice: Float64Array;
  /** Units at the start of the last week with a stock, and that week [N]; NaN where there is none. */
  readonly stock: Float64Array;
  readonly stockWeek: Int32Array;
  /** Units sold k weeks before the first week ahead, k = 1 … lags [N·lags]. */
  readonly sold: Float32Array;
  /** Units delivered in each week ahead [N·T]. */
  readonly delivered: Float32Array;
  readonly hasStock: boolean;
  readonly hasDeliveries: boolean;
  /** Rows of history by article and level of the grid, of all its markets [A·L]. */
  readonly rowsAt: Float64Array;
  readonly #order: SeriesOrder;
  readonly #bad: BadArticles;
  readonly #cutoff: Week;
  readonly #lags: number;
  readonly #weeks: Int32Array;
  readonly #discounts: Float64Array;
  readonly #articleOf: Int32Array;
  /** Week that a black price is of: the first ahead counts most, then the last before. */
  readonly #blackWeek: Int32Array;

  /**
   * @param order of the series
   * @param schema what the weekly table has, besides its keys
   * @param scope cutoff, weeks ahead, levels, lags
   * @param bad receives articles with a stock or delivery below 0
   */
  constructor(
    order: SeriesOrder,
    schema: { readonly has: (column: string) => boolean },
    scope: {
      readonly cutoff: Week;
      readonly weeks: Int32Array;
      readonly discounts: Float64Array;
      readonly lags: number;
    },
    bad: BadArticles,
  ) {
    this.#bad = bad;
    const N = order.market.length;
    this.#order = order;
    this.#cutoff = scope.cutoff;
    this.#weeks = scope.weeks;
    this.#discounts = scope.discounts;
    this.#lags = scope.lags;
    this.hasStock = schema.has('stock');
    this.hasDeliveries = schema.has('delivery');
    this.lastWeek = new Int32Array(N).fill(NEVER);
    this.#priced = new Int32Array(N).fill(NEVER);
    this.changedAt = new Int32Array(N).fill(NEVER);
    this.discount = new Float64Array(N).fill(NaN);
    this.blackPrice = new Float64Array(N).fill(NaN);
    this.#blackWeek = new Int32Array(N).fill(NEVER);
    this.stock = new Float64Array(N).fill(NaN);
    this.stockWeek = new Int32Array(N).fill(NEVER);
    this.sold = new Float32Array(N * scope.lags);
    this.delivered = new Float32Array(N * scope.weeks.length);
    this.rowsAt = new Float64Array((order.offsets.length - 1) * scope.discounts.length);
    this.#articleOf = new Int32Array(N);
    for (let a = 0; a + 1 < order.offsets.length; a++)
      this.#articleOf.fill(a, order.offsets[a]!, order.offsets[a + 1]!);
  }

  /**
   * Takes rows of the weekly table, in any order of series but with the weeks of each rising.
   * @param batch with the key and those of {@link HISTORY_COLUMNS} that the table has
   */
  add(batch: Batch): void {
    const series = this.#order.find(batch);
    const week = batch.weeks('week');
    const read = (name: string): Float64Array | null => (batch.has(name) ? batch.floats(name) : null);
    const [sales, demand] = [read('sales'), read('demand')];
    const [discount, black, stock, delivery] = [
      read('discount'),
      read('blackPrice'),
      read('stock'),
      read('delivery'),
    ];
    const end = this.#weeks.length;
    for (let row = 0; row < batch.length; row++) {
      const n = series[row]!;
      if (n === -1) continue;
      const at = week[row]!;
      const ahead = (at - this.#weeks[0]!) / DAYS_PER_WEEK;
      if (ahead >= end) continue;
      this.#takeBlackPrice(n, at, black?.[row] ?? NaN);
      this.#takeStock(n, at, stock?.[row] ?? NaN);
      if (ahead >= 0) {
        const units = delivery?.[row] ?? NaN;
        if (units < 0) this.#refuse(n, 'delivery', units, at);
        if (units > 0) this.delivered[n * end + ahead]! += units;
        continue;
      }
      this.#takePast(n, at, discount === null ? 0 : discount[row]!, unitsOf(sales, demand, row), -ahead);
    }
  }

  /**
   * @param n series
   * @returns whether it has a row up to the cutoff
   */
  wasOnSale(n: number): boolean {
    return this.lastWeek[n] !== NEVER;
  }

  #takePast(n: number, at: Week, discount: number, units: number, weeksAgo: number): void {
    this.lastWeek[n] = Math.max(this.lastWeek[n]!, at);
    if (weeksAgo <= this.#lags && units > 0) this.sold[n * this.#lags + weeksAgo - 1] = units;
    if (Number.isNaN(discount)) return;
    const before = this.discount[n]!;
    if (at < this.#priced[n]!) return;
    if (!Number.isNaN(before) && roundDiscount(before) !== roundDiscount(discount)) this.changedAt[n] = at;
    this.#priced[n] = at;
    this.discount[n] = discount;
    const L = this.#discounts.length;
    let level = 0;
    while (level + 1 < L && this.#discounts[level + 1]! <= discount + 1e-6) level++;
    this.rowsAt[this.#articleOf[n]! * L + level]!++;
  }

  #takeBlackPrice(n: number, at: Week, price: number): void {
    if (!(price > 0)) return;
    const known = this.#blackWeek[n]!;
    const isBetter =
      at <= this.#cutoff ? known <= this.#cutoff && at >= known : known <= this.#cutoff || at < known;
    if (!isBetter) return;
    this.#blackWeek[n] = at;
    this.blackPrice[n] = price;
  }

  /** The stock of the first week ahead, where it is planned, and else the last one before it. */
  #takeStock(n: number, at: Week, units: number): void {
    if (units < 0) return this.#refuse(n, 'stock', units, at);
    if (Number.isNaN(units) || at > this.#weeks[0]! || at < this.stockWeek[n]!) return;
    this.stock[n] = units;
    this.stockWeek[n] = at;
  }

  /** Oversold units are no stock. */
  #refuse(n: number, column: string, units: number, week: Week): void {
    this.#bad.addSeries(n, `a ${column} of ${units} units`, `week ${formatWeek(week)}`);
  }
}

function unitsOf(sales: Float64Array | null, demand: Float64Array | null, row: number): number {
  const sold = sales?.[row] ?? NaN;
  return Number.isNaN(sold) ? (demand?.[row] ?? 0) : sold;
}
