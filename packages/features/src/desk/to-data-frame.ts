import {
  decimalToNumber,
  formatWeek,
  isValid,
  UnsupportedError,
  type Batch,
  type Column,
} from '@hemline/core';
import type { DataFrame } from 'danfojs-node';
import { loadDanfo } from './danfo.ts';
import { formatTimestamp } from './time-text.ts';

/** Rows that a data frame may have: it holds every value as an object of its own, about a hundred times a batch's bytes. */
export const DESK_ROWS = 100_000;

/** A cell of a data frame; null where a value is missing. */
export type Cell = number | string | boolean | null;

/**
 * A batch as a danfojs data frame, for exploration, notebooks and reports; never for the pipeline. Dates and timestamps
 * become ISO text in UTC, 64-bit integers numbers where that is exact. A copy, O(rows × columns).
 * @param batch at most {@link DESK_ROWS} rows, at least one
 * @returns the data frame
 * @throws UnsupportedError when the batch is too large or has no rows, or a 64-bit integer is no exact number
 * @throws EngineError when the native TensorFlow library is not staged
 */
export function toDataFrame(batch: Batch): DataFrame {
  if (batch.length > DESK_ROWS)
    throw new UnsupportedError('the batch is too large for a data frame', {
      expected: `at most ${DESK_ROWS} rows, since a data frame holds every value as an object`,
      found: `${batch.length} rows`,
      remedy:
        'Take a sample or an aggregate of it: sliceRows, filterRows, or Parquet and DuckDB for the whole.',
    });
  if (batch.length === 0)
    throw new UnsupportedError('a data frame cannot be made of no rows', {
      expected: 'at least one',
      found: '0 rows',
    });
  const columns = [...batch.columns].map(([name, column]) => cellsOf(name, column));
  const dtypes = [...batch.columns.values()].map(dtypeOf);
  // Row by row: of an object of columns danfojs takes those that are called like a number first, and the types as they stand.
  const rows = Array.from({ length: batch.length }, (_, row) => columns.map((cells) => cells[row]!));
  const { DataFrame } = loadDanfo();
  return new DataFrame(rows, { columns: [...batch.names], config: {}, dtypes });
}

function cellsOf(name: string, column: Column): Cell[] {
  return Array.from({ length: column.length }, (_, row) =>
    isValid(column, row) ? cellAt(name, column, row) : null,
  );
}

function cellAt(name: string, column: Column, row: number): Cell {
  switch (column.type) {
    case 'string':
      return column.dictionary[column.values[row]!]!;
    case 'bool':
      return column.values[row] !== 0;
    case 'date':
      return formatWeek(column.values[row]!);
    case 'timestamp':
      return formatTimestamp(column.values[row]!, column.unit);
    case 'decimal':
      return decimalToNumber(column.values[row]!, column.scale);
    case 'int64': {
      const number = Number(column.values[row]);
      if (!Number.isSafeInteger(number))
        throw new UnsupportedError('a 64-bit integer is no exact number', {
          expected: `within ±${Number.MAX_SAFE_INTEGER}`,
          found: String(column.values[row]),
          where: { column: name, row },
        });
      return number;
    }
    default:
      return column.values[row]!;
  }
}

/** danfojs knows four types; a number with a missing value counts as a float there. */
function dtypeOf(column: Column): string {
  switch (column.type) {
    case 'string':
    case 'date':
    case 'timestamp':
      return 'string';
    case 'bool':
      return 'boolean';
    case 'int32':
    case 'int64':
      return column.validity === null ? 'int32' : 'float32';
    default:
      return 'float32';
  }
}
