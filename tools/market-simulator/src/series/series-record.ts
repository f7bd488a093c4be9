import { LONGEST_LIFE } from '../assortment/article.ts';
import { CLEARANCE_LOTS } from '../money/residual-value.ts';
import { RETURN_LAGS } from '../returns.ts';

/** Most sizes that an article comes in. */
export const MOST_SIZES = 7;

/** Weeks that a record can hold: a life and the returns after it. */
export const RECORD_WEEKS = LONGEST_LIFE + RETURN_LAGS;

/**
 * What happened to one article in one market, by week of its life ("age", 0 is the launch). One record may serve
 * many series in turn, so that simulating allocates nothing that grows.
 */
export interface SeriesRecord {
  /** Weeks from the first week of the history to the launch; negative when launched before. */
  launch: number;
  /** Weeks on sale, the season's last included. */
  life: number;
  /** First and last age within history and plan; `last < first` when there is none. */
  first: number;
  last: number;
  /** First age that is planned. Ages from here on hold expectations. */
  planned: number;

  /** Index of the discount in the grid. */
  readonly level: Int32Array;
  /** Units in stock at the start of the week. */
  readonly stock: Float64Array;
  readonly delivered: Float64Array;
  readonly sales: Float64Array;
  /** What would have been sold with full stock, at the discount of the week; drawn for planned weeks too. */
  readonly demand: Float64Array;
  /** Sizes that the article comes in. */
  sizes: number;
  /** Units sold of each size, `[age * sizes + size]`; of weeks that happened. */
  readonly sizeSales: Float64Array;
  /** 1 where the size did not end the week sold out, as {@link sizeSales}. */
  readonly sizeAvailable: Uint8Array;
  /** 1 where no size ended the week sold out. */
  readonly uncensored: Uint8Array;
  readonly campaign: Float64Array;
  readonly pageViews: Int32Array;
  /** Expected demand without discount, over all noise. */
  readonly undiscounted: Float64Array;
  /** Factor on the response to discounts. */
  readonly aging: Float64Array;
  /** Demand of the rivals on sale, were they alone: undiscounted, and at the discounts they give; filled only where there are any. */
  readonly othersBase: Float64Array;
  readonly othersDemand: Float64Array;
  /** Factor of the noise; its expectation as of the last known week for planned ones. */
  readonly noise: Float64Array;
  /** Units of a week's sales that come back, `[age * RETURN_LAGS + lag]`. */
  readonly returned: Float64Array;
  /** Units sold and returned in a week, `[age]`, of sales within the history; and what they cost. */
  readonly shippedUnits: Float64Array;
  readonly shippingCost: Float64Array;
  readonly returnedUnits: Float64Array;
  readonly returnCost: Float64Array;
  /** Units and value of each clearance lot; 0 where it does not take place within the history. */
  readonly clearedUnits: Float64Array;
  readonly clearedValue: Float64Array;
}

/**
 * @param weeks that it is to hold: a life and the returns after it
 * @returns an empty record
 */
export function createSeriesRecord(weeks: number): SeriesRecord {
  const weekly = (): Float64Array => new Float64Array(weeks);
  return {
    launch: 0,
    life: 0,
    first: 0,
    last: -1,
    planned: 0,
    level: new Int32Array(weeks),
    stock: weekly(),
    delivered: weekly(),
    sales: weekly(),
    demand: weekly(),
    sizes: 0,
    sizeSales: new Float64Array(weeks * MOST_SIZES),
    sizeAvailable: new Uint8Array(weeks * MOST_SIZES),
    uncensored: new Uint8Array(weeks),
    campaign: weekly(),
    pageViews: new Int32Array(weeks),
    undiscounted: weekly(),
    aging: weekly(),
    othersBase: weekly(),
    othersDemand: weekly(),
    noise: weekly(),
    returned: new Float64Array(weeks * RETURN_LAGS),
    shippedUnits: weekly(),
    shippingCost: weekly(),
    returnedUnits: weekly(),
    returnCost: weekly(),
    clearedUnits: new Float64Array(CLEARANCE_LOTS.length),
    clearedValue: new Float64Array(CLEARANCE_LOTS.length),
  };
}
