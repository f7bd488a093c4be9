import {
  addWeeks,
  type Batch,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  scenarioRows,
  takeRows,
  throwIfAborted,
  weeksBetween,
  type ForecastRequest,
  type Scenarios,
} from '@hemline/core';
import { requestPanels, type FeatureColumns, type FilledPanel } from '@hemline/features';
import { scoreOf } from '../learned/link.ts';
import type { Learner } from '../trees/learner.ts';
import type { Inputs } from './inputs.ts';
import { columnsOf } from './read-examples.ts';
import { wholeWeeks } from './weekly-demand.ts';

/** Rows of a panel, about. */
const PANEL_ROWS = 65_536;

/** A fitted model in its parts. */
export interface FittedParts {
  readonly inputs: Inputs;
  readonly learner: Learner;
  /** Mean demand of everything: the level of what nothing is known of. */
  readonly overall: number;
}

/**
 * Forecasts what is asked: features of a series and week are worked out once, then every discount is asked about.
 * @param parts of the model
 * @param request what to forecast
 * @yields batches of at most `batchRows` rows; of a grid in the order of the history, of planned rows in theirs
 */
export async function* forecast(parts: FittedParts, request: ForecastRequest): AsyncGenerator<Batch> {
  const { cutoff, items, scenarios, batchRows, signal } = request;
  throwIfAborted(signal);
  const horizon = longest(scenarios, cutoff);
  if (horizon < 1) return;
  const planned = scenarios.kind === 'planned' ? new PlannedRows(parts, scenarios.rows) : null;
  const asked = new KeyIndex(SERIES_KEY);
  asked.add(planned === null ? items : planned.rows);
  for await (const ahead of seriesAhead(parts, request, horizon)) {
    throwIfAborted(signal);
    const { series } = ahead.panel;
    const known = asked.find(series);
    const wanted = Uint32Array.from([...known.keys()].filter((one) => known[one] !== -1));
    if (planned !== null) planned.fill(ahead, cutoff);
    else
      for (const { rows, item } of scenarioRows(takeRows(series, wanted), scenarios, batchRows)) {
        throwIfAborted(signal);
        const asking = new Asking(parts, rows.length);
        const weeks = rows.weeks('week');
        const discounts = rows.floats('discount');
        for (let row = 0; row < rows.length; row++)
          asking.set(row, ahead, wanted[item[row]!]!, weeksBetween(cutoff, weeks[row]!), discounts[row]!);
        yield rows.with(asking.answer());
      }
  }
  if (planned !== null) yield* planned.batches(batchRows, signal);
}

/** Features of the weeks ahead of some series: row `series × horizon + week`. */
interface SeriesAhead {
  readonly panel: FilledPanel;
  readonly horizon: number;
  readonly features: FeatureColumns;
  /** Observed weeks of each series. */
  readonly support: Float64Array;
}

async function* seriesAhead(
  { inputs }: FittedParts,
  request: ForecastRequest,
  horizon: number,
): AsyncGenerator<SeriesAhead> {
  const { cutoff, history, scenarios } = request;
  const { set } = inputs;
  const panels = await requestPanels(
    request,
    wholeWeeks(history.get('weekly')),
    scenarios.kind === 'grid' ? scenarios.plan : scenarios.rows,
    {
      columns: columnsOf(inputs),
      attributes: set.inputs.attributes,
      until: addWeeks(cutoff, horizon),
      panelRows: PANEL_ROWS,
      ...(set.needsTotals ? { others: history } : {}),
    },
  );
  const totals = set.totals(cutoff);
  if (set.needsTotals) for await (const panel of panels()) totals.add(panel);
  for await (const panel of panels()) {
    const { columns } = set.ahead(panel, { cutoff, horizon, totals });
    yield { panel, horizon, features: columns, support: observedWeeks(panel, cutoff) };
  }
}

function observedWeeks({ series, offsets, weeks, observed }: FilledPanel, cutoff: number): Float64Array {
  return Float64Array.from({ length: series.length }, (_, one) => {
    let count = 0;
    for (let row = offsets[one]!; row < offsets[one + 1]! && weeks[row]! <= cutoff; row++)
      count += observed[row]!;
    return count;
  });
}

/** Rows that the learner is asked about. */
class Asking {
  readonly #parts: FittedParts;
  readonly #columns: readonly Float32Array[];
  readonly #offset: Float64Array;
  readonly #support: Float64Array;

  constructor(parts: FittedParts, length: number) {
    this.#parts = parts;
    this.#columns = Array.from({ length: parts.inputs.width }, () => new Float32Array(length));
    this.#offset = new Float64Array(length);
    this.#support = new Float64Array(length);
  }

  set(row: number, ahead: SeriesAhead, series: number, weeksAhead: number, discount: number): void {
    const { inputs, overall } = this.#parts;
    const from = series * ahead.horizon + weeksAhead - 1;
    const level = inputs.level(ahead.features, from, overall);
    inputs.write(ahead.features, from, { level, weeksAhead, discount }, this.#columns, row);
    this.#offset[row] = scoreOf('log', level);
    this.#support[row] = ahead.support[series]!;
  }

  /** Demand and support of the rows, or of some. */
  answer(start = 0, end: number = this.#offset.length): Record<string, ReturnType<typeof float64Column>> {
    const columns = this.#columns.map((values) => values.subarray(start, end));
    return {
      demand: float64Column(this.#parts.learner.predict(columns, this.#offset.subarray(start, end))),
      support: float64Column(this.#support.slice(start, end)),
    };
  }
}

/** Planned rows: filled as their series come by, answered in their own order. */
class PlannedRows {
  readonly rows: Batch;
  readonly #asking: Asking;
  readonly #rowsOf: readonly number[][];
  readonly #index = new KeyIndex(SERIES_KEY);

  constructor(parts: FittedParts, planned: Batch) {
    this.rows = planned.select([...SERIES_KEY, 'week', 'discount']);
    this.#asking = new Asking(parts, planned.length);
    const keys = this.#index.add(planned);
    this.#rowsOf = Array.from({ length: this.#index.size }, () => []);
    keys.forEach((key, row) => this.#rowsOf[key]!.push(row));
  }

  fill(ahead: SeriesAhead, cutoff: number): void {
    const weeks = this.rows.weeks('week');
    const discounts = this.rows.floats('discount');
    this.#index.find(ahead.panel.series).forEach((key, series) => {
      for (const row of key === -1 ? [] : this.#rowsOf[key]!)
        this.#asking.set(row, ahead, series, weeksBetween(cutoff, weeks[row]!), discounts[row]!);
    });
  }

  *batches(batchRows: number, signal: AbortSignal | undefined): Generator<Batch> {
    for (let start = 0; start < this.rows.length; start += batchRows) {
      throwIfAborted(signal);
      const end = Math.min(this.rows.length, start + batchRows);
      const rows = Uint32Array.from({ length: end - start }, (_, row) => start + row);
      yield takeRows(this.rows, rows).with(this.#asking.answer(start, end));
    }
  }
}

/** Weeks from the cutoff to the last one asked for. */
function longest(scenarios: Scenarios, cutoff: number): number {
  const weeks = scenarios.kind === 'grid' ? scenarios.weeks : scenarios.rows.weeks('week');
  return weeks.reduce((most, week) => Math.max(most, weeksBetween(cutoff, week)), 0);
}
