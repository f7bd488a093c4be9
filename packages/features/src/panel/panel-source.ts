import {
  Batch,
  boundBatches,
  collect,
  concatBatches,
  ConfigurationError,
  itemsOf,
  KeyIndex,
  memoryTable,
  missingColumn,
  SERIES_KEY,
  sliceRows,
  takeRows,
  throwIfAborted,
  toPanel,
  type Column,
  type Panel,
  type Schema,
  type Table,
  type Week,
} from '@hemline/core';
import { fillWeeks, type FilledPanel } from './filled-panel.ts';
import { SeriesRuns } from './series-runs.ts';

/** Rows of a panel that is handed out, about: whole series, so it may have more. */
const PANEL_ROWS = 262_144;
/** Rows that are held at the same time where series are not together. */
const MOST_ROWS = 20_000_000;

/** The tables that panels are made of. */
export interface PanelTables {
  /** History: rows up to the cutoff. */
  readonly weekly: Table;
  /** What is planned for the weeks after it, in the columns that are known ahead. */
  readonly plan?: Batch | null;
  readonly articles?: Table;
  readonly markets?: Table;
  /** Series with their attributes, in place of `articles` and `markets`; series that are not there have none. */
  readonly items?: Batch;
}

/** How panels are read. */
export interface PanelOptions {
  /** Columns of the weekly table besides article, market and week. */
  readonly columns: readonly string[];
  /** Attributes of the series to join: roles of the articles, or covariates of articles and markets. */
  readonly attributes: readonly string[];
  /** Series are filled at least to this week. */
  readonly until?: Week;
  /** Rows of a panel, about. */
  readonly panelRows?: number;
  readonly signal?: AbortSignal;
}

/**
 * Panels of one partition, a few series at a time, in bounded memory: where the rows of a series stand together, one panel
 * and one batch are held; else the whole partition, up to 20 million rows.
 */
export class PanelSource {
  /** One row a series, in the order of the data: `article`, `market`, attributes. */
  readonly series: Batch;
  readonly #tables: PanelTables;
  readonly #runs: SeriesRuns;
  readonly #index = new KeyIndex(SERIES_KEY);
  readonly #plan: Panel | null;
  readonly #planIndex = new KeyIndex(SERIES_KEY);

  private constructor(tables: PanelTables, series: Batch, runs: SeriesRuns) {
    this.#tables = tables;
    this.series = series;
    this.#runs = runs;
    this.#index.add(series);
    this.#plan = tables.plan === undefined || tables.plan === null ? null : toPanel(tables.plan);
    if (this.#plan !== null) this.#planIndex.add(this.#plan.series);
  }

  /**
   * Reads the attributes, and once the keys of the weekly rows unless the table has an index of its series.
   * @param tables of one partition
   * @param signal stops the reading
   * @returns the source
   * @throws DataError for articles or markets of the weekly rows that their tables do not know
   */
  static async open(tables: PanelTables, signal?: AbortSignal): Promise<PanelSource> {
    const runs = new SeriesRuns();
    if (tables.weekly.series !== undefined) runs.add(tables.weekly.series.keys);
    else for await (const batch of tables.weekly.batches({ columns: SERIES_KEY, signal })) runs.add(batch);
    const keys = [
      ...(runs.rows === 0 ? [] : [runs.keys()]),
      ...(tables.plan ? [tables.plan.select(SERIES_KEY)] : []),
    ];
    if (keys.length === 0) keys.push(runs.keys());
    if (tables.items !== undefined)
      return new PanelSource(tables, attributesFrom(tables.items, concatBatches(keys)), runs);
    const all = memoryTable('weekly', keys);
    return new PanelSource(tables, await itemsOf(all, tables.articles, tables.markets), runs);
  }

  /**
   * Reads the panels.
   * @param options columns, attributes, until when
   * @yields panels of whole series, in the order of the data; then those of series that are only planned
   * @throws ConfigurationError when the rows of a series are scattered over more than memory should hold
   */
  async *panels(options: PanelOptions): AsyncGenerator<FilledPanel> {
    const { columns, signal, panelRows = PANEL_ROWS } = options;
    const read = { columns: [...new Set([...SERIES_KEY, 'week', ...columns])], signal };
    const seen = new KeyIndex(SERIES_KEY);
    const batches = this.#runs.isTogether
      ? wholeSeries(this.#tables.weekly.batches(read), panelRows)
      : this.#everything(read);
    for await (const batch of batches) {
      throwIfAborted(signal);
      if (batch.length === 0) continue;
      const panel = toPanel(batch);
      seen.add(panel.series);
      yield this.#finish(this.#withPlan(panel, batch), options);
    }
    yield* this.#onlyPlanned(seen, read.columns, options);
  }

  async *#everything(read: { columns: readonly string[]; signal?: AbortSignal }): AsyncGenerator<Batch> {
    if (this.#runs.rows > MOST_ROWS) {
      throw new ConfigurationError(
        'the rows of a series are scattered over a partition that is too large to sort',
        {
          expected: `rows of one series together, or at most ${MOST_ROWS} rows a partition`,
          found: `${this.#runs.rows} rows`,
          remedy:
            'Write the data anew with `hemline repartition`, which sorts it by article, market and week.',
        },
      );
    }
    yield await collect(this.#tables.weekly, read);
  }

  /** Adds the planned rows of the series of a panel. */
  #withPlan(panel: Panel, batch: Batch): Panel {
    if (this.#plan === null) return panel;
    const found = this.#planIndex.find(panel.series);
    const rows = rowsOf(this.#plan, found);
    return rows.length === 0
      ? panel
      : toPanel(concatBatches([panel.rows, alike(takeRows(this.#plan.rows, rows), batch)]));
  }

  /** Articles that were never sold: what is planned of them is all there is. */
  async *#onlyPlanned(
    seen: KeyIndex,
    columns: readonly string[],
    options: PanelOptions,
  ): AsyncGenerator<FilledPanel> {
    if (this.#plan === null) return;
    const unknown = seen.find(this.#plan.series);
    const rows = rowsOf(
      this.#plan,
      Int32Array.from(unknown, (key, series) => (key === -1 ? series : -1)),
    );
    if (rows.length === 0) return;
    const schema = this.#tables.weekly.schema;
    const template = { names: columns, schema };
    yield this.#finish(toPanel(alike(takeRows(this.#plan.rows, rows), template)), options);
  }

  #finish(panel: Panel, { attributes, until }: PanelOptions): FilledPanel {
    const rows = Uint32Array.from(this.#index.find(panel.series));
    const joined = takeRows(this.series, rows);
    const columns = new Map<string, Column>(panel.series.columns);
    for (const name of attributes) if (!columns.has(name)) columns.set(name, joined.column(name));
    return fillWeeks({ ...panel, series: new Batch(columns, rows.length) }, { until });
  }
}

/** The series of some rows, with the attributes that items have. */
function attributesFrom(items: Batch, rows: Batch): Batch {
  const known = new KeyIndex(SERIES_KEY);
  known.add(items);
  const index = new KeyIndex(SERIES_KEY);
  index.add(rows);
  const [article, market] = index.toColumns();
  const series = new Batch({ article: article!, market: market! }, index.size);
  const found = known.find(series);
  // A row more, without values, for series that are not among the items.
  const others = items.names.filter((name) => name !== 'article' && name !== 'market');
  const nothing = new Batch(
    Object.fromEntries(
      others.map((name) => [name, missingColumn({ name, type: items.column(name).type }, 1)]),
    ),
    1,
  );
  const all = concatBatches([items.select(others), nothing]);
  const attributes = takeRows(
    all,
    Uint32Array.from(found, (row) => (row === -1 ? items.length : row)),
  );
  return series.with(Object.fromEntries(attributes.columns));
}

/** Batches of whole series, each of about `rows` rows. */
async function* wholeSeries(batches: AsyncIterable<Batch>, rows: number): AsyncGenerator<Batch> {
  let held: Batch[] = [];
  let count = 0;
  for await (const batch of boundBatches(batches, rows)) {
    held.push(batch);
    count += batch.length;
    if (count < rows) continue;
    const joined = concatBatches(held);
    const last = startOfLastSeries(joined);
    if (last === 0) {
      held = [joined];
      continue;
    }
    yield sliceRows(joined, 0, last);
    held = [sliceRows(joined, last)];
    count = joined.length - last;
  }
  if (held.length > 0) yield concatBatches(held);
}

function startOfLastSeries(batch: Batch): number {
  const keys = new KeyIndex(SERIES_KEY).add(batch);
  let start = keys.length - 1;
  while (start > 0 && keys[start - 1] === keys[start]) start--;
  return start;
}

/** Rows of some series of a panel; −1 is none. */
function rowsOf({ offsets }: Panel, series: Int32Array): Uint32Array {
  let count = 0;
  for (const s of series) if (s !== -1) count += offsets[s + 1]! - offsets[s]!;
  const rows = new Uint32Array(count);
  let at = 0;
  for (const s of series) {
    if (s === -1) continue;
    for (let row = offsets[s]!; row < offsets[s + 1]!; row++) rows[at++] = row;
  }
  return rows;
}

/** The columns of other rows, missing where the plan does not have them. */
function alike(plan: Batch, like: { readonly names: readonly string[]; readonly schema: Schema }): Batch {
  const columns = like.names.map((name): [string, Column] => {
    if (plan.has(name)) return [name, plan.column(name)];
    return [
      name,
      missingColumn(
        like.schema.fields.find((each) => each.name === name)!,
        plan.length,
      ),
    ];
  });
  return new Batch(new Map(columns), plan.length);
}
