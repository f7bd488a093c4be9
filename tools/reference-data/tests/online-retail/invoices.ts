import {
  Batch,
  float64Column,
  int64Column,
  stringsToColumn,
  timestampColumn,
  validityWithout,
} from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';

/** One fabricated line; what is not given is an ordinary sale of one unit for 1.00. */
export interface Line {
  readonly invoice?: string;
  readonly article?: string;
  readonly quantity?: number;
  /** ISO date and time without a zone; 2011-01-03 was a Monday. */
  readonly time?: string;
  readonly price?: number;
  readonly customer?: number | null;
  readonly market?: string;
}

/** Lines as columns, the way the source has them. */
export function invoiceBatch(lines: readonly Line[]): Batch {
  const customers = lines.map(({ customer }) => (customer === undefined ? 1 : customer));
  const unknown = [...customers.keys()].filter((row) => customers[row] === null);
  return new Batch({
    InvoiceNo: stringsToColumn(lines.map(({ invoice }) => invoice ?? '500001')),
    StockCode: stringsToColumn(lines.map(({ article }) => article ?? '10001')),
    Description: stringsToColumn(lines.map(() => 'A THING')),
    Quantity: int64Column(BigInt64Array.from(lines, ({ quantity }) => BigInt(quantity ?? 1))),
    InvoiceDate: timestampColumn(
      BigInt64Array.from(
        lines,
        ({ time }) => BigInt(Date.parse(`${time ?? '2011-01-03T10:00'}:00Z`)) * 1000n,
      ),
      'us',
    ),
    UnitPrice: float64Column(Float64Array.from(lines, ({ price }) => price ?? 1)),
    CustomerID: float64Column(
      Float64Array.from(customers, (customer) => customer ?? 0),
      validityWithout(lines.length, unknown),
    ),
    Country: stringsToColumn(lines.map(({ market }) => market ?? 'United Kingdom')),
  });
}

/** Writes lines to a file, in row groups of three so that dictionaries differ. */
export async function writeInvoices(path: string, lines: readonly Line[]): Promise<string> {
  await writeParquetFile(path, [invoiceBatch(lines)], { rowGroupRows: 3 });
  return path;
}
