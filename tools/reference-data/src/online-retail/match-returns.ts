import { type InvoiceLines, LineKind } from './invoice-lines.ts';

/** Lines and units that have something in common. A line counts when at least one of its units does. */
export interface Count {
  readonly lines: number;
  readonly units: number;
}

/** Which purchases came back with which cancellations; position i of all three arrays is one match. */
export interface Matches {
  /** Line of the purchase. */
  readonly purchase: Int32Array;
  /** Line of the cancellation; those of one cancellation are neighbours. */
  readonly cancellation: Int32Array;
  readonly units: Float64Array;
  /** Cancelled by nobody known. */
  readonly withoutCustomer: Count;
  /** Cancelled by customers who had not bought so many before. */
  readonly withoutPurchase: Count;
}

/**
 * Matches cancellations to purchases. A cancellation takes from the latest earlier purchase of the same article by the same
 * customer; what exceeds the units left of it, from the one before, and so on. Earlier is earlier by the clock: a purchase
 * of the same minute is not. Cancellations of one minute take their turns in the file's order; of purchases of one minute
 * the last in the file is the latest. Linear in the lines, after sorting them by time.
 * @param lines of all invoices
 * @returns the matches, in the order of time, and what could not be matched
 */
export function matchReturns(lines: InvoiceLines): Matches {
  const { kind, customer, article, quantity } = lines;
  const order = inTime(lines);
  const matches = {
    purchase: new Int32Array(order.length),
    cancellation: new Int32Array(order.length),
    units: new Float64Array(order.length),
  };
  const withoutCustomer = { lines: 0, units: 0 };
  const withoutPurchase = { lines: 0, units: 0 };
  /** By customer and article: the latest purchase of which units are left; `before` leads on to the one before. */
  const latest = new Map<number, number>();
  const before = new Int32Array(lines.length).fill(-1);
  const left = quantity.slice();
  let count = 0;
  for (const line of order) {
    const key = customer[line]! * lines.articles.length + article[line]!;
    if (kind[line] === LineKind.sale) {
      if (customer[line] === -1) continue;
      before[line] = latest.get(key) ?? -1;
      latest.set(key, line);
      continue;
    }
    let open = -quantity[line]!;
    if (customer[line] === -1) {
      withoutCustomer.lines++;
      withoutCustomer.units += open;
      continue;
    }
    let purchase = latest.get(key) ?? -1;
    while (open > 0 && purchase !== -1) {
      const units = Math.min(open, left[purchase]!);
      matches.purchase[count] = purchase;
      matches.cancellation[count] = line;
      matches.units[count++] = units;
      open -= units;
      left[purchase]! -= units;
      if (left[purchase] === 0) purchase = before[purchase]!;
    }
    latest.set(key, purchase);
    if (open > 0) {
      withoutPurchase.lines++;
      withoutPurchase.units += open;
    }
  }
  return {
    purchase: matches.purchase.subarray(0, count),
    cancellation: matches.cancellation.subarray(0, count),
    units: matches.units.subarray(0, count),
    withoutCustomer,
    withoutPurchase,
  };
}

/** Sales and cancellations by time; of one minute the cancellations first, so that they see earlier purchases only. */
function inTime({ length, kind, time }: InvoiceLines): Uint32Array {
  const order = new Uint32Array(length);
  let count = 0;
  for (let line = 0; line < length; line++)
    if (kind[line] === LineKind.sale || kind[line] === LineKind.cancellation) order[count++] = line;
  // Every match uses up a purchase or a cancellation, so that there are never more matches than such lines.
  return order.subarray(0, count).sort((a, b) => time[a]! - time[b]! || kind[b]! - kind[a]! || a - b);
}
