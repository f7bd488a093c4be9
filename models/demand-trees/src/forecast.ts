import {
  Batch,
  concatBatches,
  dateColumn,
  KeyIndex,
  SERIES_KEY,
  sliceRows,
  stringColumn,
  throwIfAborted,
  type Column,
  type CurveRequest,
  type ForecastRequest,
  type Scenarios,
} from '@hemline/core';
import { KNOTS, QUANTILES } from '@hemline/features';
import { forecastsOn, knotTable, type KnotCurves } from './curve-table.ts';
import type { FittedParts } from './fit.ts';
import { seriesCurves, type SeriesCurves } from './series-curves.ts';

/** Scenarios of one kind. */
type Of<K extends Scenarios['kind']> = Extract<Scenarios, { kind: K }>;

/**
 * Forecasts every item in every week at every discount: series after series in the order of the history, week after week,
 * discounts rising.
 * @param parts of the model
 * @param request what to forecast
 * @param scenarios its grid
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastGrid(
  parts: FittedParts,
  request: ForecastRequest,
  { weeks, discounts, plan }: Of<'grid'>,
): AsyncGenerator<Batch> {
  for await (const some of seriesCurves(parts, request, plan, weeks)) {
    const total = some.support.length * discounts.length;
    for (let from = 0; from < total; from += request.batchRows) {
      throwIfAborted(request.signal);
      const length = Math.min(request.batchRows, total - from);
      const curve = Uint32Array.from({ length }, (_, row) => Math.floor((from + row) / discounts.length));
      const discount = Float64Array.from({ length }, (_, row) => discounts[(from + row) % discounts.length]!);
      yield forecastsOn(keysOf(some, curve), some, curve, discount);
    }
  }
}

/**
 * Forecasts every item in every week as a curve, in the order of {@link forecastGrid}.
 * @param parts of the model
 * @param request what to forecast
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastCurves(parts: FittedParts, request: CurveRequest): AsyncGenerator<Batch> {
  const { weeks, plan, batchRows, signal } = request;
  for await (const some of seriesCurves(parts, request, plan, weeks))
    for (let from = 0; from < some.support.length; from += batchRows) {
      throwIfAborted(signal);
      const to = Math.min(some.support.length, from + batchRows);
      const curve = Uint32Array.from({ length: to - from }, (_, row) => from + row);
      yield knotTable(keysOf(some, curve), {
        logs: some.logs.slice(from * KNOTS.length, to * KNOTS.length),
        ratios: some.ratios.slice(from * QUANTILES.length, to * QUANTILES.length),
        support: some.support.slice(from, to),
      });
    }
}

/**
 * Forecasts exactly the planned rows, in their order.
 * @param parts of the model
 * @param request what to forecast
 * @param scenarios its rows
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastPlanned(
  parts: FittedParts,
  request: ForecastRequest,
  { rows: planned }: Of<'planned'>,
): AsyncGenerator<Batch> {
  if (planned.length === 0) return;
  const weekOf = planned.weeks('week');
  const weeks = Int32Array.from(new Set(weekOf)).sort();
  const all: SeriesCurves[] = [];
  for await (const some of seriesCurves(parts, request, planned, weeks, planned)) all.push(some);
  const curves = joined(all);
  const index = new KeyIndex(SERIES_KEY);
  index.add(concatBatches(all.map(({ keys }) => keys)));
  const series = index.find(planned);
  const place = new Map([...weeks].map((week, i) => [week, i]));
  const curve = Uint32Array.from(series, (one, row) => one * weeks.length + place.get(weekOf[row]!)!);
  const discounts = planned.floats('discount');
  const keys = planned.select(['article', 'market', 'week']);
  for (let from = 0; from < planned.length; from += request.batchRows) {
    throwIfAborted(request.signal);
    const to = Math.min(planned.length, from + request.batchRows);
    yield forecastsOn(
      sliceRows(keys, from, to),
      curves,
      curve.subarray(from, to),
      Float64Array.from(discounts.subarray(from, to)),
    );
  }
}

function joined(all: readonly KnotCurves[]): KnotCurves {
  const total = all.reduce((sum, { support }) => sum + support.length, 0);
  const curves = {
    logs: new Float32Array(total * KNOTS.length),
    ratios: new Float32Array(total * QUANTILES.length),
    support: new Float64Array(total),
  };
  let at = 0;
  for (const { logs, ratios, support } of all) {
    curves.logs.set(logs, at * KNOTS.length);
    curves.ratios.set(ratios, at * QUANTILES.length);
    curves.support.set(support, at);
    at += support.length;
  }
  return curves;
}

/** Article, market and week of curves. */
function keysOf({ keys, weeks }: SeriesCurves, curve: Uint32Array): Batch {
  const text = (name: string): Column => {
    const { values, dictionary } = keys.strings(name);
    return stringColumn(
      Int32Array.from(curve, (one) => values[Math.floor(one / weeks.length)]!),
      dictionary,
    );
  };
  return new Batch({
    article: text('article'),
    market: text('market'),
    week: dateColumn(Int32Array.from(curve, (one) => weeks[one % weeks.length]!)),
  });
}
