import {
  filterRows,
  HemlineError,
  KeyIndex,
  SERIES_KEY,
  throwIfAborted,
  UnsupportedError,
  type AnyModel,
  type Batch,
  type CurveRequest,
  type FittedModel,
} from '@hemline/core';
import { KNOTS } from '@hemline/features';

/** Rows that a part is asked for at once. */
const PART_ROWS = 4096;
/** Levels at which a part without curves is asked: its forecasts have to be the same at both. */
const TWO_LEVELS = Float64Array.of(0, 0.5);

/** A fitted part that is asked. */
export interface AskedPart {
  readonly name: string;
  readonly model: AnyModel;
  readonly fitted: FittedModel;
}

/** What all parts say of one series. */
export interface JoinedSeries {
  /** Position among the items asked about. */
  readonly item: number;
  /** By part: demand in each week; of a part with curves at each of the `KNOTS`. */
  readonly values: readonly Float64Array[];
  /** By part, a number a week. */
  readonly support: readonly Float64Array[];
}

/**
 * Asks all parts for curves and joins what they give by series. Parts give series in orders of their own; those that one has given and
 * another has not are held, so that memory is that of how far the orders differ.
 * @param parts to ask
 * @param request items, weeks, what is known ahead
 * @yields each item once, in no promised order
 * @throws UnsupportedError when a part without curves is moved by the discount
 */
export async function* joinParts(
  parts: readonly AskedPart[],
  request: CurveRequest,
): AsyncGenerator<JoinedSeries> {
  const { items, weeks, signal } = request;
  if (items.length === 0 || weeks.length === 0) return;
  const index = new KeyIndex(SERIES_KEY);
  index.add(items);
  const weekAt = new Map([...weeks].map((week, at) => [week, at]));
  const held = new Map<number, JoinedSeries & { missing: number }>();
  const readers = parts.map((part) => ({ rows: rowsOf(part, request), given: 0, done: false }));
  try {
    for (;;) {
      throwIfAborted(signal);
      const open = readers.filter(({ done }) => !done);
      if (open.length === 0) break;
      const behind = open.reduce((a, b) => (b.given < a.given ? b : a));
      const at = readers.indexOf(behind);
      const { value: batch, done } = await behind.rows.next();
      if (done === true) {
        behind.done = true;
        continue;
      }
      behind.given += batch.length;
      const finished: JoinedSeries[] = [];
      const found = index.find(batch);
      const batchWeeks = batch.weeks('week');
      const numbers = numbersOf(parts[at]!, batch);
      for (let row = 0; row < batch.length; row++) {
        const item = found[row]!;
        const week = weekAt.get(batchWeeks[row]!);
        if (item === -1 || week === undefined) continue;
        let series = held.get(item);
        if (series === undefined) held.set(item, (series = emptySeries(item, parts, weeks.length)));
        const { width } = numbers;
        series.values[at]!.set(numbers.values.subarray(row * width, (row + 1) * width), week * width);
        series.support[at]![week] = numbers.support[row]!;
        if (--series.missing > 0) continue;
        held.delete(item);
        finished.push(series);
      }
      yield* finished;
    }
  } finally {
    for (const { rows } of readers) await rows.return(undefined);
  }
  if (held.size > 0)
    throw new HemlineError('parts of a blend forecast different series', {
      expected: `forecasts of ${items.length} items by each of ${parts.map(({ name }) => name).join(', ')}`,
      found: `${held.size} items that one of them has left out`,
    });
}

function emptySeries(
  item: number,
  parts: readonly AskedPart[],
  weeks: number,
): JoinedSeries & { missing: number } {
  return {
    item,
    values: parts.map(({ model }) => new Float64Array(weeks * widthOf(model))),
    support: parts.map(() => new Float64Array(weeks)),
    missing: parts.length * weeks,
  };
}

function widthOf(model: AnyModel): number {
  return model.curves === undefined ? 1 : KNOTS.length;
}

/** One row for each item and week. */
async function* rowsOf({ name, model, fitted }: AskedPart, request: CurveRequest): AsyncGenerator<Batch> {
  if (model.curves !== undefined) {
    yield* fitted.curves!({ ...request, batchRows: PART_ROWS });
    return;
  }
  const { weeks, plan, ...rest } = request;
  const scenarios = { kind: 'grid', weeks, discounts: TWO_LEVELS, plan } as const;
  for await (const batch of fitted.predict({ ...rest, scenarios, batchRows: PART_ROWS })) {
    const [demand, discount] = [batch.floats('demand'), batch.floats('discount')];
    for (let row = 0; row + 1 < batch.length; row++)
      // Both levels of a week follow each other.
      if (discount[row]! < discount[row + 1]! && demand[row] !== demand[row + 1])
        throw new UnsupportedError(`${name} cannot be blended`, {
          expected: 'a model that declares curves, or one whose forecasts no discount moves',
          found: `${demand[row]} at no discount and ${demand[row + 1]} at half price, and no curves`,
          remedy: 'Let it give curves.',
        });
    yield filterRows(batch, (row) => discount[row] === 0);
  }
}

function numbersOf(
  { model }: AskedPart,
  batch: Batch,
): { readonly values: Float64Array; readonly support: Float64Array; readonly width: number } {
  const forecasts = model.curves === undefined ? batch : model.curves.evaluate(batch, KNOTS);
  const values = forecasts.floats('demand');
  return { values, support: batch.floats('support'), width: widthOf(model) };
}
