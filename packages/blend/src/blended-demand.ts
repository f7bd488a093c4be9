import {
  Batch,
  dateColumn,
  float64Column,
  sliceRows,
  stringColumn,
  throwIfAborted,
  weeksBetween,
  type ArtifactWriter,
  type Column,
  type CurveRequest,
  type FittedModel,
  type ForecastRequest,
  type Scenarios,
} from '@hemline/core';
import { KNOTS, QUANTILES, setLogKnots, ShapedCurves, type PriceResponse } from '@hemline/features';
import { BLEND_CURVES, blendTable } from './forecast/blend-table.ts';
import { joinParts, type AskedPart, type JoinedSeries } from './forecast/join-parts.ts';
import type { Intervals } from './intervals.ts';
import { quantileAt } from './intervals.ts';
import { segmentOf } from './weights/segments.ts';

/** Rows of curves that are evaluated at once. */
const TABLE_ROWS = 4096;
/** Log of a demand of next to nothing: that of none at all is no number. */
const MOST_LOG = 25;

/** All that a training of a blend leaves. */
export interface BlendState {
  /** Fitted parts; the first is the baseline. */
  readonly parts: readonly AskedPart[];
  /** By segment, then by part. */
  readonly weights: readonly Float64Array[];
  readonly intervals: Intervals;
  /** What curves take their course from; null where that of the parts is kept. */
  readonly response: PriceResponse | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly insights: Readonly<Record<string, Batch>>;
}

/** A weighted sum of fitted models. */
export class BlendedDemand implements FittedModel {
  readonly metrics: Readonly<Record<string, number>>;
  readonly insights: Readonly<Record<string, Batch>>;
  readonly #state: BlendState;
  /** Of the curve at hand. */
  readonly #logs = new Float64Array(KNOTS.length);

  /** @param state what was learnt; its parts are disposed of with the blend */
  constructor(state: BlendState) {
    this.#state = state;
    this.metrics = state.metrics;
    this.insights = state.insights;
  }

  async *predict(request: ForecastRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    const { scenarios } = request;
    if (scenarios.kind === 'planned') yield* this.#planned(request, scenarios);
    else yield* this.#grid(request, scenarios);
  }

  async *curves(request: CurveRequest): AsyncGenerator<Batch> {
    throwIfAborted(request.signal);
    yield* this.#tables(request, request.batchRows);
  }

  async save(artifact: ArtifactWriter): Promise<void> {
    const { parts, weights, intervals, response, insights } = this.#state;
    const metrics = Object.entries(this.metrics);
    await artifact.writeJson('blend', {
      parts: parts.map(({ name, model }) => ({ name, member: model.name })),
      weights: weights.map((of) => [...of]),
      intervals: intervals.toJson(),
      hasResponse: response !== null,
      // JSON has no NaN: a metric that nothing was observed for is left out.
      metrics: Object.fromEntries(metrics.filter(([, value]) => Number.isFinite(value))),
      insights: Object.keys(insights),
    });
    for (const [name, table] of Object.entries(insights)) await artifact.writeTable(`insight-${name}`, table);
    await response?.save(artifact, 'response');
    for (const { name, fitted } of parts) await fitted.save(artifact.nested(name));
  }

  dispose(): void {
    for (const { fitted } of this.#state.parts) fitted.dispose();
  }

  /** Through the curves, so that both say the same. */
  async *#grid(
    request: ForecastRequest,
    { weeks, discounts, plan }: Extract<Scenarios, { kind: 'grid' }>,
  ): AsyncGenerator<Batch> {
    const { batchRows } = request;
    const rows = Math.max(1, Math.min(TABLE_ROWS, Math.floor(batchRows / discounts.length)));
    for await (const table of this.#tables({ ...request, weeks, plan }, rows)) {
      const batch = BLEND_CURVES.evaluate(table, discounts);
      if (batch.length <= batchRows) yield batch;
      else
        for (let start = 0; start < batch.length; start += batchRows)
          yield sliceRows(batch, start, Math.min(batch.length, start + batchRows));
    }
  }

  /** Blended curves, in tables of at most so many rows. */
  async *#tables(request: CurveRequest, rows: number): AsyncGenerator<Batch> {
    const { items, weeks, cutoff, signal } = request;
    const ahead = weeks.map((week) => weeksBetween(cutoff, week));
    const { response } = this.#state;
    const shaped = response === null ? null : new ShapedCurves(response, request);
    let table = new TableRows(items, Math.min(rows, items.length * weeks.length));
    for await (const series of joinParts(this.#state.parts, request))
      for (let week = 0; week < weeks.length; week++) {
        this.#fill(table, series, week, { week: weeks[week]!, ahead: ahead[week]!, shaped });
        if (table.length < rows) continue;
        throwIfAborted(signal);
        yield table.build();
        table = new TableRows(items, rows);
      }
    if (table.length > 0) yield table.build();
  }

  #fill(
    table: TableRows,
    { item, values, support }: JoinedSeries,
    at: number,
    {
      week,
      ahead,
      shaped,
    }: { readonly week: number; readonly ahead: number; readonly shaped: ShapedCurves | null },
  ): void {
    const { parts, weights, intervals } = this.#state;
    const own = weights[segmentOf(ahead, support[0]![at]!)]!;
    let most = 0;
    parts.forEach((_, part) => {
      if (own[part]! > 0) most = Math.max(most, support[part]![at]!);
    });
    const logs = this.#logs;
    for (let knot = 0; knot < KNOTS.length; knot++) {
      let units = 0;
      parts.forEach(({ model }, part) => {
        const value = model.curves === undefined ? at : at * KNOTS.length + knot;
        units += own[part]! * values[part]![value]!;
      });
      logs[knot] = Math.max(-MOST_LOG, Math.log(units));
    }
    shaped?.shape(logs, item, at);
    setLogKnots((knot) => logs[knot]!, table.logs, table.length);
    const { spread, scores } = intervals.of(ahead, levelOf(parts[0]!, values[0]!, at));
    table.add(item, week, { support: most, spread, scores });
  }

  async *#planned(
    request: ForecastRequest,
    { rows }: Extract<Scenarios, { kind: 'planned' }>,
  ): AsyncGenerator<Batch> {
    const { parts, weights, intervals } = this.#state;
    const { cutoff, batchRows, signal } = request;
    const forecasts = await Promise.all(parts.map((part) => askPlanned(part, request, rows.length)));
    const ahead = rows.weeks('week').map((week) => weeksBetween(cutoff, week));
    const keys = rows.select(['article', 'market', 'week', 'discount']);
    for (let start = 0; start < rows.length; start += batchRows) {
      throwIfAborted(signal);
      const batch = sliceRows(keys, start, Math.min(rows.length, start + batchRows));
      const [demand, support] = [new Float64Array(batch.length), new Float64Array(batch.length)];
      const quantiles = QUANTILES.map(() => new Float64Array(batch.length));
      for (let i = 0; i < batch.length; i++) {
        const row = start + i;
        const own = weights[segmentOf(ahead[row]!, forecasts[0]!.support[row]!)]!;
        forecasts.forEach((of, part) => {
          if (own[part] === 0) return;
          demand[i]! += own[part]! * of.demand[row]!;
          support[i] = Math.max(support[i]!, of.support[row]!);
        });
        const { spread, scores } = intervals.of(ahead[row]!, forecasts[0]!.demand[row]!);
        scores.forEach((score, quantile) => {
          quantiles[quantile]![i] = quantileAt(demand[i]!, spread, score);
        });
      }
      yield batch.with({
        demand: float64Column(demand),
        ...Object.fromEntries(
          QUANTILES.map(({ column }, i): [string, Column] => [column, float64Column(quantiles[i]!)]),
        ),
        support: float64Column(support),
      });
    }
  }
}

/** The level that quantiles go by: what the baseline forecasts. */
function levelOf({ model }: AskedPart, values: Float64Array, at: number): number {
  return values[model.curves === undefined ? at : at * KNOTS.length]!;
}

async function askPlanned(
  { fitted }: AskedPart,
  request: ForecastRequest,
  length: number,
): Promise<{ readonly demand: Float64Array; readonly support: Float64Array }> {
  const found = { demand: new Float64Array(length), support: new Float64Array(length) };
  let next = 0;
  for await (const batch of fitted.predict(request)) {
    found.demand.set(batch.floats('demand'), next);
    found.support.set(batch.floats('support'), next);
    next += batch.length;
  }
  return found;
}

/** A table of curves that is filled row by row. */
class TableRows {
  length = 0;
  readonly logs: Float32Array;
  readonly #items: Batch;
  readonly #item: Int32Array;
  readonly #week: Int32Array;
  readonly #support: Float64Array;
  readonly #spread: Float64Array;
  readonly #scores: readonly Float64Array[];

  constructor(items: Batch, rows: number) {
    this.#items = items;
    this.logs = new Float32Array(rows * KNOTS.length);
    this.#item = new Int32Array(rows);
    this.#week = new Int32Array(rows);
    this.#support = new Float64Array(rows);
    this.#spread = new Float64Array(rows);
    this.#scores = QUANTILES.map(() => new Float64Array(rows));
  }

  /** The curve is there already. */
  add(
    item: number,
    week: number,
    row: { readonly support: number; readonly spread: number; readonly scores: readonly number[] },
  ): void {
    this.#item[this.length] = item;
    this.#week[this.length] = week;
    this.#support[this.length] = row.support;
    this.#spread[this.length] = row.spread;
    row.scores.forEach((score, i) => (this.#scores[i]![this.length] = score));
    this.length++;
  }

  build(): Batch {
    const article = this.#items.strings('article');
    const market = this.#items.strings('market');
    const item = this.#item.subarray(0, this.length);
    const spread = this.#spread.subarray(0, this.length);
    const scores = this.#scores.map((of) => of.subarray(0, this.length));
    const keys = new Batch({
      article: stringColumn(
        item.map((one) => article.values[one]!),
        article.dictionary,
      ),
      market: stringColumn(
        item.map((one) => market.values[one]!),
        market.dictionary,
      ),
      week: dateColumn(this.#week.slice(0, this.length)),
    });
    const support = this.#support.subarray(0, this.length);
    return blendTable(keys, { logs: this.logs, spread, scores, support });
  }
}
