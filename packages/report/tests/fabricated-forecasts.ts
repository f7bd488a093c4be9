import { join } from 'node:path';
import {
  Batch,
  boolColumn,
  dateColumn,
  DEFAULT_DISCOUNTS,
  float64Column,
  parseDiscountGrid,
  parseWeek,
  stringsToColumn,
  validityWithout,
  type Column,
  type DiscountGrid,
  type ForecastCurves,
  type Schema,
} from '@hemline/core';
import { OutputCommit, writeParquetFile } from '@hemline/stores';

const LAST_WEEK = parseWeek('2026-01-05');
const KNOWN = 30;
const AHEAD = 8;
const ARTICLES = ['A-1', 'A-2', 'A-3', 'A-4', 'A-5'];
/** Not among the usual levels. */
export const PLANNED_DISCOUNT = 0.33;

const OUTPUT: Schema = {
  fields: [
    { name: 'article', type: 'string' },
    { name: 'market', type: 'string' },
    { name: 'week', type: 'date' },
    { name: 'level', type: 'float64' },
    { name: 'slope', type: 'float64' },
    { name: 'support', type: 'float64' },
  ],
};

/** Demand that grows with the discount by a power, and lies with 80 % between half and twice of that. */
export const POWER_CURVES: ForecastCurves = {
  output: OUTPUT,
  evaluate(curves: Batch, discounts: DiscountGrid): Batch {
    const rows = curves.length * discounts.length;
    const at = (row: number): number => Math.floor(row / discounts.length);
    const of = (name: string): Float64Array => curves.floats(name);
    const demand = Float64Array.from({ length: rows }, (_, row) =>
      Math.exp(
        of('level')[at(row)]! - of('slope')[at(row)]! * Math.log(1 - discounts[row % discounts.length]!),
      ),
    );
    const text = (name: string): Column => {
      const { values, dictionary } = curves.strings(name);
      return stringsToColumn(Array.from({ length: rows }, (_, row) => dictionary[values[at(row)]!]!));
    };
    return new Batch({
      article: text('article'),
      market: text('market'),
      week: dateColumn(Int32Array.from({ length: rows }, (_, row) => curves.weeks('week')[at(row)]!)),
      discount: float64Column(Float64Array.from(demand, (_, row) => discounts[row % discounts.length]!)),
      demand: float64Column(demand),
      demandLow: float64Column(demand.map((units) => units / 2)),
      demandMedian: float64Column(demand.map((units) => units * 0.9)),
      demandHigh: float64Column(demand.map((units) => units * 2)),
      support: float64Column(Float64Array.from(demand, (_, row) => of('support')[at(row)]!)),
    });
  },
};

/** Coefficients of every article in every week ahead; the last article has never been seen. */
function curveRows(): Batch {
  const rows = ARTICLES.length * AHEAD;
  const item = (row: number): number => Math.floor(row / AHEAD);
  const column = (value: (row: number) => number): Column =>
    float64Column(Float64Array.from({ length: rows }, (_, row) => value(row)));
  return new Batch({
    article: stringsToColumn(Array.from({ length: rows }, (_, row) => ARTICLES[item(row)]!)),
    market: stringsToColumn(new Array<string>(rows).fill('DE')),
    week: dateColumn(Int32Array.from({ length: rows }, (_, row) => LAST_WEEK + 7 * ((row % AHEAD) + 1))),
    level: column((row) => 3 - item(row) / 2 + 0.2 * Math.sin(row)),
    slope: column((row) => 1.5 + item(row) / 5),
    support: column((row) => (item(row) === ARTICLES.length - 1 ? 0 : 30 - item(row))),
  });
}

/**
 * Writes forecasts as a job would.
 * @param directory of the output
 * @param form a row for each discount, or for each curve
 */
export async function writeForecasts(directory: string, form: 'grid' | 'curves'): Promise<void> {
  const rows = curveRows();
  const batch =
    form === 'curves' ? rows : onDisk(POWER_CURVES.evaluate(rows, parseDiscountGrid(DEFAULT_DISCOUNTS)));
  const provenance = {
    ...{
      model: 'demand-transformer',
      modelVersion: 1,
      trainingFingerprint: 'f',
      codeVersion: 'c',
      runId: 'r',
    },
  };
  const output = await OutputCommit.open(directory, provenance);
  const partition = { name: 'market=DE', folder: 'market=DE', stem: 'forecast', inputHash: '0'.repeat(64) };
  const batches = async function* (): AsyncGenerator<Batch> {
    yield batch;
  };
  await output.commitPartition(partition, batches(), batch.schema);
  await output.finish(['market=DE']);
}

function onDisk(batch: Batch): Batch {
  const names = { demandLow: 'demand_low', demandMedian: 'demand_median', demandHigh: 'demand_high' };
  return new Batch(
    Object.fromEntries(
      [...batch.columns].map(([name, column]) => [names[name as keyof typeof names] ?? name, column]),
    ),
  );
}

/**
 * Writes a weekly table: history with weeks that were sold out, and a plan with a discount that no grid has.
 * @param directory of the dataset
 * @param history weeks of it
 */
export async function writeHistory(directory: string, history = KNOWN): Promise<void> {
  const weeks = history + AHEAD;
  const known = ARTICLES.length - 1;
  const rows = known * weeks + AHEAD;
  // The last article is planned, and was never sold.
  const at = (row: number): number => (row < known * weeks ? row % weeks : history + row - known * weeks);
  const item = (row: number): number => Math.min(known, Math.floor(row / weeks));
  const planned = Array.from({ length: rows }, (_, row) => row).filter((row) => at(row) >= history);
  const numbers = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => value(row));
  await writeParquetFile(join(directory, 'weekly', 'market=DE', 'part-0.parquet'), [
    new Batch({
      article: stringsToColumn(Array.from({ length: rows }, (_, row) => ARTICLES[item(row)]!)),
      week: dateColumn(
        Int32Array.from({ length: rows }, (_, row) => LAST_WEEK + 7 * (at(row) - history + 1)),
      ),
      demand: float64Column(
        numbers((row) => Math.round(20 / (1 + item(row)) + 4 * Math.sin(row))),
        validityWithout(rows, planned),
      ),
      discount: float64Column(numbers((row) => (at(row) < history ? (at(row) % 3) / 10 : PLANNED_DISCOUNT))),
      black_price: float64Column(numbers(() => 20)),
      uncensored: boolColumn(Uint8Array.from({ length: rows }, (_, row) => (row % 9 === 0 ? 0 : 1))),
    }),
  ]);
}
