/** What hemline forecasts. */
export type QuantityName = 'demand' | 'return-rate' | 'return-time' | 'fulfillment-cost' | 'residual-value';

/** The key and the values of a quantity's forecasts: the columns every model of it gives, in memory. */
export interface Quantity {
  readonly name: QuantityName;
  readonly question: string;
  /** Columns that identify a forecast. */
  readonly key: readonly string[];
  /** Columns that hold the forecast, float64. */
  readonly values: readonly string[];
  /**
   * Weeks after which an observation is final: returns arrive over this many weeks. A backtest leaves as many weeks
   * between its window and the end of the data.
   */
  readonly maturityWeeks: number;
  /** Length in weeks of the window that shows how good a model of it is; long enough that something is observed. */
  readonly evaluationWeeks: number;
}

/** Returns arrive within 100 days, that is, up to 14 weeks after the sale's. */
export const RETURN_MATURITY_WEEKS = 14;

/** All quantities by name. */
export const QUANTITIES: Readonly<Record<QuantityName, Quantity>> = {
  demand: {
    name: 'demand',
    question: 'How many units would be demanded in a week at a discount?',
    key: ['article', 'market', 'week', 'discount'],
    values: ['demand'],
    maturityWeeks: 0,
    evaluationWeeks: 8,
  },
  'return-rate': {
    name: 'return-rate',
    question: 'What share of the units sold comes back?',
    key: ['article', 'market'],
    values: ['returnRate'],
    maturityWeeks: RETURN_MATURITY_WEEKS,
    evaluationWeeks: 8,
  },
  'return-time': {
    name: 'return-time',
    question: 'What share of the returned units is sellable again this many weeks after the sale?',
    key: ['article', 'market', 'lag'],
    values: ['share'],
    maturityWeeks: RETURN_MATURITY_WEEKS,
    evaluationWeeks: 8,
  },
  'fulfillment-cost': {
    name: 'fulfillment-cost',
    question: 'What do shipping and returning one unit cost?',
    key: ['article', 'market'],
    values: ['shippingCost', 'returnCost'],
    maturityWeeks: 0,
    evaluationWeeks: 8,
  },
  'residual-value': {
    name: 'residual-value',
    question: 'What is a unit worth after the season, as a share of its black price?',
    key: ['article', 'market'],
    values: ['residualValue'],
    maturityWeeks: 0,
    // Clearance happens at the end of a season: half a year holds one.
    evaluationWeeks: 26,
  },
};
