/** No discount of a week: the article is not on sale in it. */
export const NO_LEVEL = 65_535;

/** Texts by number. */
export interface Names {
  readonly texts: readonly string[];
  /** @returns the number of a text; undefined where it is not among them */
  readonly codeOf: (text: string) => number | undefined;
}

/**
 * A run's recommendations by article × market, as columns: N rows, A articles, T weeks. What is not known is NaN. About 110 + 2 T bytes a
 * row; no row is ever an object, but those that are shown.
 */
export interface PriceList {
  readonly rows: number;
  /** First days, as days since 1970-01-01 [T]. */
  readonly weeks: Int32Array;
  readonly articles: Names;
  readonly markets: Names;
  readonly reasons: Names;
  /** Of articles; the attributes of these. */
  readonly groups: Names;
  readonly seasons: Names;
  readonly article: Int32Array;
  readonly market: Uint16Array;
  /** −1: none [A]. */
  readonly groupOf: Int32Array;
  readonly seasonOf: Int32Array;
  /** Row of an article in a market; −1: there is none [A · markets]. */
  readonly rowOf: Int32Array;
  readonly listPrice: Float64Array;
  readonly today: Float64Array;
  /** Of the first week on sale, as `reason`. */
  readonly recommended: Float64Array;
  readonly reason: Uint8Array;
  /** 1 where a person has fixed the discount of a week, which the plan is around. */
  readonly isFixed: Uint8Array;
  /** Planned, and held; with a share of what is left, such that the gains of an article's rows add up to the article's. */
  readonly gain: Float64Array;
  /** Of the units sold, all weeks. */
  readonly profit: Float64Array;
  readonly heldProfit: Float64Array;
  /** Planned units of all weeks; at list prices, and what of that is given as discounts. */
  readonly units: Float64Array;
  readonly listSales: Float64Array;
  readonly given: Float64Array;
  /** Units at the start; markets of a pool all have that of the pool. */
  readonly stock: Float64Array;
  /** Weeks that it lasts at the planned sales. */
  readonly cover: Float64Array;
  readonly support: Float32Array;
  /** Planned discount of each week, a position in `discounts`; {@link NO_LEVEL}: not on sale [N · T]. */
  readonly levels: Uint16Array;
  readonly discounts: readonly number[];
}

/**
 * @param list of prices
 * @param article its name
 * @param market its name
 * @returns the row; −1: there is none
 */
export function rowOf(list: PriceList, article: string, market: string): number {
  const [a, m] = [list.articles.codeOf(article), list.markets.codeOf(market)];
  return a === undefined || m === undefined ? -1 : list.rowOf[a * list.markets.texts.length + m]!;
}

/**
 * @param list of prices
 * @param row of it
 * @returns position of the first week in which it is on sale: the one that the list shows
 */
export function firstWeekOf({ levels, weeks }: Pick<PriceList, 'levels' | 'weeks'>, row: number): number {
  let week = 0;
  while (week < weeks.length - 1 && levels[row * weeks.length + week] === NO_LEVEL) week++;
  return week;
}

/**
 * @param list of prices
 * @param row of it
 * @param week position
 * @returns the planned discount; NaN where it is not on sale
 */
export function plannedAt(list: PriceList, row: number, week: number): number {
  const level = list.levels[row * list.weeks.length + week]!;
  return level === NO_LEVEL ? NaN : list.discounts[level]!;
}
