import {
  DataError,
  isValid,
  KeyIndex,
  roundDiscount,
  SERIES_KEY,
  type Batch,
  type Week,
} from '@hemline/core';
import { DecisionCells, DECISION_STATES, type DecisionState } from './decision-cells.ts';
import { DECISION_EVENTS, type DecisionEvent } from './decision-event.ts';
import { decide, type GivenEvent } from './decision-rules.ts';
import type { WeekRange } from './decision-segments.ts';
import { VERDICTS } from './verdict.ts';

/** Events folded into what is known of each article × market × week. */
export class DecisionLedger {
  readonly cells = new DecisionCells();
  /** The last segment that was folded; 0: none. */
  segment = 0;
  /** Weeks of which it holds everything that was told; undefined: all. */
  readonly weeks: WeekRange | undefined;
  readonly #series = new KeyIndex(SERIES_KEY);
  /** Cell of each series by week, −1 where there is none. */
  readonly #cellOf = new Map<Week, Int32Array>();
  readonly #texts: string[] = [];
  readonly #textCode = new Map<string, number>();

  /** @param weeks that events are folded of; all by default */
  constructor(weeks: WeekRange | undefined = undefined) {
    this.weeks = weeks;
  }

  /**
   * Folds events, one after the other.
   * @param events of `DECISIONS_SCHEMA`, and `version` where whoever decides tells which one was seen
   * @param segment that tells them
   * @returns what becomes of each: a position in `VERDICTS`
   * @throws DataError for an event that there is none of
   */
  apply(events: Batch, segment: number): Uint8Array {
    const series = this.#series.add(events);
    const weeks = events.weeks('week');
    const kind = this.#kinds(events);
    const of = (name: string): Float64Array => events.floats(name);
    const [discount, price, profit, sales, cost] = ['discount', 'price', 'profit', 'sales', 'cost'].map(of);
    const [heldDiscount, heldProfit, propensity] = ['heldDiscount', 'heldProfit', 'propensity'].map(of);
    const [by, reason, experiment] = ['by', 'reason', 'experiment'].map((name) => this.#codes(events, name));
    const seen = events.has('version') ? of('version') : null;
    const at = timesOf(events);
    const given = {} as GivenEvent;
    given.segment = segment;
    return Uint8Array.from({ length: events.length }, (_, row) => {
      given.event = kind[row]!;
      given.discount = roundDiscount(discount![row]!);
      given.at = at[row]!;
      given.seen = seen === null || Number.isNaN(seen[row]!) ? -1 : seen[row]!;
      given.listPrice = price![row]! / (1 - given.discount);
      given.profit = profit![row]!;
      given.sales = sales![row]!;
      given.heldDiscount = heldDiscount![row]!;
      given.heldProfit = heldProfit![row]!;
      given.cost = cost![row]!;
      given.propensity = propensity![row]!;
      given.experiment = experiment![row]!;
      given.by = by![row]!;
      given.reason = reason![row]!;
      const cell = this.#cell(series[row]!, weeks[row]!);
      return VERDICTS.indexOf(decide(this.cells, cell, given));
    });
  }

  /**
   * @param keys rows of `article`, `market`, `week`
   * @returns the cell of each, −1 where nothing is known of it
   */
  find(keys: Batch): Int32Array {
    const series = this.#series.find(keys);
    const weeks = keys.weeks('week');
    return series.map((number, row) => {
      const cells = number === -1 ? undefined : this.#cellOf.get(weeks[row]!);
      const cell = cells?.[number] ?? -1;
      return cell === -1 || this.cells.state[cell] === 0 ? -1 : cell;
    });
  }

  /**
   * @param cell number
   * @returns its state
   */
  stateOf(cell: number): DecisionState {
    return DECISION_STATES[this.cells.state[cell]!]!;
  }

  /**
   * @param cell number
   * @returns its article
   */
  articleOf(cell: number): string {
    return this.#series.text(this.cells.codes.series[cell]!, 0)!;
  }

  /**
   * @param cell number
   * @returns its market
   */
  marketOf(cell: number): string {
    return this.#series.text(this.cells.codes.series[cell]!, 1)!;
  }

  /**
   * @param cell number
   * @param which text of it
   * @returns the text; null where there is none
   */
  textOf(cell: number, which: 'by' | 'reason' | 'experiment'): string | null {
    return this.#texts[this.cells.codes[which][cell]!] ?? null;
  }

  /**
   * @returns the place of each series in the order of article and market [series]
   */
  seriesRanks(): Float64Array {
    const [article, market] = this.#series.toColumns().map(({ values, dictionary }) => {
      const order = Uint32Array.from(dictionary.keys()).sort((a, b) =>
        dictionary[a]! < dictionary[b]! ? -1 : 1,
      );
      const rank = new Uint32Array(order.length);
      order.forEach((code, place) => (rank[code] = place));
      return { values, rank };
    });
    const markets = market!.rank.length;
    return Float64Array.from(
      article!.values,
      (code, series) => article!.rank[code]! * markets + market!.rank[market!.values[series]!]!,
    );
  }

  #cell(series: number, week: Week): number {
    let cells = this.#cellOf.get(week);
    if (cells === undefined || cells.length <= series) {
      const more = new Int32Array(Math.max(1024, Math.ceil((series + 1) * 1.5))).fill(-1);
      if (cells !== undefined) more.set(cells);
      this.#cellOf.set(week, (cells = more));
    }
    if (cells[series] === -1) cells[series] = this.cells.add(series, week);
    return cells[series]!;
  }

  #kinds(events: Batch): DecisionEvent[] {
    const { values, dictionary } = events.strings('event');
    const kinds = dictionary.map((name) => DECISION_EVENTS.find((each) => each === name));
    return Array.from(values, (code, row) => {
      const kind = kinds[code];
      if (kind !== undefined) return kind;
      throw new DataError('a decision is of no kind that is known', {
        expected: DECISION_EVENTS.join(', '),
        found: dictionary[code] ?? 'none',
        where: { column: 'event', row },
      });
    });
  }

  #codes(events: Batch, name: string): Int32Array {
    const column = events.strings(name);
    const codes = column.dictionary.map((text) => {
      const known = this.#textCode.get(text);
      if (known !== undefined) return known;
      this.#textCode.set(text, this.#texts.length);
      return this.#texts.push(text) - 1;
    });
    return Int32Array.from(column.values, (code, row) => (isValid(column, row) ? codes[code]! : -1));
  }
}

function timesOf(events: Batch): Float64Array {
  const column = events.column('at');
  if (column.type !== 'timestamp' || column.unit !== 'ms')
    throw new DataError('the time of a decision cannot be read', {
      expected: 'a timestamp in milliseconds',
      found: column.type,
      where: { column: 'at' },
    });
  return Float64Array.from(column.values, Number);
}
