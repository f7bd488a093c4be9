import { DataError, formatWeek, roundDiscount, type Batch } from '@hemline/core';
import type { ArticleTable } from './article-table.ts';
import type { SeriesOrder } from './series-order.ts';

/** Discounts that somebody has decided already. */
export class PlannedDiscounts {
  /** NaN where nothing is decided [N·T]. */
  readonly discounts: Float64Array;
  /** Rows of articles, markets or weeks that are not priced. */
  unused = 0;
  readonly #order: SeriesOrder;
  readonly #weekAt: ReadonlyMap<number, number>;

  /**
   * @param order of the series
   * @param weeks that are priced
   */
  constructor(order: SeriesOrder, weeks: ArticleTable['weeks']) {
    this.#order = order;
    this.#weekAt = new Map([...weeks].map((week, t) => [week, t]));
    this.discounts = new Float64Array(order.market.length * weeks.length).fill(NaN);
  }

  /**
   * @param batch rows of `article`, `market`, `week`, `discount`
   * @throws DataError for a discount outside [0, 1), or two of one article, market and week
   */
  add(batch: Batch): void {
    const series = this.#order.find(batch);
    const week = batch.weeks('week');
    const discount = batch.floats('discount');
    for (let row = 0; row < batch.length; row++) {
      const t = this.#weekAt.get(week[row]!);
      if (t === undefined || series[row] === -1) {
        this.unused++;
        continue;
      }
      const at = series[row]! * this.#weekAt.size + t;
      const level = roundDiscount(discount[row]!);
      const isTwice = !Number.isNaN(this.discounts[at]!) && this.discounts[at] !== level;
      if (!(discount[row]! >= 0 && discount[row]! < 1) || isTwice) throw wrong(batch, row, isTwice);
      this.discounts[at] = level;
    }
  }
}

function wrong(batch: Batch, row: number, isTwice: boolean): DataError {
  const text = (name: string): string => {
    const { dictionary, values } = batch.strings(name);
    return dictionary[values[row]!]!;
  };
  return new DataError(isTwice ? 'a plan has two discounts of one week' : 'a planned discount cannot be', {
    expected: isTwice
      ? 'one row for each article, market and week'
      : 'a fraction in [0, 1), such as 0.2 for 20 %',
    found: `${batch.floats('discount')[row]} of article ${text('article')}, market ${text('market')}, week ${formatWeek(batch.weeks('week')[row]!)}`,
    where: { column: 'discount', row },
    remedy: 'Correct the plan.',
  });
}
