import type { DiscountGrid, Week } from '@hemline/core';
import type { Span } from './assortment/article.ts';

/** A shift of demand with its week. */
export interface CheckedShift {
  readonly group: string;
  readonly factor: number;
  readonly from: Week;
}

/** Everything that what happens depends on, whatever is written of it. */
export interface World extends Span {
  readonly seed: number;
  readonly articles: number;
  readonly markets: number;
  readonly levels: DiscountGrid;
  readonly shift: CheckedShift | null;
  /** Whether all markets of an article sell from one stock. */
  readonly pool: boolean;
  /** Share of the demand that a group's discounts bring which is taken from its other articles, in [0, 1). */
  readonly competition: number;
  /** Change of the log of the response to discounts from an article's launch to its season's end. */
  readonly aging: number;
  /** Whether list prices hold a value-added tax. */
  readonly vat: boolean;
  /** Share by which more is bought than buyers think is needed. */
  readonly overstock: number;
  /** What residual values are multiplied by. */
  readonly residual: number;
}
