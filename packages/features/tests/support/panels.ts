import {
  Batch,
  dateColumn,
  float64Column,
  parseWeek,
  stringsToColumn,
  toPanel,
  validityWithout,
  type Panel,
} from '@hemline/core';
import { SeededRandom } from './random.ts';

/** First week of the random panels. */
export const FIRST_WEEK = parseWeek('2022-01-03');

/** Attributes of a series. */
export const GROUPS = ['shirt', 'dress', 'coat'];

/** What a random panel looks like. */
export interface PanelShape {
  readonly series: number;
  readonly weeks: number;
  /** Share of weeks without a row, and of rows without a value. */
  readonly missing: number;
}

/**
 * A panel with gaps, missing values, zeros, series of one row, and series without a value.
 * @param seed of the random numbers
 * @param shape how large
 * @returns the panel, its series with the attribute `group`
 */
export function randomPanel(seed: number, shape: PanelShape): Panel {
  const source = new SeededRandom(seed);
  const random = (): number => source.uniform();
  const rows: { series: number; week: number }[] = [];
  for (let series = 0; series < shape.series; series++) {
    const kind = series % 8;
    const length = kind === 0 ? 1 : 1 + Math.floor(random() * shape.weeks);
    const start = Math.floor(random() * (shape.weeks - length + 1));
    for (let i = 0; i < length; i++)
      if (i === 0 || random() > shape.missing) rows.push({ series, week: FIRST_WEEK + 7 * (start + i) });
  }
  const panel = toPanel(
    new Batch({
      article: stringsToColumn(rows.map(({ series }) => `a${series >> 1}`)),
      market: stringsToColumn(rows.map(({ series }) => (series % 2 === 0 ? 'DE' : 'AT'))),
      week: dateColumn(Int32Array.from(rows, ({ week }) => week)),
      demand: values(rows, random, shape.missing, () => Math.max(0, Math.floor(12 * random() - 3))),
      stock: values(rows, random, shape.missing / 2, () => Math.floor(60 * random())),
      discount: values(rows, random, 0, () => Math.floor(8 * random()) / 10),
    }),
  );
  const article = panel.series.strings('article');
  const group = stringsToColumn(
    Array.from(article.values, (code) => GROUPS[Number(article.dictionary[code]!.slice(1)) % GROUPS.length]!),
  );
  const weeks = (from: number): Int32Array =>
    Int32Array.from({ length: group.length }, (_, s) => FIRST_WEEK + 7 * (from + (s % 5)));
  const launchWeek = dateColumn(weeks(-3));
  // One series has no end.
  const seasonEndWeek = dateColumn(weeks(9), validityWithout(group.length, [0]));
  return { ...panel, series: panel.series.with({ group, launchWeek, seasonEndWeek }) };
}

function values(
  rows: readonly { series: number }[],
  random: () => number,
  missing: number,
  draw: () => number,
): ReturnType<typeof float64Column> {
  const empty: number[] = [];
  const drawn = Float64Array.from(rows, ({ series }, row) => {
    const value = draw();
    // Every ninth series was never observed.
    if (missing > 0 && (series % 9 === 4 || random() < missing)) empty.push(row);
    return value;
  });
  return float64Column(drawn, empty.length === 0 ? null : validityWithout(rows.length, empty));
}
