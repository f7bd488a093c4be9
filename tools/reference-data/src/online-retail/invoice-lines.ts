import {
  DataError,
  isValid,
  throwIfAborted,
  weekOfDay,
  type Batch,
  type ProgressEvent,
  type Week,
} from '@hemline/core';
import type { ParquetFile } from '@hemline/parquet';

/**
 * What a line of an invoice is. Every line is exactly one of these:
 *
 * - `noArticle`: the stock code does not begin with five digits (postage, fees, manual corrections, samples, vouchers);
 * - `cancellation`: an article on an invoice whose number begins with C, with a negative quantity: a return;
 * - `contraryCancellation`: the same, with a quantity that is not negative: it says nothing;
 * - `adjustment`: an article on any other invoice, with a quantity that is not positive: the stock was corrected;
 * - `unpriced`: an article, a positive quantity, and a price that is not positive: given away, found, or corrected;
 * - `sale`: any other line.
 */
export const LineKind = {
  sale: 0,
  cancellation: 1,
  noArticle: 2,
  adjustment: 3,
  unpriced: 4,
  contraryCancellation: 5,
} as const;

/** Name of a kind of line. */
export type LineKindName = keyof typeof LineKind;

/** Code of a kind of line. */
export type LineKindCode = (typeof LineKind)[LineKindName];

/**
 * The kind of a line of an article.
 * @param isCancellation whether the invoice's number begins with C
 * @param quantity units
 * @param price of a unit
 * @returns the kind
 */
export function lineKind(isCancellation: boolean, quantity: number, price: number): LineKindCode {
  if (isCancellation) return quantity < 0 ? LineKind.cancellation : LineKind.contraryCancellation;
  if (!(quantity > 0)) return LineKind.adjustment;
  return price > 0 ? LineKind.sale : LineKind.unpriced;
}

/** Columns that are read; Description is not. */
const COLUMNS = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'];

/** Of these no value may be missing; lines without a customer are common. */
const REQUIRED = COLUMNS.filter((name) => name !== 'CustomerID');

const MILLISECONDS_PER_DAY = 86_400_000;

/** Units of a timestamp in a millisecond. */
const PER_MILLISECOND = { ms: 1, us: 1e3, ns: 1e6 } as const;

/** Any Monday: weeks begin on Mondays. */
const A_MONDAY: Week = 4;

/** All lines of a file, column by column: 41 bytes a line. */
export interface InvoiceLines {
  readonly length: number;
  /** One of {@link LineKind}. */
  readonly kind: Uint8Array;
  /** Milliseconds since 1970-01-01, on the shop's clock. */
  readonly time: Float64Array;
  /** The Monday of the line's week, as days since 1970-01-01. */
  readonly week: Int32Array;
  /** Position in `articles`. */
  readonly article: Int32Array;
  /** Position in `markets`. */
  readonly market: Int32Array;
  /** A number for each customer, −1 where unknown. */
  readonly customer: Int32Array;
  /** As in the file: negative for cancellations. */
  readonly quantity: Float64Array;
  readonly price: Float64Array;
  /** Stock codes in capitals, in order of first appearance. */
  readonly articles: readonly string[];
  /** Countries, in order of first appearance. */
  readonly markets: readonly string[];
}

/**
 * Reads a file of invoice lines. Stock codes that differ only in their case are one article.
 * @param file with the columns InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID and Country
 * @param options signal and progress
 * @returns the lines, in the file's order
 * @throws SchemaError when a column is missing or has another type
 * @throws DataError when a value other than a customer is missing
 * @throws InterruptedError when the signal is raised
 */
export async function readInvoiceLines(
  file: ParquetFile,
  options: { signal?: AbortSignal; onProgress?: (event: ProgressEvent) => void } = {},
): Promise<InvoiceLines> {
  const { signal, onProgress } = options;
  const lines = {
    length: file.rows,
    kind: new Uint8Array(file.rows),
    time: new Float64Array(file.rows),
    week: new Int32Array(file.rows),
    article: new Int32Array(file.rows),
    market: new Int32Array(file.rows),
    customer: new Int32Array(file.rows),
    quantity: new Float64Array(file.rows),
    price: new Float64Array(file.rows),
  };
  const articles = new Map<string, number>();
  const markets = new Map<string, number>();
  const customers = new Map<number, number>();
  let start = 0;
  for await (const batch of file.batches({ columns: COLUMNS, signal })) {
    throwIfAborted(signal);
    checkPresent(batch, file.path, start);
    lines.time.set(milliseconds(batch), start);
    lines.quantity.set(numbers(batch, 'Quantity'), start);
    lines.price.set(numbers(batch, 'UnitPrice'), start);
    lines.article.set(
      codes(batch, 'StockCode', articles, (text) => text.toUpperCase()),
      start,
    );
    lines.market.set(codes(batch, 'Country', markets), start);
    lines.customer.set(customerCodes(batch, customers), start);
    lines.kind.set(kinds(batch, lines.quantity.subarray(start), lines.price.subarray(start)), start);
    for (let row = start; row < start + batch.length; row++)
      lines.week[row] = weekOfDay(Math.floor(lines.time[row]! / MILLISECONDS_PER_DAY), A_MONDAY);
    start += batch.length;
    onProgress?.({ phase: 'reading invoices', done: start, total: file.rows, unit: 'lines' });
  }
  return { ...lines, articles: [...articles.keys()], markets: [...markets.keys()] };
}

function checkPresent(batch: Batch, file: string, start: number): void {
  for (const name of REQUIRED) {
    const column = batch.column(name);
    if (column.validity === null) continue;
    for (let row = 0; row < batch.length; row++) {
      if (isValid(column, row)) continue;
      throw new DataError('a value is missing', {
        expected: 'a value in every line',
        found: 'null',
        where: { file, column: name, row: start + row },
        remedy: 'Only CustomerID and Description may be missing: complete the line or take it out.',
      });
    }
  }
}

/** Numbers of any width, NaN where missing. */
function numbers(batch: Batch, name: string): Float64Array {
  const column = batch.column(name);
  if (column.type !== 'int64') return batch.floats(name);
  return Float64Array.from(column.values, (value, row) => (isValid(column, row) ? Number(value) : NaN));
}

function milliseconds(batch: Batch): Float64Array {
  const column = batch.column('InvoiceDate');
  if (column.type !== 'timestamp') {
    throw new DataError('the column holds no points in time', {
      expected: 'timestamp',
      found: column.type,
      where: { column: 'InvoiceDate' },
    });
  }
  const divisor = PER_MILLISECOND[column.unit];
  return Float64Array.from(column.values, (value) => Number(value) / divisor);
}

/** Codes over all batches; dictionary entries are looked up once a batch. */
function codes(
  batch: Batch,
  name: string,
  known: Map<string, number>,
  normalize: (text: string) => string = (text) => text,
): Int32Array {
  const { dictionary, values } = batch.strings(name);
  const recode = new Int32Array(dictionary.length).fill(-1);
  return values.map((entry) => {
    if (recode[entry] === -1) recode[entry] = numberOf(normalize(dictionary[entry]!), known);
    return recode[entry]!;
  });
}

function customerCodes(batch: Batch, known: Map<number, number>): Int32Array {
  return Int32Array.from(numbers(batch, 'CustomerID'), (customer) =>
    Number.isNaN(customer) ? -1 : numberOf(customer, known),
  );
}

function numberOf<Key>(key: Key, known: Map<Key, number>): number {
  let number = known.get(key);
  if (number === undefined) {
    number = known.size;
    known.set(key, number);
  }
  return number;
}

function kinds(batch: Batch, quantity: Float64Array, price: Float64Array): Uint8Array {
  const invoices = batch.strings('InvoiceNo');
  const stockCodes = batch.strings('StockCode');
  const isCancellation = Uint8Array.from(invoices.dictionary, (text) => (/^c/i.test(text) ? 1 : 0));
  const isArticle = Uint8Array.from(stockCodes.dictionary, (text) => (/^\d{5}/.test(text) ? 1 : 0));
  return Uint8Array.from({ length: batch.length }, (_, row): LineKindCode => {
    if (isArticle[stockCodes.values[row]!] === 0) return LineKind.noArticle;
    return lineKind(isCancellation[invoices.values[row]!] === 1, quantity[row]!, price[row]!);
  });
}
