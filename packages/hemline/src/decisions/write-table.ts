import { open, rename, rm } from 'node:fs/promises';
import {
  Batch,
  columnOnDisk,
  formatWeek,
  isSystemError,
  systemError,
  valueAt,
  type Column,
} from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { tableFormat } from './given-table.ts';

/**
 * Writes a table for other programs: CSV, JSON lines or Parquet, by how the name ends. Whoever reads it never sees half of it.
 * @param file `.csv`, `.jsonl` or `.parquet`
 * @param batches of one schema, at least one
 */
export async function writeTable(file: string, batches: Iterable<Batch>): Promise<void> {
  const format = tableFormat(file);
  if (format === '.parquet') {
    await writeParquetFile(file, onDisk(batches));
    return;
  }
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      let isFirst = true;
      for (const batch of onDisk(batches)) {
        await handle.writeFile(format === '.csv' ? csvText(batch, isFirst) : jsonText(batch));
        isFirst = false;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw isSystemError(cause) ? systemError(cause, file, 'written') : cause;
  }
}

/**
 * @param column of a table
 * @param row 0-based
 * @returns its value as text and JSON have it: dates and times as ISO text
 */
export function plainValue(column: Column, row: number): string | number | boolean | null {
  const value = valueAt(column, row);
  if (value === null) return null;
  if (column.type === 'date') return formatWeek(value as number);
  if (column.type === 'timestamp') return new Date(Number(value)).toISOString();
  return typeof value === 'bigint' ? Number(value) : value;
}

function* onDisk(batches: Iterable<Batch>): Generator<Batch> {
  for (const batch of batches)
    yield new Batch(
      new Map([...batch.columns].map(([name, column]) => [columnOnDisk(name), column])),
      batch.length,
    );
}

function csvText(batch: Batch, withHeader: boolean): string {
  const lines = withHeader ? [batch.names.join(',')] : [];
  const columns = [...batch.columns.values()];
  for (let row = 0; row < batch.length; row++)
    lines.push(columns.map((column) => csvCell(plainValue(column, row))).join(','));
  return lines.map((line) => `${line}\n`).join('');
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  return typeof value === 'string' && /[",\r\n;\t]/.test(value)
    ? `"${value.replaceAll('"', '""')}"`
    : String(value);
}

function jsonText(batch: Batch): string {
  const columns = [...batch.columns];
  return Array.from({ length: batch.length }, (_, row) => {
    const record = Object.fromEntries(columns.map(([name, column]) => [name, plainValue(column, row)]));
    return `${JSON.stringify(record)}\n`;
  }).join('');
}
