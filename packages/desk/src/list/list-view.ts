import type { Filter, Row, RowsAnswer, RowsQuery, Sort, SortColumn } from '../api/index.ts';
import { matchingRows } from './filter-rows.ts';
import { totalsOf } from './list-totals.ts';
import type { PriceList } from './price-list.ts';
import { stateOf, type RowStates } from './row-states.ts';
import { SortOrders } from './sort-orders.ts';

/** Answers that are kept: a person scrolls through one, others look at theirs. */
const MOST_KEPT = 24;

/** Rows that match, in an order, and their sums. */
interface Kept {
  readonly rows: Uint32Array;
  readonly totals: RowsAnswer['totals'];
}

/** What people see of a list: filtered, sorted, a window at a time. */
export class ListView {
  readonly list: PriceList;
  readonly states: RowStates;
  readonly #orders: SortOrders;
  readonly #kept = new Map<string, Kept>();
  #version = 0;

  /**
   * @param list of prices
   * @param states of its rows
   */
  constructor(list: PriceList, states: RowStates) {
    this.list = list;
    this.states = states;
    this.#orders = new SortOrders(list, states);
  }

  /** Of the decisions: raised by {@link changed}. */
  get version(): number {
    return this.#version;
  }

  /**
   * Makes the orders of columns before somebody asks for them.
   * @param columns that are wanted
   */
  prepare(columns: readonly SortColumn[]): void {
    for (const by of columns) this.#orders.of({ by }, this.#version);
  }

  /** Forgets what decisions have changed. */
  changed(): void {
    this.#version++;
    this.#kept.clear();
  }

  /**
   * @param query filter, order and window
   * @returns its rows, how many there are, and their sums
   */
  answer({ filter, sort, offset, count }: RowsQuery): RowsAnswer {
    const { rows, totals } = this.#find(filter, sort);
    const window = Array.from(rows.subarray(offset, offset + count), (row) => this.row(row));
    return { total: rows.length, totals, rows: window, version: this.#version };
  }

  /**
   * @param filter of rows
   * @returns the rows that match, in the order of the list
   */
  matching(filter: Filter): Uint32Array {
    const match = matchingRows(this.list, this.states, filter);
    const found = new Uint32Array(match.length);
    let count = 0;
    for (let row = 0; row < match.length; row++) if (match[row] === 1) found[count++] = row;
    return found.slice(0, count);
  }

  /**
   * @param row of the list
   * @returns it as people see it
   */
  row(row: number): Row {
    const { list, states } = this;
    const a = list.article[row]!;
    const [group, season] = [list.groupOf[a]!, list.seasonOf[a]!];
    return {
      ...{ article: list.articles.texts[a]!, market: list.markets.texts[list.market[row]!]! },
      group: group === -1 ? null : list.groups.texts[group]!,
      season: season === -1 ? null : list.seasons.texts[season]!,
      // Prices have cents; the last bits are of a division.
      listPrice: Math.round(list.listPrice[row]! * 1e4) / 1e4,
      ...{ today: known(list.today[row]!), recommended: list.recommended[row]! },
      ...{ chosen: known(states.chosen[row]!), gain: known(list.gain[row]!), gainError: null },
      ...{ stock: known(list.stock[row]!), cover: known(list.cover[row]!) },
      ...{ reason: list.reasons.texts[list.reason[row]!]!, support: known(list.support[row]!) },
      ...{ state: stateOf(states, row), by: states.people[states.by[row]!] ?? null },
      ...{ priority: states.priority[row] === 1, version: states.version[row]!, image: null },
    };
  }

  #find(filter: Filter, sort: Sort): Kept {
    const key = JSON.stringify([filter, sort]);
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      // The last that was asked for goes last.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const match = matchingRows(this.list, this.states, filter);
    const { order, known: values } = this.#orders.of(sort, this.#version);
    const found = {
      rows: ordered(order, values, match, sort.descending),
      totals: totalsOf(this.list, this.states, match),
    };
    this.#kept.set(key, found);
    const [first] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(first!);
    return found;
  }
}

function ordered(order: Uint32Array, values: number, match: Uint8Array, descending: boolean): Uint32Array {
  const rows = new Uint32Array(order.length);
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[descending && i < values ? values - 1 - i : i]!;
    if (match[row] === 1) rows[count++] = row;
  }
  return rows.slice(0, count);
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
