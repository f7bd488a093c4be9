import type { Inspection } from '@hemline/hemline';
import { drawTable } from './table.ts';

/**
 * A table or file for people.
 * @param inspection of it
 * @returns columns, description, first rows, metadata
 */
export function inspectionText(inspection: Inspection): string {
  const parts = [`${inspection.name}: ${inspection.rows.toLocaleString('en')} rows`];
  parts.push(
    drawTable(
      ['column', 'type', 'nulls', 'minimum', 'maximum', 'distinct'],
      inspection.columns.map((column) => [
        column.name,
        column.type,
        column.nulls,
        column.minimum,
        column.maximum,
        column.distinct,
      ]),
    ),
  );
  if (inspection.unused.length > 0)
    parts.push(
      'columns that nothing is read of:',
      drawTable(
        ['column', 'type', 'why'],
        inspection.unused.map(({ name, type, reason }) => [name, type, reason]),
      ),
    );
  if (inspection.passedOver.length > 0)
    parts.push(
      'files that are not read:',
      drawTable(
        ['file', 'why'],
        inspection.passedOver.map(({ name, reason }) => [name, reason]),
      ),
    );
  if (inspection.described !== undefined) {
    const { rows, columns } = inspection.described;
    parts.push(
      `described, of ${rows === inspection.rows ? 'all' : `the first ${rows.toLocaleString('en')}`} rows:`,
      drawTable(
        ['column', 'count', 'mean', 'std', 'min', 'median', 'max'],
        columns.map(({ column, count, mean, std, min, median, max }) => [
          column,
          count,
          mean,
          std,
          min,
          median,
          max,
        ]),
      ),
    );
  }
  if (inspection.preview.length > 0)
    parts.push(
      drawTable(
        inspection.columns.map((column) => column.name),
        inspection.preview,
      ),
    );
  const metadata = Object.entries(inspection.metadata ?? {});
  if (metadata.length > 0)
    parts.push(
      metadata
        .map(([key, value]) => `${key}: ${value.length > 100 ? `${value.slice(0, 100)}…` : value}`)
        .join('\n'),
    );
  return parts.join('\n');
}
