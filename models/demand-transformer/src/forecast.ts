import {
  Batch,
  ConfigurationError,
  dateColumn,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  sliceRows,
  stringColumn,
  throwIfAborted,
  weeksBetween,
  type CurveRequest,
  type ForecastRequest,
  type Scenarios,
} from '@hemline/core';
import { CURVE_WIDTH, curveTable, demandAt, demandQuantile, QUANTILES } from '@hemline/features';
import type { FittedParts } from './fit.ts';
import { joinCurves, seriesCurves, type SeriesCurves } from './series-curves.ts';

/** A fitted model, and how many series it is asked about at once. */
export type Forecaster = FittedParts & { readonly inferenceBatch: number };

/** Scenarios of one kind. */
type Of<K extends Scenarios['kind']> = Extract<Scenarios, { kind: K }>;

/**
 * Forecasts every item in every week at every discount: series after series in the order of the history, week after week,
 * discounts rising.
 * @param forecaster the model
 * @param request what to forecast
 * @param scenarios its grid
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastGrid(
  forecaster: Forecaster,
  request: ForecastRequest,
  scenarios: Of<'grid'>,
): AsyncGenerator<Batch> {
  const { weeks, discounts, plan } = scenarios;
  const ahead = leadTimes(weeks, request.cutoff, forecaster.shape.horizon);
  const perSeries = weeks.length * discounts.length;
  for await (const some of seriesCurves(forecaster, request, plan)) {
    const total = some.support.length * perSeries;
    for (let start = 0; start < total; start += request.batchRows) {
      throwIfAborted(request.signal);
      const rows = new ForecastRows(Math.min(request.batchRows, total - start));
      for (let row = 0; row < rows.length; row++) {
        const series = Math.floor((start + row) / perSeries);
        const cell = (start + row) % perSeries;
        const week = Math.floor(cell / discounts.length);
        rows.week[row] = weeks[week]!;
        rows.fill(row, some, series, ahead[week]!, discounts[cell % discounts.length]!);
      }
      yield rows.build(some.keys);
    }
  }
}

/**
 * Forecasts every item in every week as a curve, in the order of {@link forecastGrid}.
 * @param forecaster the model
 * @param request what to forecast
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastCurves(forecaster: Forecaster, request: CurveRequest): AsyncGenerator<Batch> {
  const { weeks, plan, batchRows, signal } = request;
  const ahead = leadTimes(weeks, request.cutoff, forecaster.shape.horizon);
  for await (const some of seriesCurves(forecaster, request, plan)) {
    const total = some.support.length * weeks.length;
    for (let start = 0; start < total; start += batchRows) {
      throwIfAborted(signal);
      const length = Math.min(batchRows, total - start);
      const rows = { curves: new Float64Array(length * CURVE_WIDTH), dispersion: new Float64Array(length) };
      const series = new Int32Array(length);
      const week = new Int32Array(length);
      for (let row = 0; row < length; row++) {
        const one = Math.floor((start + row) / weeks.length);
        const at = (start + row) % weeks.length;
        const cell = one * some.horizon + ahead[at]! - 1;
        series[row] = one;
        week[row] = weeks[at]!;
        rows.curves.set(
          some.curves.subarray(cell * CURVE_WIDTH, (cell + 1) * CURVE_WIDTH),
          row * CURVE_WIDTH,
        );
        rows.dispersion[row] = some.dispersion[cell]!;
      }
      const support = Float64Array.from(series, (one) => some.support[one]!);
      yield curveTable(keysOf(some.keys, series, week), { ...rows, support });
    }
  }
}

/**
 * Forecasts exactly the planned rows, in their order.
 * @param forecaster the model
 * @param request what to forecast
 * @param scenarios its rows
 * @yields batches of at most `batchRows` rows
 */
export async function* forecastPlanned(
  forecaster: Forecaster,
  request: ForecastRequest,
  { rows: planned }: Of<'planned'>,
): AsyncGenerator<Batch> {
  if (planned.length === 0) return;
  const ahead = leadTimes(planned.weeks('week'), request.cutoff, forecaster.shape.horizon);
  const all: SeriesCurves[] = [];
  for await (const some of seriesCurves(forecaster, request, planned, planned)) all.push(some);
  const curves = joinCurves(all);
  const index = new KeyIndex(SERIES_KEY);
  index.add(curves.keys);
  const series = index.find(planned);
  const discounts = planned.floats('discount');
  for (let start = 0; start < planned.length; start += request.batchRows) {
    throwIfAborted(request.signal);
    const keys = sliceRows(planned.select(['article', 'market', 'week']), start, start + request.batchRows);
    const rows = new ForecastRows(keys.length);
    for (let row = 0; row < rows.length; row++)
      rows.fill(row, curves, series[start + row]!, ahead[start + row]!, discounts[start + row]!);
    yield keys.with(rows.columns());
  }
}

/** Weeks from the cutoff to each week. */
function leadTimes(weeks: Int32Array, cutoff: number, horizon: number): Int32Array {
  const ahead = weeks.map((week) => weeksBetween(cutoff, week));
  const most = ahead.reduce((longest, one) => Math.max(longest, one), 0);
  if (most > horizon)
    throw new ConfigurationError('the horizon is longer than what the model has learnt', {
      expected: `at most ${horizon} weeks`,
      found: `${most} weeks`,
      remedy: 'Ask for fewer weeks, or train with a larger hyperparameter "horizon".',
    });
  return ahead;
}

/** Rows that are filled one by one. */
class ForecastRows {
  readonly length: number;
  readonly week: Int32Array;
  readonly #series: Int32Array;
  readonly #discount: Float64Array;
  readonly #demand: Float64Array;
  readonly #quantiles: readonly Float64Array[];
  readonly #support: Float64Array;

  constructor(length: number) {
    this.length = length;
    this.week = new Int32Array(length);
    this.#series = new Int32Array(length);
    this.#discount = new Float64Array(length);
    this.#demand = new Float64Array(length);
    this.#quantiles = QUANTILES.map(() => new Float64Array(length));
    this.#support = new Float64Array(length);
  }

  fill(row: number, from: SeriesCurves, series: number, ahead: number, discount: number): void {
    const cell = series * from.horizon + ahead - 1;
    const demand = demandAt(from.curves, cell * CURVE_WIDTH, discount);
    this.#series[row] = series;
    this.#discount[row] = discount;
    this.#demand[row] = demand;
    QUANTILES.forEach(({ share }, i) => {
      this.#quantiles[i]![row] = demandQuantile(demand, from.dispersion[cell]!, share);
    });
    this.#support[row] = from.support[series]!;
  }

  columns(): Record<string, ReturnType<typeof float64Column>> {
    return {
      discount: float64Column(this.#discount),
      demand: float64Column(this.#demand),
      ...Object.fromEntries(QUANTILES.map(({ column }, i) => [column, float64Column(this.#quantiles[i]!)])),
      support: float64Column(this.#support),
    };
  }

  build(keys: Batch): Batch {
    return keysOf(keys, this.#series, this.week).with(this.columns());
  }
}

/** Article, market and week of rows. */
function keysOf(keys: Batch, series: Int32Array, week: Int32Array): Batch {
  const [article, market] = ['article', 'market'].map((name) => {
    const { values, dictionary } = keys.strings(name);
    return stringColumn(
      series.map((one) => values[one]!),
      dictionary,
    );
  });
  return new Batch({ article: article!, market: market!, week: dateColumn(week) });
}
