import {
  DataError,
  HemlineError,
  KeyIndex,
  TABLES,
  isValid,
  nullCount,
  throwIfAborted,
  type Batch,
  type ErrorPlace,
  type ProgressEvent,
  type Role,
  type TableName,
  type Week,
} from '@hemline/core';
import type { ParquetTable, PlacedBatch } from './parquet-table.ts';
import { partitionName } from './table-files.ts';
import type { ChangeCounts } from './mend-rows.ts';
import { outOfRange } from './out-of-range.ts';
import { reportOf, stopAtFirst, type OnProblem } from './problems.ts';
import { SeriesCheck } from './series-check.ts';
import { SkippedWeek } from './skipped-week.ts';
import { WeekdayCheck } from './weekday-check.ts';

/** What to validate. */
export interface ValidateOptions {
  /** All tables by default. */
  readonly tables?: readonly TableName[];
  /** Whether every series must lie in one file: needed where the platform deals out files, not folders. */
  readonly wholeFiles?: boolean;
  readonly signal?: AbortSignal;
  /** Counts what the descriptor changes of the rows. */
  readonly changes?: ChangeCounts;
  /** Told of every problem of rows; by default the check ends with the first one. */
  readonly onProblem?: OnProblem;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** What a validated dataset holds. */
export interface DatasetSummary {
  readonly rows: Readonly<Partial<Record<TableName, number>>>;
  /** Series of the weekly table; null when it was not checked. */
  readonly series: number | null;
  /** Last week with an observed demand; null when the weekly table was not checked, or has none. */
  readonly lastKnownWeek: Week | null;
}

/** Rows after which progress is told. */
const PROGRESS_ROWS = 100_000;

/**
 * Checks tables: values in range, keys unique, weeks a week apart, joins complete.
 * @param tables by name
 * @param options which of them, signal, progress
 * @returns rows per table
 * @throws DataError for the first problem
 */
export async function validateDataset(
  tables: ReadonlyMap<TableName, ParquetTable>,
  options: ValidateOptions,
): Promise<DatasetSummary> {
  const rows: Partial<Record<TableName, number>> = {};
  let weekly: CheckedTable | null = null;
  const weekdays = new WeekdayCheck();
  const keysOf = (name: 'articles' | 'markets', key: string): Promise<KeyIndex | null> =>
    attributeKeys(tables.get(name), key).catch((error: unknown) => {
      // A table that cannot be read is told when its turn comes.
      if (options.onProblem === undefined || !isProblem(error)) throw error;
      return null;
    });
  const articles = await keysOf('articles', 'article');
  const markets = await keysOf('markets', 'market');
  for (const name of options.tables ?? tables.keys()) {
    const table = tables.get(name)!;
    const known = { article: articles, market: markets };
    const found = await validateTable(table, known, weekdays, options).catch(async (error: unknown) => {
      if (error instanceof SkippedWeek) throw await error.explained(table.asStored());
      if (options.onProblem === undefined || !isProblem(error)) throw error;
      options.onProblem(reportOf(name, error));
      return null;
    });
    if (found === null) continue;
    rows[name] = found.rows;
    if (name === 'weekly') weekly = found;
    if (found.rows > 0) continue;
    (options.onProblem ?? stopAtFirst)({
      ...{ table: name, column: null, kind: 'a table is empty' },
      error: () =>
        new DataError('a table is empty', {
          expected: 'at least one row',
          found: '0 rows',
          where: { table: name },
          remedy: 'Check that the export that writes it ran.',
        }),
    });
  }
  return { rows, series: weekly?.series ?? null, lastKnownWeek: weekly?.lastKnownWeek ?? null };
}

/** Whether an error is about the data, and not about the store it lies in or a person who stops the check. */
function isProblem(error: unknown): error is HemlineError {
  return error instanceof HemlineError && error.blame === 'input';
}

/** Keys that an attribute table knows; null when there is no such table. */
async function attributeKeys(table: ParquetTable | undefined, key: string): Promise<KeyIndex | null> {
  if (table === undefined) return null;
  const index = new KeyIndex([key]);
  for await (const batch of table.batches({ columns: [key] })) index.add(batch);
  return index;
}

/** What a checked table holds. */
interface CheckedTable {
  readonly rows: number;
  readonly series: number;
  readonly lastKnownWeek: Week | null;
}

async function validateTable(
  table: ParquetTable,
  known: Readonly<Record<'article' | 'market', KeyIndex | null>>,
  weekdays: WeekdayCheck,
  options: ValidateOptions,
): Promise<CheckedTable> {
  const definition = TABLES[table.name];
  const roles = definition.roles.filter((role) =>
    table.schema.fields.some((field) => field.name === role.name),
  );
  const onProblem = options.onProblem ?? stopAtFirst;
  const series = new SeriesCheck(table, options.wholeFiles ?? false, onProblem);
  const joins = (['article', 'market'] as const).filter(
    (key) => known[key] !== null && definition.knownAt !== null,
  );
  let rows = 0;
  let partition: string | null = null;
  let lastKnownWeek: Week | null = null;
  const columns = roles.map((role) => role.name);
  for await (const placed of table.placedBatches({ signal: options.signal, columns }, options.changes)) {
    throwIfAborted(options.signal);
    const { batch, file } = placed;
    if (series.partitionsAreApart && partition !== null && partition !== partitionName(file))
      series.endPartition();
    partition = partitionName(file);
    for (const role of roles) {
      checkRange(table, role, placed, onProblem);
      if (role.type === 'date') weekdays.check(table, role.name, placed, onProblem);
    }
    for (const key of joins) checkJoin(table, key, known[key]!, placed, onProblem);
    series.add(placed);
    if (table.name === 'weekly') lastKnownWeek = lastKnownWeekOf(batch, lastKnownWeek);
    rows += batch.length;
    if (rows % PROGRESS_ROWS < batch.length)
      options.onProgress?.({ phase: `checking ${table.name}`, done: rows, total: null, unit: 'rows' });
  }
  series.endPartition();
  options.onProgress?.({ phase: `checking ${table.name}`, done: rows, total: rows, unit: 'rows' });
  return { rows, series: series.count, lastKnownWeek };
}

/**
 * The last week with an observed demand.
 * @param batch of the weekly table, with `week` and `demand`
 * @param before what earlier batches gave; null: nothing
 * @returns the later of both
 */
export function lastKnownWeekOf(batch: Batch, before: Week | null): Week | null {
  const weeks = batch.weeks('week');
  const demand = batch.column('demand');
  let last = before ?? -Infinity;
  for (let row = 0; row < batch.length; row++)
    if (weeks[row]! > last && isValid(demand, row)) last = weeks[row]!;
  return last === -Infinity ? null : last;
}

/**
 * The first week with an observed demand.
 * @param batch of the weekly table, with `week` and `demand`
 * @param before what earlier batches gave; null: nothing
 * @returns the earlier of both
 */
export function firstKnownWeekOf(batch: Batch, before: Week | null): Week | null {
  const weeks = batch.weeks('week');
  const demand = batch.column('demand');
  let first = before ?? Infinity;
  for (let row = 0; row < batch.length; row++)
    if (weeks[row]! < first && isValid(demand, row)) first = weeks[row]!;
  return first === Infinity ? null : first;
}

function checkRange(table: ParquetTable, role: Role, placed: PlacedBatch, onProblem: OnProblem): void {
  const column = placed.batch.column(role.name);
  if (!role.nullable && column.validity !== null && nullCount(column) > 0) {
    for (let row = 0; row < column.length; row++) {
      if (isValid(column, row)) continue;
      const remedy = 'Fill it in or take the row out.';
      onProblem({
        ...{ table: table.name, column: table.sourceOf(role.name), kind: 'a value is missing' },
        error: () => wrongValue(table, role.name, placed, row, 'a value', 'null', remedy),
      });
    }
  }
  if (column.type !== 'float64') return;
  const { values } = column;
  const { minimum = -Infinity, above = -Infinity, below = Infinity, most = Infinity } = role;
  const least = minimum - (role.slack ?? 0);
  // Black prices that are made of prices make a discount of 1 of a price of 0; and of a black price of 0 none at all.
  const isPrice = table.name === 'weekly' && (role.name === 'price' || role.name === 'blackPrice');
  const isGift = (value: number): boolean => value === 0 && isPrice && table.descriptor.gifts === 'error';
  for (let row = 0; row < values.length; row++) {
    // Written so that NaN and the infinities fail as well.
    const value = values[row]!;
    const isWithin = value >= least && value < below && value > above && value <= most;
    if (isWithin && Number.isFinite(value) && !isGift(value)) continue;
    if (!isValid(column, row)) continue;
    const { kind, remedy, settlement } = outOfRange(role, value);
    const expected = isGift(value) ? 'a finite number above 0' : rangeText(role);
    onProblem({
      ...{ table: table.name, column: table.sourceOf(role.name), kind, settlement },
      error: () => wrongValue(table, role.name, placed, row, expected, String(value), remedy),
    });
  }
}

function rangeText({ minimum, above, below, most }: Role): string {
  if (minimum === undefined && above === undefined) return 'a finite number';
  if (below === undefined && most === undefined)
    return above === undefined ? `a finite number of at least ${minimum}` : `a finite number above ${above}`;
  const low = above === undefined ? `[${minimum}` : `(${above}`;
  return `a number in ${low}, ${below === undefined ? `${most}]` : `${below})`}`;
}

function checkJoin(
  table: ParquetTable,
  key: 'article' | 'market',
  known: KeyIndex,
  placed: PlacedBatch,
  onProblem: OnProblem,
): void {
  const numbers = known.find(placed.batch.select([key]));
  const { values, dictionary } = placed.batch.strings(key);
  const expected = `${key === 'article' ? 'an' : 'a'} ${key} of the table ${key}s`;
  const remedy = `Add it to ${key}s, or take its rows out of ${table.name}.`;
  for (let row = 0; row < numbers.length; row++) {
    if (numbers[row] !== -1) continue;
    onProblem({
      ...{ table: table.name, column: table.sourceOf(key), kind: `${key} without a row in ${key}s` },
      error: () => wrongValue(table, key, placed, row, expected, dictionary[values[row]!]!, remedy),
    });
  }
}

function wrongValue(
  table: ParquetTable,
  role: string,
  placed: PlacedBatch,
  row: number,
  expected: string,
  found: string,
  remedy: string,
): DataError {
  return new DataError(`a value of ${role} is not valid`, {
    expected,
    found,
    where: placeOf(table, role, placed, row),
    remedy,
  });
}

/**
 * Where a value stands.
 * @param table it is in
 * @param role of its column
 * @param placed batch it is in
 * @param row of the batch
 * @returns table, file, column as on disk, row of the file
 */
export function placeOf(table: ParquetTable, role: string, placed: PlacedBatch, row: number): ErrorPlace {
  return {
    table: table.name,
    file: placed.file.name,
    column: table.sourceOf(role),
    row: placed.firstRow + row,
  };
}
