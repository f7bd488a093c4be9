import type { Sort, SortColumn } from '../api/index.ts';
import type { Names, PriceList } from './price-list.ts';
import type { RowStates } from './row-states.ts';

/** Columns that decisions change: their orders are made anew after each. */
const LIVE: ReadonlySet<SortColumn> = new Set(['chosen', 'state']);

/** Orders of all rows, made when they are asked for and kept: 4 bytes a row each. */
export class SortOrders {
  readonly #list: PriceList;
  readonly #states: RowStates;
  readonly #orders = new Map<
    SortColumn,
    { readonly order: Uint32Array; readonly known: number; version: number }
  >();
  #names: { readonly article: Uint32Array; readonly market: Uint32Array } | null = null;

  /**
   * @param list of prices
   * @param states of its rows
   */
  constructor(list: PriceList, states: RowStates) {
    this.#list = list;
    this.#states = states;
  }

  /**
   * All rows in an order. Rows of one value stand by article and market; those without a value stand last, either way.
   * @param sort column and direction
   * @param version of the decisions
   * @returns rows, ascending, and how many of them have a value
   */
  of({ by }: Pick<Sort, 'by'>, version: number): { readonly order: Uint32Array; readonly known: number } {
    const found = this.#orders.get(by);
    if (found !== undefined && (!LIVE.has(by) || found.version === version)) return found;
    const made = { ...this.#make(by), version };
    this.#orders.set(by, made);
    return made;
  }

  #make(by: SortColumn): { readonly order: Uint32Array; readonly known: number } {
    const { rows } = this.#list;
    const keys = this.#keys(by);
    const base = by === 'article' ? null : this.of({ by: 'article' }, 0).order;
    const order = new Uint32Array(rows);
    let known = 0;
    for (let i = 0; i < rows; i++) {
      const row = base === null ? i : base[i]!;
      if (!Number.isNaN(keys[row]!)) order[known++] = row;
    }
    let rest = known;
    for (let i = 0; i < rows; i++) {
      const row = base === null ? i : base[i]!;
      if (Number.isNaN(keys[row]!)) order[rest++] = row;
    }
    sortByKey(order.subarray(0, known), keys);
    return { order, known };
  }

  #keys(by: SortColumn): Float64Array {
    const list = this.#list;
    const { rows, article, market } = list;
    switch (by) {
      case 'article': {
        const names = this.#nameRanks();
        const count = list.markets.texts.length;
        return each(rows, (row) => names.article[article[row]!]! * count + names.market[market[row]!]!);
      }
      case 'market': {
        const names = this.#nameRanks();
        return each(rows, (row) => names.market[market[row]!]!);
      }
      case 'group':
      case 'season': {
        const [codes, names] = by === 'group' ? [list.groupOf, list.groups] : [list.seasonOf, list.seasons];
        const rank = ranksOf(names);
        return each(rows, (row) => {
          const code = codes[article[row]!]!;
          return code === -1 ? NaN : rank[code]!;
        });
      }
      case 'reason': {
        const rank = ranksOf(list.reasons);
        return each(rows, (row) => rank[list.reason[row]!]!);
      }
      case 'change':
        return each(rows, (row) => list.recommended[row]! - list.today[row]!);
      case 'support':
        return Float64Array.from(list.support);
      case 'chosen':
        return this.#states.chosen;
      case 'state':
        return Float64Array.from(this.#states.state);
      default:
        return list[by];
    }
  }

  #nameRanks(): { readonly article: Uint32Array; readonly market: Uint32Array } {
    this.#names ??= { article: ranksOf(this.#list.articles), market: ranksOf(this.#list.markets) };
    return this.#names;
  }
}

function each(rows: number, pick: (row: number) => number): Float64Array {
  const keys = new Float64Array(rows);
  for (let row = 0; row < rows; row++) keys[row] = pick(row);
  return keys;
}

function ranksOf({ texts }: Names): Uint32Array {
  const order = Uint32Array.from(texts.keys()).sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1));
  const rank = new Uint32Array(order.length);
  order.forEach((code, place) => (rank[code] = place));
  return rank;
}

/** Bits that a pass of the sort looks at. */
const DIGIT = 11;

/**
 * Sorts rows by their keys, stable: digit by digit of the keys' bits, the least first. A million rows take some tens of milliseconds,
 * where a comparing sort takes most of a second.
 * @param order rows, sorted in place
 * @param keys by row, none NaN
 */
export function sortByKey(order: Uint32Array, keys: Float64Array): void {
  const length = order.length;
  let [low, high] = [new Uint32Array(length), new Uint32Array(length)];
  const word = new Float64Array(1);
  const words = new Uint32Array(word.buffer);
  for (let i = 0; i < length; i++) {
    // −0 and 0 are one value.
    word[0] = keys[order[i]!]! + 0;
    const [lo, hi] = [words[0]!, words[1]!];
    const isNegative = hi >>> 31 === 1;
    low[i] = isNegative ? ~lo : lo;
    high[i] = isNegative ? ~hi : hi ^ 0x80000000;
  }
  let rows = order.slice();
  let [nextLow, nextHigh, nextRows] = [
    new Uint32Array(length),
    new Uint32Array(length),
    new Uint32Array(length),
  ];
  const size = 1 << DIGIT;
  const pass = (isHigh: boolean, shift: number): void => {
    const digits = isHigh ? high : low;
    const counts = new Uint32Array(size + 1);
    for (let i = 0; i < length; i++) counts[((digits[i]! >>> shift) & (size - 1)) + 1]!++;
    // All have the same digit: nothing moves.
    if (counts.includes(length)) return;
    for (let d = 0; d < size; d++) counts[d + 1]! += counts[d]!;
    for (let i = 0; i < length; i++) {
      const at = counts[(digits[i]! >>> shift) & (size - 1)]!++;
      nextRows[at] = rows[i]!;
      nextLow[at] = low[i]!;
      nextHigh[at] = high[i]!;
    }
    [rows, nextRows] = [nextRows, rows];
    [low, nextLow] = [nextLow, low];
    [high, nextHigh] = [nextHigh, high];
  };
  for (let shift = 0; shift < 32; shift += DIGIT) pass(false, shift);
  for (let shift = 0; shift < 32; shift += DIGIT) pass(true, shift);
  order.set(rows);
}
