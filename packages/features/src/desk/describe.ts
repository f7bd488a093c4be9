import { filterRows, isValid, type Batch } from '@hemline/core';
import { toDataFrame } from './to-data-frame.ts';

/** What danfojs says of a column of numbers. */
export interface ColumnDescription {
  readonly column: string;
  /** Rows with a value. */
  readonly count: number;
  readonly mean: number;
  /** Of the sample (n − 1); NaN of a single value. */
  readonly std: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

const MEASURES = ['count', 'mean', 'std', 'min', 'median', 'max'] as const;

/**
 * Describes the columns of numbers of a small batch, by danfojs. Missing values are left out column by column: danfojs itself
 * breaks off at the first one.
 * @param batch at most as many rows as a data frame may have
 * @returns a description a column of numbers that has a value
 * @throws UnsupportedError when the batch is too large
 * @throws EngineError when the native TensorFlow library is not staged
 */
export function describe(batch: Batch): ColumnDescription[] {
  return [...batch.columns].flatMap(([name, column]) => {
    if (!['float64', 'float32', 'int32', 'int64', 'decimal'].includes(column.type)) return [];
    const isThere = (row: number): boolean => isValid(column, row) && !Number.isNaN(column.values[row]);
    const present = filterRows(batch.select([name]), isThere);
    if (present.length === 0) return [];
    const described = toDataFrame(present).describe();
    const values = new Map(
      described.index.map((measure, row) => [
        String(measure),
        Number((described.values[row] as unknown[])[0]),
      ]),
    );
    const of = Object.fromEntries(MEASURES.map((measure) => [measure, values.get(measure) ?? NaN]));
    return [{ column: name, ...of, std: present.length < 2 ? NaN : of['std']! } as ColumnDescription];
  });
}
