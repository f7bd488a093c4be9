import {
  DataError,
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
import { SeriesCheck } from './series-check.ts';
import { WeekdayCheck } from './weekday-check.ts';

/** What to validate. */
export interface ValidateOptions {
  /** All tables by default. */
  readonly tables?: readonly TableName[];
  /** Whether every series must lie in one file: needed where the platform deals out files, not folders. */
  readonly wholeFiles?: boolean;
  readonly signal?: AbortSignal;
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
  const articles = await attributeKeys(tables.get('articles'), 'article');
  const markets = await attributeKeys(tables.get('markets'), 'market');
  for (const name of options.tables ?? tables.keys()) {
    const found = await validateTable(
      tables.get(name)!,
      { article: articles, market: markets },
      weekdays,
      options,
    );
    rows[name] = found.rows;
    if (name === 'weekly') weekly = found;
    if (rows[name] === 0) {
      throw new DataError('a table is empty', {
        expected: 'at least one row',
        found: '0 rows',
        where: { table: name },
        remedy: 'Check that the export that writes it ran.',
      });
    }
  }
  return { rows, series: weekly?.series ?? null, lastKnownWeek: weekly?.lastKnownWeek ?? null };
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
  const series = new SeriesCheck(table, options.wholeFiles);
  const joins = (['article', 'market'] as const).filter(
    (key) => known[key] !== null && definition.knownAt !== null,
  );
  let rows = 0;
  let partition: string | null = null;
  let lastKnownWeek: Week | null = null;
  for await (const placed of table.placedBatches({
    signal: options.signal,
    columns: roles.map((role) => role.name),
  })) {
    throwIfAborted(options.signal);
    const { batch, file } = placed;
    if (series.partitionsAreApart && partition !== null && partition !== partitionName(file))
      series.endPartition();
    partition = partitionName(file);
    for (const role of roles) {
      checkRange(table, role, placed);
      if (role.type === 'date') weekdays.check(table, role.name, placed);
    }
    for (const key of joins) checkJoin(table, key, known[key]!, placed);
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

function checkRange(table: ParquetTable, role: Role, placed: PlacedBatch): void {
  const column = placed.batch.column(role.name);
  if (!role.nullable && column.validity !== null && nullCount(column) > 0) {
    for (let row = 0; row < column.length; row++) {
      if (!isValid(column, row))
        throw wrongValue(table, role.name, placed, row, 'a value', 'null', 'Fill it in or take the row out.');
    }
  }
  if (column.type !== 'float64') return;
  const { values } = column;
  const minimum = role.minimum ?? -Infinity;
  const below = role.below ?? Infinity;
  for (let row = 0; row < values.length; row++) {
    // Written so that NaN and the infinities fail as well.
    if (values[row]! >= minimum && values[row]! < below) continue;
    if (!isValid(column, row)) continue;
    throw wrongValue(
      table,
      role.name,
      placed,
      row,
      rangeText(minimum, below),
      String(values[row]),
      rangeRemedy(role, values[row]!),
    );
  }
}

function rangeText(minimum: number, below: number): string {
  if (below < Infinity) return `a number in [${minimum}, ${below})`;
  return minimum === -Infinity ? 'a finite number' : `a finite number of at least ${minimum}`;
}

/** What a person can do about a value out of range that does not lead into the next error. */
function rangeRemedy(role: Role, value: number): string {
  if (Number.isNaN(value)) return 'Where it is not known, leave it empty (null).';
  if (role.name === 'discount') return discountRemedy(value);
  if (role.nullable || role.name === 'demand')
    return value < 0 && (role.name === 'demand' || role.name === 'sales')
      ? 'More came back than was sold: leave it empty (null) in such a week, and keep returns in the table returns. Taking the row out would leave a week out.'
      : 'Correct it, or leave it empty (null).';
  return 'Correct it, or take the row out.';
}

/** What a discount outside of [0, 1) most likely is. */
function discountRemedy(value: number): string {
  const meaning = 'A discount is 1 − sales price / black price';
  if (value === 1)
    return `${meaning}: at 1 the price is 0, and what is given away is no demand. Leave demand and discount of the week empty (null).`;
  if (value < 0 && value > -1)
    return `${meaning}: below 0 the price is above the black price. Raise the black price to it, or write 0 where it is a matter of rounding.`;
  return `${meaning}: a fraction, not per cent.`;
}

function checkJoin(
  table: ParquetTable,
  key: 'article' | 'market',
  known: KeyIndex,
  placed: PlacedBatch,
): void {
  const row = known.find(placed.batch.select([key])).indexOf(-1);
  if (row === -1) return;
  const { values, dictionary } = placed.batch.strings(key);
  throw wrongValue(
    table,
    key,
    placed,
    row,
    `a ${key} of the table ${key}s`,
    dictionary[values[row]!]!,
    `Add it to ${key}s, or take its rows out of ${table.name}.`,
  );
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
