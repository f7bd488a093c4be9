import { isValid, type Batch, type Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { joinedNumbers } from './joined-numbers.ts';

/** Weeks of some series, one after the other without gaps, as flat columns. Missing numbers are NaN. */
export interface ResponseRows {
  /** Series s owns the rows from `offsets[s]` to before `offsets[s + 1]`. */
  readonly offsets: Uint32Array;
  readonly weeks: Int32Array;
  /** Units; NaN where not known. */
  readonly demand: Float64Array;
  /** Share of the black price; NaN where not known. */
  readonly discount: Float64Array;
  readonly blackPrice: Float64Array;
  /** Units at the start of the week. */
  readonly stock: Float64Array;
  /** Probability with which the week's discount was drawn; NaN where it was not. */
  readonly propensity: Float64Array;
  /** Name of the experiment, null where there was none. */
  readonly experiment: readonly (string | null)[];
  /** Covariates that are known ahead, by name. */
  readonly planned: ReadonlyMap<string, Float64Array>;
  /** By series: first week on sale and last of the season, in days; NaN where not known. */
  readonly launch: Float64Array;
  readonly seasonEnd: Float64Array;
}

/** Columns of the weekly table that are read where it has them, besides planned covariates. */
export const RESPONSE_COLUMNS = [
  'demand',
  'discount',
  'blackPrice',
  'stock',
  'propensity',
  'experiment',
] as const;

/**
 * Lays panels out as flat columns, without what was known only after the cutoff.
 * @param panels with a row in every week, with columns of {@link RESPONSE_COLUMNS} as far as they are there
 * @param planned names of numeric covariates that are known ahead
 * @param cutoff the last known week
 * @returns their rows up to the cutoff
 */
export function responseRows(
  panels: readonly FilledPanel[],
  planned: readonly string[],
  cutoff: Week,
): ResponseRows {
  const kept = panels.map(({ weeks }) => knownRows(weeks, cutoff));
  const numbers = (name: string): Float64Array =>
    joinedNumbers(panels.map(({ rows }, i) => numbersOf(rows, name, kept[i]!)));
  const ofSeries = (name: string): Float64Array =>
    joinedNumbers(panels.map(({ series }) => numbersOf(series, name, everyRow(series.length))));
  const offsets: number[] = [0];
  panels.forEach((panel) => {
    for (let s = 0; s < panel.series.length; s++) {
      let count = 0;
      for (let row = panel.offsets[s]!; row < panel.offsets[s + 1]!; row++)
        if (panel.weeks[row]! <= cutoff) count++;
      offsets.push(offsets.at(-1)! + count);
    }
  });
  return {
    offsets: Uint32Array.from(offsets),
    weeks: Int32Array.from(joinedNumbers(panels.map(({ weeks }, i) => pick(weeks, kept[i]!)))),
    demand: numbers('demand').map((units) => Math.max(0, units)),
    discount: numbers('discount').map((share) => (share >= 0 && share < 1 ? share : NaN)),
    blackPrice: numbers('blackPrice').map((price) => (price > 0 ? price : NaN)),
    stock: numbers('stock'),
    propensity: numbers('propensity').map((chance) => (chance > 0 && chance <= 1 ? chance : NaN)),
    experiment: panels.flatMap(({ rows }, i) => textsOf(rows, 'experiment', kept[i]!)),
    planned: new Map(planned.map((name) => [name, numbers(name)])),
    launch: ofSeries('launchWeek'),
    seasonEnd: ofSeries('seasonEndWeek'),
  };
}

function knownRows(weeks: Int32Array, cutoff: Week): Uint32Array {
  const known: number[] = [];
  for (let row = 0; row < weeks.length; row++) if (weeks[row]! <= cutoff) known.push(row);
  return Uint32Array.from(known);
}

function everyRow(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, row) => row);
}

function pick(values: ArrayLike<number>, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function numbersOf(batch: Batch, name: string, rows: Uint32Array): Float64Array {
  if (!batch.has(name)) return new Float64Array(rows.length).fill(NaN);
  const column = batch.column(name);
  return Float64Array.from(rows, (row) => (isValid(column, row) ? Number(column.values[row]) : NaN));
}

function textsOf(batch: Batch, name: string, rows: Uint32Array): (string | null)[] {
  if (!batch.has(name)) return Array.from(rows, () => null);
  const column = batch.strings(name);
  return Array.from(rows, (row) => (isValid(column, row) ? column.dictionary[column.values[row]!]! : null));
}
