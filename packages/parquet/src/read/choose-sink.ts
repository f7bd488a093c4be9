import type { FileColumn } from '../footer/file-columns.ts';
import { BoolSink } from './bool-sink.ts';
import type { ColumnSink } from './column-sink.ts';
import { FixedSink } from './fixed-sink.ts';
import { TextSink } from './text-sink.ts';

/**
 * @param column to read
 * @param rows of the row group
 * @returns the sink for its type
 */
export function columnSink(column: FileColumn, rows: number): ColumnSink {
  const leaf = column.leaf!;
  switch (leaf.representation) {
    case 'bool':
      return new BoolSink(rows);
    case 'text':
      return new TextSink(rows);
    default:
      return new FixedSink(leaf, column.element, rows);
  }
}
