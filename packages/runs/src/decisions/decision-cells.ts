/** States of a price, in the order of its life. `none`: nothing is known. */
export const DECISION_STATES = ['none', 'proposed', 'approved', 'overridden', 'in-shop', 'outcome'] as const;
/** One of {@link DECISION_STATES}. */
export type DecisionState = (typeof DECISION_STATES)[number];

/** Numbers of a cell; NaN where they are not known. */
const AMOUNTS = [
  'recommended',
  'proposedAt',
  'listPrice',
  'forecastProfit',
  'forecastSales',
  'heldDiscount',
  'heldProfit',
  'propensity',
  'chosen',
  'chosenAt',
  'cost',
  'actual',
  'actualAt',
  'units',
  'earned',
  'costAfter',
] as const;

/** Positions in dictionaries, and numbers of segments; −1 where there is none. */
const CODES = ['series', 'week', 'proposal', 'version', 'by', 'reason', 'experiment'] as const;

/** Cells that room is made for first. */
const FIRST_ROOM = 1024;

type Amounts = Record<(typeof AMOUNTS)[number], Float64Array>;
type Codes = Record<(typeof CODES)[number], Int32Array>;

/**
 * What is known of each article × market × week: a cell, as columns of numbers. About 160 bytes each, so that a week of a million
 * prices is held in memory, and no objects are made of them. Times are milliseconds since 1970.
 */
export class DecisionCells {
  length = 0;
  amounts: Amounts = columns(AMOUNTS, Float64Array);
  codes: Codes = columns(CODES, Int32Array);
  /** Position in {@link DECISION_STATES}. */
  state = new Uint8Array(0);
  /** 1 where a person has fixed the price, and nobody has decided otherwise since. */
  isManual = new Uint8Array(0);

  /**
   * @param series of the cell
   * @param week of it
   * @returns its number
   */
  add(series: number, week: number): number {
    if (this.length === this.state.length) this.#grow();
    const cell = this.length++;
    this.codes.series[cell] = series;
    this.codes.week[cell] = week;
    return cell;
  }

  #grow(): void {
    const room = Math.max(FIRST_ROOM, Math.ceil(this.length * 1.5));
    this.amounts = grown(this.amounts, room, NaN);
    this.codes = grown(this.codes, room, -1);
    this.state = larger(this.state, room, 0);
    this.isManual = larger(this.isManual, room, 0);
  }
}

function columns<K extends string, A>(names: readonly K[], Kind: new (length: number) => A): Record<K, A> {
  return Object.fromEntries(names.map((name) => [name, new Kind(0)])) as Record<K, A>;
}

function grown<K extends string, A extends Float64Array | Int32Array>(
  from: Record<K, A>,
  room: number,
  empty: number,
): Record<K, A> {
  return Object.fromEntries(
    (Object.entries(from) as [K, A][]).map(([name, values]) => [name, larger(values, room, empty)]),
  ) as Record<K, A>;
}

function larger<A extends Float64Array | Int32Array | Uint8Array>(values: A, room: number, empty: number): A {
  const more = new (values.constructor as new (length: number) => A)(room);
  more.set(values);
  more.fill(empty, values.length);
  return more;
}
