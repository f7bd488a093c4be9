import {
  isValid,
  KeyIndex,
  roundDiscount,
  SERIES_KEY,
  TABLES,
  throwIfAborted,
  type Batch,
  type Table,
  type TableName,
  type Week,
} from '@hemline/core';
import type { Dataset } from './dataset.ts';
import type { ChangeCounts } from './mend-rows.ts';

/** Something about data that is allowed, and that who reads forecasts should know. */
export interface QualityFinding {
  readonly table: TableName;
  /** Column by role; null: of the rows or series as a whole. */
  readonly column: string | null;
  /** What was counted, for people. */
  readonly finding: string;
  /** `rows` or `series` (an article in a market). */
  readonly unit: 'rows' | 'series';
  /** Null where the data does not say: zero would be taken for an answer. */
  readonly count: number | null;
  /** Of so many. */
  readonly of: number;
}

/** Observed weeks below which a series tells little of itself. */
const SHORT_WEEKS = 13;

/**
 * Counts what a valid dataset may still be short of: missing values, weeks of stock-outs, short series, series whose price never
 * changed. Reads the weekly table partition by partition, and the attributes; memory grows with the series of one partition.
 * @param dataset that is valid
 * @param lastWeek last week with a demand: later rows are the plan, of which nothing is expected
 * @param signal ends it
 * @param changes rows that the descriptor gives another meaning, as the check counted them
 * @returns findings, also those that count nothing
 */
export async function findQuality(
  dataset: Dataset,
  lastWeek: Week,
  signal?: AbortSignal,
  changes?: ChangeCounts,
): Promise<QualityFinding[]> {
  const findings: QualityFinding[] = [];
  if (dataset.tables.find('weekly') !== undefined) {
    const weekly = new WeeklyCounts(lastWeek);
    for (const partition of dataset.partitions) {
      weekly.beginPartition();
      const columns = columnsOf(partition.weekly);
      for await (const batch of partition.weekly.batches({ columns, signal })) {
        throwIfAborted(signal);
        weekly.add(batch);
      }
    }
    const counted = weekly.findings();
    findings.push(...counted);
    for (const [finding, count] of changes?.entries ?? [])
      findings.push({ table: 'weekly', column: null, finding, unit: 'rows', count, of: counted[0]!.of });
  }
  for (const name of ['articles', 'markets'] as const) {
    const table = dataset.tables.find(name);
    if (table === undefined) continue;
    const missing = new MissingCounts();
    for await (const batch of table.batches({ signal })) missing.add(batch);
    findings.push(...missing.findings(name));
  }
  return findings;
}

function columnsOf(weekly: Table): string[] {
  const roles = new Set(TABLES.weekly.roles.map(({ name }) => name));
  return weekly.schema.fields.map(({ name }) => name).filter((name) => roles.has(name));
}

/** Missing values by column. */
class MissingCounts {
  readonly #missing = new Map<string, number>();
  #rows = 0;

  add(batch: Batch, counts: (row: number) => boolean = () => true): void {
    for (let row = 0; row < batch.length; row++) if (counts(row)) this.#rows++;
    for (const [name, column] of batch.columns) {
      let missing = this.#missing.get(name) ?? 0;
      const isFloat = column.type === 'float64' || column.type === 'float32';
      for (let row = 0; row < batch.length; row++) {
        if (!counts(row)) continue;
        if (!isValid(column, row) || (isFloat && Number.isNaN(column.values[row]))) missing++;
      }
      this.#missing.set(name, missing);
    }
  }

  findings(table: TableName): QualityFinding[] {
    return [...this.#missing].map(([column, count]) => ({
      ...{ table, column, finding: 'value is missing', unit: 'rows' as const, count, of: this.#rows },
    }));
  }
}

/** What is counted of the weeks that have happened. */
class WeeklyCounts {
  readonly #lastWeek: Week;
  readonly #missing = new MissingCounts();
  readonly #counts = { rows: 0, censored: 0, zero: 0, oversold: 0, planned: 0 };
  readonly #series = { all: 0, short: 0, onePrice: 0, neverObserved: 0 };
  #index = new KeyIndex(SERIES_KEY);
  #weeks: number[] = [];
  #leastDiscount: number[] = [];
  #mostDiscount: number[] = [];
  #hasDiscount = false;
  #tellsCensored = false;

  constructor(lastWeek: Week) {
    this.#lastWeek = lastWeek;
  }

  /** Series lie within one partition: those of the last one are done. */
  beginPartition(): void {
    this.#endPartition();
    this.#index = new KeyIndex(SERIES_KEY);
    this.#weeks = [];
    this.#leastDiscount = [];
    this.#mostDiscount = [];
  }

  add(batch: Batch): void {
    const weeks = batch.weeks('week');
    const isPast = (row: number): boolean => weeks[row]! <= this.#lastWeek;
    this.#missing.add(batch, isPast);
    const series = this.#index.add(batch);
    const demand = batch.floats('demand');
    const floats = (name: string): Float64Array | null => (batch.has(name) ? batch.floats(name) : null);
    const [sales, stock, discount] = [floats('sales'), floats('stock'), floats('discount')];
    const uncensored = batch.has('uncensored') ? batch.numbers('uncensored') : null;
    this.#hasDiscount ||= discount !== null;
    this.#tellsCensored ||= uncensored !== null;
    const counts = this.#counts;
    for (let row = 0; row < batch.length; row++) {
      const at = series[row]!;
      this.#weeks[at] ??= 0;
      if (!isPast(row)) {
        counts.planned++;
        continue;
      }
      counts.rows++;
      if (uncensored !== null && isValid(uncensored, row) && uncensored.values[row] === 0) counts.censored++;
      if (sales !== null && stock !== null && sales[row]! > stock[row]!) counts.oversold++;
      if (Number.isNaN(demand[row])) continue;
      if (demand[row] === 0) counts.zero++;
      this.#weeks[at]!++;
      const level = roundDiscount(discount?.[row] ?? NaN);
      if (Number.isNaN(level)) continue;
      this.#leastDiscount[at] = Math.min(this.#leastDiscount[at] ?? Infinity, level);
      this.#mostDiscount[at] = Math.max(this.#mostDiscount[at] ?? -Infinity, level);
    }
  }

  findings(): QualityFinding[] {
    this.beginPartition();
    const { rows, censored, zero, oversold, planned } = this.#counts;
    const { all, short, onePrice, neverObserved } = this.#series;
    const row = (
      column: string | null,
      finding: string,
      count: number | null,
      of = rows,
    ): QualityFinding => ({
      ...{ table: 'weekly', column, finding, unit: 'rows', count, of },
    });
    const series = (column: string | null, finding: string, count: number): QualityFinding => ({
      ...{ table: 'weekly', column, finding, unit: 'series', count, of: all },
    });
    return [
      row(null, 'week is planned, not yet sold', planned, rows + planned),
      row(
        'uncensored',
        'sales are censored by a stock-out: demand may have been higher',
        this.#tellsCensored ? censored : null,
      ),
      row('demand', 'nothing was sold', zero),
      row('sales', 'more was sold than was in stock at the start of the week', oversold),
      series('demand', 'series without any observed week (cold start)', neverObserved),
      series('demand', `series with fewer than ${SHORT_WEEKS} observed weeks`, short),
      ...(this.#hasDiscount
        ? [series('discount', 'series whose discount never changed: nothing shows how it reacts', onePrice)]
        : []),
      ...this.#missing.findings('weekly'),
    ];
  }

  #endPartition(): void {
    this.#weeks.forEach((weeks, at) => {
      this.#series.all++;
      if (weeks === 0) this.#series.neverObserved++;
      else if (weeks < SHORT_WEEKS) this.#series.short++;
      if (weeks > 0 && this.#leastDiscount[at] === this.#mostDiscount[at]) this.#series.onePrice++;
    });
  }
}
