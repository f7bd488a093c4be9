import { CURVE_SLOPES } from '@hemline/features';
import type { BatchPart, BatchParts } from '@hemline/tensor';
import type { SeriesLevel, Windows } from './windows.ts';

/** Numbers of a past week besides its covariates: log demand over the level, known, imputed, price. The first two come first. */
export const PAST_EXTRA = 4;
/** Numbers of a series besides its attributes: level, how much is known of it. */
export const STATIC_EXTRA = 2;
/** Added to the attention's scores of weeks that must not be read. */
const HIDDEN = -1e9;

/** A window: a series as it is known up to one of its rows. */
export interface Window {
  readonly series: number;
  /** The last known row; before the series' first for a series that is yet to come. */
  readonly last: number;
  readonly level: SeriesLevel;
}

type Numbers = BatchPart['values'];

/** A part of a batch: what a window puts into it. */
export interface WindowPart {
  readonly dtype: 'float32' | 'int32';
  /**
   * @param windows they are cut from
   * @returns the shape of one window's share
   */
  shape(windows: Windows): readonly number[];
  /** What stands where a window says nothing; 0 by default. */
  readonly empty?: number;
  /**
   * @param windows they are cut from
   * @param window to read
   * @param into the window's share of the part, `empty` so far
   */
  fill(windows: Windows, window: Window, into: Numbers): void;
}

/**
 * What the network reads, under the names by which it takes it. This is the one place that says which inputs there are: batches,
 * threads, loss, forecasts and compiled graphs have them from here.
 */
export const NETWORK_INPUTS = {
  /** Covariates of past weeks, then {@link PAST_EXTRA} numbers. */
  past: {
    dtype: 'float32',
    shape: ({ shape, store }) => [shape.historyWeeks, store.plannedWidth + store.pastWidth + PAST_EXTRA],
    fill: fillPast,
  },
  /** 0 where demand of a past week is known, very negative elsewhere: shaped as attention scores are. */
  pastBias: {
    dtype: 'float32',
    shape: ({ shape }) => [1, 1, shape.historyWeeks],
    empty: HIDDEN,
    fill: (windows, window, into) =>
      forKnownPast(windows, window, (_, week) => {
        into[week] = 0;
      }),
  },
  /** Covariates of the weeks ahead. */
  planned: {
    dtype: 'float32',
    shape: ({ shape, store }) => [shape.horizon, store.plannedWidth],
    fill: (windows, { series, last }, into) => {
      const { planned, plannedWidth } = windows.store;
      const [from, to] = windows.rowsAhead(series, last);
      if (from < to)
        into.set(planned.subarray(from * plannedWidth, to * plannedWidth), (from - last - 1) * plannedWidth);
    },
  },
  /** Numeric attributes of the series, then {@link STATIC_EXTRA} numbers. */
  statics: {
    dtype: 'float32',
    shape: ({ store }) => [store.staticsWidth + STATIC_EXTRA],
    fill: ({ store: { statics, staticsWidth } }, { series, level }, into) => {
      into.set(statics.subarray(series * staticsWidth, (series + 1) * staticsWidth));
      into[staticsWidth] = level.level / 3 - 1;
      into[staticsWidth + 1] = Math.log1p(level.support) / 3;
    },
  },
  /** Categories of the series' attributes. */
  codes: {
    dtype: 'int32',
    shape: ({ store }) => [store.codesWidth],
    fill: ({ store: { codes, codesWidth } }, { series }, into) =>
      into.set(codes.subarray(series * codesWidth, (series + 1) * codesWidth)),
  },
  /** Slopes that the response to the price begins with, before softplus. */
  response: {
    dtype: 'float32',
    shape: () => [CURVE_SLOPES],
    fill: ({ store: { response } }, { series }, into) =>
      into.set(response.subarray(series * CURVE_SLOPES, (series + 1) * CURVE_SLOPES)),
  },
  /** How much of each segment of the demand curve the prices of past weeks reached. */
  pastReach: {
    dtype: 'float32',
    shape: ({ shape }) => [shape.historyWeeks, CURVE_SLOPES],
    fill: (windows, window, into) =>
      forKnownPast(windows, window, (row, week) =>
        windows.writeReach(window.level, row, into, week * CURVE_SLOPES),
      ),
  },
} as const satisfies Readonly<Record<string, WindowPart>>;

/** Names of what the network reads. */
export type InputName = keyof typeof NETWORK_INPUTS;

/** Names of what a training compares the network's answers with. */
export type TargetName = 'demand' | 'weight' | 'reach';

/**
 * What is to be learnt: the weeks ahead of a window whose demand is known.
 * @param weightPower windows weigh as black price × level to this power
 * @returns the parts
 */
export function trainingTargets(weightPower: number): Readonly<Record<TargetName, WindowPart>> {
  return {
    /** Demand over the level. */
    demand: {
      dtype: 'float32',
      shape: ({ shape }) => [shape.horizon],
      fill: (windows, window, into) => {
        const scale = Math.exp(window.level.level);
        forKnownAhead(windows, window, (row, week) => {
          into[week] = Math.expm1(windows.store.logDemand[row]!) / scale;
        });
      },
    },
    /** 0 where demand is not known. */
    weight: {
      dtype: 'float32',
      shape: ({ shape }) => [shape.horizon],
      fill: (windows, window, into) => {
        const scale = Math.exp(window.level.level);
        forKnownAhead(windows, window, (row, week) => {
          into[week] = windows.store.blackPrice[row]! * scale ** weightPower;
        });
      },
    },
    /** How much of each segment of the demand curve the price reaches. */
    reach: {
      dtype: 'float32',
      shape: ({ shape }) => [shape.horizon, CURVE_SLOPES],
      fill: (windows, window, into) =>
        forKnownAhead(windows, window, (row, week) =>
          windows.writeReach(window.level, row, into, week * CURVE_SLOPES),
        ),
    },
  };
}

/**
 * Cuts windows and puts them into parts.
 * @param windows to cut from
 * @param declared the parts wanted
 * @param series number of each window's series
 * @param rows the last known row of each; well before the series' first for one that is yet to come
 * @param size windows of the batch, at least as many; those missing are empty
 * @returns the parts under their names
 */
export function cutParts<Name extends string>(
  windows: Windows,
  declared: Readonly<Record<Name, WindowPart>>,
  series: ArrayLike<number>,
  rows: ArrayLike<number>,
  size = series.length,
): BatchParts<Name> {
  const cut = Array.from(series, (one, i): Window => ({
    series: one,
    last: rows[i]!,
    level: windows.levelOf(one, rows[i]!),
  }));
  const parts = Object.entries<WindowPart>(declared).map(([name, { dtype, shape, empty = 0, fill }]) => {
    const share = shape(windows);
    const width = share.reduce((product, length) => product * length, 1);
    const values = dtype === 'int32' ? new Int32Array(size * width) : new Float32Array(size * width);
    if (empty !== 0) values.fill(empty);
    cut.forEach((window, i) => fill(windows, window, values.subarray(i * width, (i + 1) * width)));
    return [name, { shape: [size, ...share], values } satisfies BatchPart];
  });
  return Object.fromEntries(parts) as BatchParts<Name>;
}

function fillPast(windows: Windows, { series, last, level }: Window, into: Numbers): void {
  const { historyWeeks } = windows.shape;
  const { logDemand, imputed, blackPrice, discount, planned, plannedWidth, past, pastWidth } = windows.store;
  const numbers = plannedWidth + pastWidth + PAST_EXTRA;
  const [from, to] = windows.pastRows(series, last);
  for (let row = from; row < to; row++) {
    let at = (historyWeeks - 1 - (last - row)) * numbers;
    for (let i = 0; i < plannedWidth; i++) into[at++] = planned[row * plannedWidth + i]!;
    for (let i = 0; i < pastWidth; i++) into[at++] = past[row * pastWidth + i]!;
    if (Number.isNaN(logDemand[row]!)) continue;
    const price = Math.log(blackPrice[row]!) + Math.log1p(-discount[row]!);
    into[at++] = logDemand[row]! - level.level;
    into[at++] = 1;
    into[at++] = imputed[row]!;
    // Weeks before those that the usual price is taken from.
    into[at] = Number.isNaN(level.logPrice) ? 0 : 3 * (level.logPrice - price);
  }
}

/** Calls back for each past week whose demand is known, with its row and its place in the window. */
function forKnownPast(
  windows: Windows,
  { series, last }: Window,
  take: (row: number, week: number) => void,
): void {
  const { logDemand } = windows.store;
  const [from, to] = windows.pastRows(series, last);
  for (let row = from; row < to; row++)
    if (!Number.isNaN(logDemand[row]!)) take(row, windows.shape.historyWeeks - 1 - (last - row));
}

/**
 * Calls back for each week ahead whose demand is known.
 * @param windows they are cut from
 * @param window to read
 * @param take told the row and its place in the window
 */
export function forKnownAhead(
  windows: Windows,
  { series, last }: Window,
  take: (row: number, week: number) => void,
): void {
  const { logDemand } = windows.store;
  const [from, to] = windows.rowsAhead(series, last);
  for (let row = from; row < to; row++) if (!Number.isNaN(logDemand[row]!)) take(row, row - last - 1);
}
