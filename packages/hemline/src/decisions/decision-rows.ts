import {
  Batch,
  concatBatches,
  ConfigurationError,
  DataError,
  dateColumn,
  filterRows,
  float64Column,
  int32Column,
  KeyIndex,
  listing,
  nearest,
  SchemaError,
  SERIES_KEY,
  stringColumn,
  stringsToColumn,
  timestampColumn,
  validityWithout,
  type Float64Column,
  type StringColumn,
} from '@hemline/core';
import { CellReader, type ReadCell } from './cell-reader.ts';
import { givenTable, LINE_COLUMN } from './given-table.ts';
import { WrongRows } from './wrong-rows.ts';

/** Decisions that a file may hold; others are not for people to take. */
export const GIVEN_DECISIONS = ['approved', 'overridden', 'in-shop'] as const;
/** One of {@link GIVEN_DECISIONS}. */
export type GivenDecision = (typeof GIVEN_DECISIONS)[number];

/** Columns of such a file, and what they hold. */
export const DECISION_COLUMNS = {
  article: 'what is sold',
  market: 'where',
  week: "date of the week's first day, YYYY-MM-DD",
  decision: `${GIVEN_DECISIONS.join(', ')}; empty: not decided, left out`,
  discount: 'share of the list price, 0.2 for 20 %; of approved, the one that is proposed where it is empty',
  price: 'with tax, in the place of the discount',
  by: 'who decided; needed of overridden',
  reason: 'why; needed of overridden',
  at: 'when, ISO date or time; of in-shop, since when the price holds; now where it is empty',
  version: 'of the export that whoever decides has seen: what was decided since is not overwritten',
} as const;

/** Columns of an export besides, which come back as they went. */
const EXPORTED = ['propensity', 'experiment', 'forecast_profit', 'held_profit', LINE_COLUMN];

/** What holds for rows that do not say. */
export interface RowDefaults {
  readonly as?: GivenDecision | undefined;
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A file of decisions, read and checked. */
export interface DecisionRows {
  /** Events; `discount` is NaN, and `price` in its place, where the file gives no discount. */
  readonly events: Batch;
  /** Rows without a decision. */
  readonly undecided: number;
  /** Columns that nothing is done with, and that no export has. */
  readonly unusedColumns: readonly string[];
}

/**
 * Reads decisions that people or the shop have taken.
 * @param file `.csv`, `.jsonl` or `.parquet`
 * @param defaults for rows that do not say
 * @returns its rows as events, each checked by itself
 * @throws SchemaError for a file that lacks a column
 * @throws DataError that names the rows that are wrong
 */
export async function readDecisions(file: string, defaults: RowDefaults): Promise<DecisionRows> {
  const wrong = new WrongRows(file);
  const batches: Batch[] = [];
  const unused = new Set<string>();
  let undecided = 0;
  for await (const batch of givenTable(file)) {
    checkColumns(batch, file, defaults);
    for (const name of batch.names)
      if (!(name in DECISION_COLUMNS) && !EXPORTED.includes(name)) unused.add(name);
    const rows = eventsOf(batch, defaults, wrong);
    const decided = filterRows(rows, (row) => rows.strings('event').values[row] !== UNDECIDED);
    undecided += rows.length - decided.length;
    if (decided.length > 0) batches.push(decided);
  }
  wrong.throwIfAny();
  if (batches.length === 0)
    throw new DataError('the file has no decisions', {
      expected: `rows with a decision: ${GIVEN_DECISIONS.join(', ')}`,
      found: undecided === 0 ? 'no rows' : `${undecided} rows without one`,
      where: { file },
      remedy: 'Fill in the column decision, or say for all rows with --as.',
    });
  const events = concatBatches(batches);
  checkTwice(events, wrong);
  wrong.throwIfAny();
  return { events, undecided, unusedColumns: [...unused] };
}

const UNDECIDED = GIVEN_DECISIONS.length;

function checkColumns(batch: Batch, file: string, { as }: RowDefaults): void {
  const missing = ['article', 'market', 'week', ...(as === undefined ? ['decision'] : [])].filter(
    (name) => !batch.has(name),
  );
  if (missing.length === 0) return;
  const close = nearest(missing[0]!, batch.names);
  throw new SchemaError('this file holds no decisions', {
    expected: `columns ${listing(Object.keys(DECISION_COLUMNS), 20)}`,
    found: `${listing(
      batch.names.filter((name) => name !== LINE_COLUMN),
      20,
    )}: without ${listing(missing)}`,
    where: { file },
    remedy:
      close === undefined
        ? 'The help of "hemline decisions import" says what each holds; --as gives all rows the same decision.'
        : `Did you mean ${missing[0]} by ${close}?`,
  });
}

/** Reads and checks each row by itself. */
function eventsOf(batch: Batch, defaults: RowDefaults, wrong: WrongRows): Batch {
  const { length } = batch;
  const reader = new CellReader(batch);
  const [article, market, by, reason] = ['article', 'market', 'by', 'reason'].map((name) =>
    reader.texts(name),
  );
  const [discount, price, version] = ['discount', 'price', 'version'].map((name) => reader.numbers(name));
  const [decision, week, at] = [reader.texts('decision'), reader.weeks('week'), reader.times('at')];
  const line = batch.numbers(LINE_COLUMN).values;
  const kinds = new Int32Array(length);
  const weeks = new Int32Array(length);
  const times = new BigInt64Array(length).fill(BigInt(defaults.at));
  const amounts = { discount: empty(length), price: empty(length), version: empty(length) };
  const texts: Record<'by' | 'reason', (string | null)[]> = { by: [], reason: [] };
  for (let row = 0; row < length; row++) {
    const tell = (column: string, problem: string): void => wrong.add(line[row]!, column, problem);
    const take = <T>(read: ReadCell<T>, column: string): T | null => {
      const { value, problem } = read(row);
      if (problem !== null) tell(column, problem);
      return value;
    };
    const said = take(decision, 'decision') ?? defaults.as ?? null;
    kinds[row] = said === null ? UNDECIDED : GIVEN_DECISIONS.indexOf(said as GivenDecision);
    if (kinds[row] === -1) tell('decision', `expected ${GIVEN_DECISIONS.join(', ')}, found ${said}`);
    for (const [name, read] of [
      ['article', article!],
      ['market', market!],
    ] as const)
      if (take(read, name) === null) tell(name, 'it is empty');
    const day = take(week, 'week');
    if (day === null && week(row).problem === null) tell('week', 'it is empty');
    weeks[row] = day ?? 0;
    amounts.discount[row] = take(discount!, 'discount') ?? NaN;
    amounts.price[row] = take(price!, 'price') ?? NaN;
    amounts.version[row] = take(version!, 'version') ?? NaN;
    const time = take(at, 'at');
    if (time !== null) times[row] = BigInt(time);
    const isManual = said === 'overridden';
    texts.by.push(take(by!, 'by') ?? (said === 'in-shop' ? null : (defaults.by ?? null)));
    texts.reason.push(take(reason!, 'reason') ?? (isManual ? (defaults.reason ?? null) : null));
    if (isManual && texts.by[row] === null) tell('by', 'who overrides has to be told: the column, or --by');
    if (isManual && texts.reason[row] === null) tell('reason', 'why has to be told: the column, or --reason');
    if (
      Number.isNaN(amounts.discount[row]) &&
      Number.isNaN(amounts.price[row]) &&
      said !== 'approved' &&
      said !== null
    )
      if (discount!(row).problem === null && price!(row).problem === null)
        tell('discount', 'neither a discount nor a price');
  }
  const keys = { article: reader.textColumn('article'), market: reader.textColumn('market') };
  const none = (): Float64Column => float64Column(empty(length), allMissing(length));
  return new Batch({
    ...keys,
    ...{ week: dateColumn(weeks), event: stringColumn(kinds, [...GIVEN_DECISIONS, '']) },
    ...{
      discount: float64Column(amounts.discount),
      at: timestampColumn(times, 'ms'),
      price: float64Column(amounts.price),
    },
    ...{ by: nullableText(texts.by), reason: nullableText(texts.reason) },
    ...{
      profit: none(),
      sales: none(),
      heldDiscount: none(),
      heldProfit: none(),
      cost: none(),
      propensity: none(),
    },
    experiment: stringColumn(new Int32Array(length), [''], allMissing(length)),
    ...{ version: float64Column(amounts.version), [LINE_COLUMN]: int32Column(Int32Array.from(line)) },
  });
}

/** The same decision twice is one too many: which of them holds? */
function checkTwice(events: Batch, wrong: WrongRows): void {
  const series = new KeyIndex(SERIES_KEY).add(events);
  const week = events.weeks('week');
  const { values, dictionary } = events.strings('event');
  const kindOf = dictionary.map((name) => GIVEN_DECISIONS.indexOf(name as GivenDecision));
  const line = events.numbers(LINE_COLUMN).values;
  const first = week.reduce((a, b) => Math.min(a, b), Infinity);
  const days = week.reduce((a, b) => Math.max(a, b), -Infinity) - first + 1;
  const place = Float64Array.from(
    series,
    (n, row) => (n * days + week[row]! - first) * UNDECIDED + kindOf[values[row]!]!,
  );
  const order = Uint32Array.from(place.keys()).sort((a, b) => place[a]! - place[b]! || a - b);
  for (let i = 1; i < order.length; i++) {
    const [before, row] = [order[i - 1]!, order[i]!];
    if (place[before] === place[row])
      wrong.add(line[row]!, 'decision', `line ${line[before]} has one of the same article, market and week`);
  }
}

function empty(length: number): Float64Array {
  return new Float64Array(length).fill(NaN);
}

function allMissing(length: number): Uint8Array {
  return validityWithout(
    length,
    Array.from({ length }, (_, row) => row),
  );
}

/** Batches of one file have one schema. */
function nullableText(texts: readonly (string | null)[]): StringColumn {
  const column = stringsToColumn(texts);
  return column.validity === null ? { ...column, validity: validityWithout(texts.length, []) } : column;
}

/**
 * @param text of a time
 * @returns milliseconds since 1970
 * @throws ConfigurationError when it is none
 */
export function timeOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new ConfigurationError('not a time', {
    expected: 'an ISO date or time, such as 2026-01-05T08:00:00Z',
    found: text,
  });
}
