import {
  KeyIndex,
  SERIES_KEY,
  float64Column,
  weeksBetween,
  type Tables,
  type TrainingJob,
  type Week,
} from '@hemline/core';
import { DemandHistory, knownYear, readDemandPanels, type FilledPanel } from '@hemline/features';
import { attributesOf, weeklyColumns, type DatasetColumns } from './dataset-columns.ts';

/** Panels, and what demand behind sales is estimated by. */
export interface KnownPast {
  readonly panels: readonly FilledPanel[];
  readonly history: DemandHistory;
}

/** What is known up to the cutoff of a training, and what was known before it. */
export class Past {
  readonly columns: DatasetColumns;
  readonly panels: readonly FilledPanel[];
  /** From the first to the last known one. */
  readonly weeks: number;
  readonly #job: TrainingJob;
  readonly #tables: Tables;
  readonly #history: DemandHistory;
  readonly #maximumSeries: number;

  private constructor(
    job: TrainingJob,
    tables: Tables,
    columns: DatasetColumns,
    known: KnownPast,
    weeks: number,
    maximumSeries: number,
  ) {
    this.weeks = weeks;
    this.#job = job;
    this.#tables = tables;
    this.columns = columns;
    this.panels = known.panels;
    this.#history = known.history;
    this.#maximumSeries = maximumSeries;
  }

  /**
   * @param job cutoff, signal, progress
   * @param tables up to the cutoff
   * @param columns of the dataset
   * @param maximumSeries that are learnt from
   * @returns the past
   * @throws DataError when no series has demand up to the cutoff
   */
  static async read(
    job: TrainingJob,
    tables: Tables,
    columns: DatasetColumns,
    maximumSeries: number,
  ): Promise<Past> {
    const known = await read(job, tables, columns, maximumSeries);
    const weeks = weeksOf(known.panels, job.cutoff);
    const learnt = { ...columns, planned: knownYear(columns.planned, known.panels, job.cutoff) };
    return new Past(job, tables, learnt, known, weeks, maximumSeries);
  }

  /** Whether demand is estimated from sales, which takes longer than to grow trees. */
  get isEstimated(): boolean {
    return this.#history.recovers;
  }

  /** Weeks of series with demand. */
  get knownWeeks(): number {
    return this.panels.reduce(
      (sum, { observed }) => sum + observed.reduce((count, one) => count + one, 0),
      0,
    );
  }

  /**
   * What was known at an earlier week. Where demand is estimated from sales, it is estimated anew from nothing later.
   * @param cutoff at or before that of the training
   * @returns panels with the same rows, whose demand up to the cutoff is as it was known then; what is planned is there after it too
   */
  async asOf(cutoff: Week): Promise<KnownPast> {
    if (cutoff === this.#job.cutoff || !this.#history.recovers)
      return { panels: this.panels, history: this.#history };
    const job = { cutoff, seed: this.#job.seed, signal: this.#job.signal };
    const then = await read(job, this.#tables.asOf(cutoff), this.columns, this.#maximumSeries);
    return { panels: withDemand(this.panels, then.panels), history: then.history };
  }
}

async function read(
  job: TrainingJob,
  tables: Tables,
  columns: DatasetColumns,
  maximumSeries: number,
): Promise<KnownPast> {
  const history = await DemandHistory.fit(tables, job.cutoff, job.signal);
  const panels = await readDemandPanels(job, {
    ...{ tables, history, maximumSeries },
    columns: (there) => weeklyColumns(there, columns),
    attributes: attributesOf(columns),
  });
  return { panels, history };
}

function weeksOf(panels: readonly FilledPanel[], cutoff: Week): number {
  let first = Infinity;
  for (const { weeks, observed } of panels)
    weeks.forEach((week, row) => {
      if (observed[row] === 1 && week < first) first = week;
    });
  return weeksBetween(first, cutoff) + 1;
}

/** Panels with the demand that other panels of the same series have, missing where these have no row. */
function withDemand(panels: readonly FilledPanel[], others: readonly FilledPanel[]): FilledPanel[] {
  const index = new KeyIndex(SERIES_KEY);
  const places: { readonly panel: number; readonly series: number }[] = [];
  // Once a panel: what may have to be copied is long.
  const demands = others.map(({ rows }) => rows.floats('demand'));
  others.forEach((other, panel) => {
    index.add(other.series).forEach((key, series) => (places[key] = { panel, series }));
  });
  return panels.map((panel) => {
    const demand = new Float64Array(panel.rows.length).fill(NaN);
    index.find(panel.series).forEach((key, series) => {
      const place = key === -1 ? undefined : places[key];
      if (place === undefined) return;
      const { offsets, weeks } = others[place.panel]!;
      const values = demands[place.panel]!;
      const [from, to] = [offsets[place.series]!, offsets[place.series + 1]!];
      const first = panel.offsets[series]! + weeksBetween(panel.weeks[panel.offsets[series]!]!, weeks[from]!);
      for (let row = from; row < to; row++) demand[first + row - from] = values[row]!;
    });
    return { ...panel, rows: panel.rows.with({ demand: float64Column(demand) }) };
  });
}
