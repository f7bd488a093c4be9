import {
  DataError,
  DAYS_PER_WEEK,
  formatWeek,
  KeyIndex,
  SERIES_KEY,
  throwIfAborted,
  type Batch,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import { PanelSource, selectSeries, seriesHash, type FilledPanel } from '@hemline/features';
import { take, type Examples } from '../learned/examples.ts';
import { scoreOf } from '../learned/link.ts';
import type { Hyperparameters } from './hyperparameters.ts';
import type { Inputs } from './inputs.ts';
import { wholeWeeks } from './weekly-demand.ts';

/** Rows that there is room for at first. */
const ROOM = 4096;

/** Examples, and the mean of demand over all of them. */
export interface DemandExamples {
  readonly examples: Examples;
  readonly overall: number;
}

/**
 * One example for every observed week, each seen from another distance in turn: from the week before, from two weeks before, and
 * so on up to the horizon. In an order that does not depend on that of the data.
 * @param job cutoff, signal, progress
 * @param tables up to the cutoff
 * @param inputs of the learner
 * @param hyperparameters horizon, how much to learn from
 * @returns the examples
 * @throws DataError when there is no week with demand and a discount
 * @throws InterruptedError when the signal is raised
 */
export async function readExamples(
  { cutoff, signal, onProgress }: TrainingJob,
  tables: Tables,
  inputs: Inputs,
  { horizon, maximumSeries, validationShare }: Hyperparameters,
): Promise<DemandExamples> {
  throwIfAborted(signal);
  const { set } = inputs;
  const weekly = wholeWeeks(tables.get('weekly'));
  const source = await PanelSource.open(
    { weekly, articles: tables.find('articles'), markets: tables.find('markets') },
    signal,
  );
  const options = { columns: columnsOf(inputs), attributes: set.inputs.attributes, signal };
  const totals = set.totals(cutoff);
  if (set.needsTotals) for await (const panel of source.panels(options)) totals.add(panel);
  const share = maximumSeries / Math.max(1, source.series.length);
  const found = new GrowingExamples(inputs.width, validationShare);
  let done = 0;
  for await (const panel of source.panels(options)) {
    throwIfAborted(signal);
    done += panel.series.length;
    const some = selectSeries(panel, (series) => share >= 1 || hashOf(panel.series, series) < share);
    const discounts = some.rows.floats('discount');
    const demand = some.rows.floats('demand');
    const begin = found.begin(some.series);
    leadTimes(horizon).forEach((leadTime, turn, all) => {
      const features = set.transform(some, { cutoff, leadTime, totals });
      forEachRow(some, (series, row) => {
        const isSeen = Math.floor(some.weeks[row]! / DAYS_PER_WEEK) % all.length === turn;
        if (!isSeen || some.observed[row] === 0 || Number.isNaN(discounts[row]!)) return;
        const level = inputs.level(features, row, NaN);
        // Of what nothing was known there is nothing to learn.
        if (Number.isNaN(level)) return;
        const to = found.add(begin[series]!, some.weeks[row]!, demand[row]!, scoreOf('log', level));
        const facts = { level, weeksAhead: leadTime, discount: discounts[row]! };
        inputs.write(features, row, facts, found.columns, to);
      });
    });
    onProgress?.({ phase: 'reading weekly', done, total: source.series.length, unit: 'series' });
  }
  if (!(found.sum > 0))
    throw new DataError('there is no demand to learn from', {
      expected: `weeks with demand and a discount, up to ${formatWeek(cutoff)}, of series with weeks before them`,
      found: `none in ${source.series.length} series`,
      where: { table: 'weekly', column: 'demand' },
      remedy: 'Choose a later cutoff, or data that goes back further.',
    });
  return { examples: found.sorted(), overall: found.sum / found.length };
}

/**
 * @param inputs of the learner
 * @returns columns of the weekly table that are read
 */
export function columnsOf({ set }: Inputs): string[] {
  return [...new Set(['demand', 'discount', ...set.inputs.past, ...set.inputs.future])];
}

/** Distances, in weeks, closer together where they are short. */
function leadTimes(horizon: number): number[] {
  return [1, 2, 4, 7, 11, 16, 21, 26, 39, 52].filter((weeks) => weeks <= horizon);
}

function forEachRow(panel: FilledPanel, visit: (series: number, row: number) => void): void {
  for (let series = 0; series < panel.series.length; series++)
    for (let row = panel.offsets[series]!; row < panel.offsets[series + 1]!; row++) visit(series, row);
}

function hashOf(series: Batch, row: number): number {
  const [article, market] = SERIES_KEY.map((name) => {
    const { values, dictionary } = series.strings(name);
    return dictionary[values[row]!]!;
  });
  return seriesHash(article!, market!);
}

/** Examples as they come. */
class GrowingExamples {
  readonly #index = new KeyIndex(SERIES_KEY);
  readonly #validationShare: number;
  #series = new Int32Array(ROOM);
  #weeks = new Int32Array(ROOM);
  #label = new Float32Array(ROOM);
  #offset = new Float32Array(ROOM);
  columns: Float32Array[];
  length = 0;
  /** Of the labels. */
  sum = 0;

  constructor(width: number, validationShare: number) {
    this.#validationShare = validationShare;
    this.columns = Array.from({ length: width }, () => new Float32Array(ROOM));
  }

  /** Numbers of the series of a panel. */
  begin(series: Batch): Int32Array {
    return this.#index.add(series);
  }

  /** Gives the row whose inputs are to be written. */
  add(series: number, week: number, label: number, offset: number): number {
    const row = this.length++;
    if (row === this.#series.length) this.#grow();
    this.#series[row] = series;
    this.#weeks[row] = week;
    this.#label[row] = label;
    this.#offset[row] = offset;
    this.sum += label;
    return row;
  }

  /** By name of the series and week. */
  sorted(): Examples {
    const { names, held } = this.#names();
    const order = Uint32Array.from({ length: this.length }, (_, row) => row).sort(
      (a, b) => names[this.#series[a]!]! - names[this.#series[b]!]! || this.#weeks[a]! - this.#weeks[b]!,
    );
    return take(
      {
        columns: this.columns,
        label: this.#label,
        weight: new Float32Array(this.#label.length).fill(1),
        offset: this.#offset,
        held: Uint8Array.from(this.#series, (series) => held[series] ?? 0),
      },
      order,
    );
  }

  /** Place of each series among the sorted names, and whether its examples are kept apart: those of whole series are. */
  #names(): { readonly names: Uint32Array; readonly held: Uint8Array } {
    const texts = Array.from({ length: this.#index.size }, (_, key) =>
      SERIES_KEY.map((_name, column) => this.#index.text(key, column)).join('\u0000'),
    );
    const names = new Uint32Array(texts.length);
    [...texts.keys()]
      .sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1))
      .forEach((series, place) => (names[series] = place));
    const held = Uint8Array.from(texts, (text) => {
      const [article, market] = text.split('\u0000') as [string, string];
      return seriesHash(market, article) < this.#validationShare ? 1 : 0;
    });
    return { names, held };
  }

  #grow(): void {
    const room = 2 * this.#series.length;
    const larger = <A extends Int32Array | Float32Array>(values: A, array: A): A => {
      array.set(values);
      return array;
    };
    this.#series = larger(this.#series, new Int32Array(room));
    this.#weeks = larger(this.#weeks, new Int32Array(room));
    this.#label = larger(this.#label, new Float32Array(room));
    this.#offset = larger(this.#offset, new Float32Array(room));
    this.columns = this.columns.map((values) => larger(values, new Float32Array(room)));
  }
}
