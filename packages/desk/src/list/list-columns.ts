import { roundDiscount, type Batch, UnsupportedError } from '@hemline/core';
import { NameBook } from './name-book.ts';
import { NO_LEVEL, type PriceList } from './price-list.ts';

/** Rows that room is made for first. */
const FIRST_ROOM = 4096;

/** Columns of recommendations that the list is made of, as they are named on disk. */
export const LIST_COLUMNS = [
  ...(['article', 'market', 'week', 'discount', 'price', 'sales', 'profit', 'held_discount'] as const),
  ...(['held_sales', 'held_profit', 'reason', 'support'] as const),
] as const;

/** Reason of a discount that a person has fixed. */
const FIXED = 'person';

/** Columns of numbers that grow with the rows. */
const AMOUNTS = [
  ...(['listPrice', 'today', 'recommended', 'profit', 'heldProfit', 'units'] as const),
  ...(['heldUnits', 'listSales', 'given', 'support'] as const),
] as const;
type Amount = (typeof AMOUNTS)[number];

/** Sums recommendations up by article × market, batch by batch. */
export class ListColumns {
  rows = 0;
  readonly articles = new NameBook();
  readonly markets: NameBook;
  readonly reasons = new NameBook();
  readonly discounts: number[] = [];
  article = new Int32Array(FIRST_ROOM);
  market = new Uint16Array(FIRST_ROOM);
  reason = new Uint8Array(FIRST_ROOM);
  /** First week of each row, a position. */
  first = new Int32Array(FIRST_ROOM);
  isFixed = new Uint8Array(FIRST_ROOM);
  levels: Uint16Array;
  amounts = Object.fromEntries(AMOUNTS.map((name) => [name, new Float64Array(FIRST_ROOM)])) as Record<
    Amount,
    Float64Array
  >;
  rowOf = new Int32Array(FIRST_ROOM).fill(-1);
  readonly #weekAt: ReadonlyMap<number, number>;
  readonly #levelOf = new Map<number, number>();
  readonly #weeks: number;

  /**
   * @param weeks that are priced
   * @param markets all there are
   */
  constructor(weeks: Int32Array, markets: NameBook) {
    this.markets = markets;
    this.#weeks = weeks.length;
    this.#weekAt = new Map([...weeks].map((week, t) => [week, t]));
    this.levels = new Uint16Array(FIRST_ROOM * weeks.length).fill(NO_LEVEL);
  }

  /**
   * @param batch of recommendations, columns as on disk
   */
  add(batch: Batch): void {
    const [articles, markets, reasons] = ['article', 'market', 'reason'].map((name) => batch.strings(name));
    const a = this.articles.codesOf(articles!);
    const m = this.markets.codesOf(markets!);
    const why = this.reasons.codesOf(reasons!);
    const weeks = batch.weeks('week');
    const [discount, price, sales, profit] = ['discount', 'price', 'sales', 'profit'].map((name) =>
      batch.floats(name),
    );
    const [heldDiscount, heldSales, heldProfit, support] = [
      ...['held_discount', 'held_sales', 'held_profit', 'support'],
    ].map((name) => batch.floats(name));
    for (let i = 0; i < batch.length; i++) {
      const t = this.#weekAt.get(weeks[i]!);
      if (t === undefined) continue;
      const row = this.#row(a[articles!.values[i]!]!, m[markets!.values[i]!]!);
      const own = this.amounts;
      const given = roundDiscount(discount![i]!);
      const list = price![i]! / (1 - given);
      this.levels[row * this.#weeks + t] = this.#level(given);
      if (t < this.first[row]!) {
        this.first[row] = t;
        own.listPrice[row] = list;
        own.recommended[row] = given;
        own.today[row] = heldDiscount![i]!;
        own.support[row] = support![i]!;
        this.reason[row] = why[reasons!.values[i]!]!;
      }
      if (this.reasons.texts[why[reasons!.values[i]!]!] === FIXED) this.isFixed[row] = 1;
      own.profit[row]! += profit![i]!;
      own.heldProfit[row]! += heldProfit![i]!;
      own.units[row]! += sales![i]!;
      own.heldUnits[row]! += heldSales![i]!;
      own.listSales[row]! += list * sales![i]!;
      own.given[row]! += list * given * sales![i]!;
    }
  }

  /** @returns the columns that are whole, cut to the rows there are */
  finish(): Pick<
    PriceList,
    'rows' | 'article' | 'market' | 'reason' | 'isFixed' | 'levels' | 'discounts' | 'rowOf'
  > &
    Readonly<Record<Amount, Float64Array>> {
    const { rows } = this;
    const cut = Object.fromEntries(
      AMOUNTS.map((name) => [name, this.amounts[name].slice(0, rows)]),
    ) as Record<Amount, Float64Array>;
    return {
      ...{ ...cut, rows, article: this.article.slice(0, rows), market: this.market.slice(0, rows) },
      ...{ reason: this.reason.slice(0, rows), isFixed: this.isFixed.slice(0, rows) },
      ...{ levels: this.levels.slice(0, rows * this.#weeks) },
      ...{
        discounts: this.discounts,
        rowOf: this.rowOf.slice(0, this.articles.texts.length * this.#markets),
      },
    };
  }

  get #markets(): number {
    return this.markets.texts.length;
  }

  #row(article: number, market: number): number {
    const at = article * this.#markets + market;
    if (at >= this.rowOf.length) this.rowOf = larger(this.rowOf, Math.ceil((at + 1) * 1.5), -1);
    const known = this.rowOf[at]!;
    if (known !== -1) return known;
    if (this.rows === this.article.length) this.#grow();
    const row = this.rows++;
    this.rowOf[at] = row;
    this.article[row] = article;
    this.market[row] = market;
    this.first[row] = this.#weeks;
    return row;
  }

  #level(discount: number): number {
    const known = this.#levelOf.get(discount);
    if (known !== undefined) return known;
    if (this.discounts.length === NO_LEVEL)
      throw new UnsupportedError('the run recommends too many different discounts for the desk', {
        expected: `${NO_LEVEL} at most`,
        found: 'more',
        remedy: 'Forecast at fewer levels: --discounts.',
      });
    this.#levelOf.set(discount, this.discounts.length);
    return this.discounts.push(discount) - 1;
  }

  #grow(): void {
    const room = Math.ceil(this.article.length * 1.6);
    this.article = larger(this.article, room, 0);
    this.market = larger(this.market, room, 0);
    this.reason = larger(this.reason, room, 0);
    this.isFixed = larger(this.isFixed, room, 0);
    this.first = larger(this.first, room, 0);
    this.levels = larger(this.levels, room * this.#weeks, NO_LEVEL);
    for (const name of AMOUNTS) this.amounts[name] = larger(this.amounts[name], room, 0);
  }
}

function larger<A extends Int32Array | Uint16Array | Uint8Array | Float64Array>(
  values: A,
  room: number,
  empty: number,
): A {
  const more = new (values.constructor as new (length: number) => A)(room);
  if (empty !== 0) more.fill(empty, values.length);
  more.set(values);
  return more;
}
