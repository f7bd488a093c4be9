import { type Week, weeksBetween } from '@hemline/core';
import { hashOfSeries } from '@hemline/features';
import type { BatchPart, BatchParts } from '@hemline/tensor';
import { cutParts, forKnownAhead, NETWORK_INPUTS, trainingTargets, type WindowPart } from './window-parts.ts';
import type { TrainingPart } from './training-windows.ts';
import type { Windows } from './windows.ts';

/** Weeks that are held out where the job does not say, and the share of the data's weeks that they are at most. */
const [HELD_OUT_WEEKS, MOST_OF_WEEKS] = [8, 1 / 4];
/** Share of the series that are not learnt from while weeks are held out, where there are so many in all. */
const [UNSEEN_SHARE, SERIES_FOR_UNSEEN] = [0.05, 400];
/**
 * Weeks before the held-out ones from which they are forecast: near weeks and far ones. Batches that are looked at from each, at most,
 * so that a look takes no longer than two or three steps.
 */
const LOOKS = [
  { before: 0, batches: 4 },
  { before: 9, batches: 1 },
  { before: 18, batches: 1 },
] as const;

/** Parts of held-out batches. */
export type HeldOutPart = Exclude<TrainingPart, 'dropout'> | 'square' | 'unseen';

/** Windows that look at held-out weeks. */
export interface HeldOutWindows {
  readonly windows: Windows;
  readonly series: Uint32Array;
  readonly rows: Int32Array;
  /** 1 for series that are not learnt from. */
  readonly unseen: Uint8Array;
  /** The last week that is learnt from. */
  readonly cutoff: Week;
}

/**
 * @param weeks of the data, the cutoff's included
 * @param asked weeks that the job asks for
 * @returns weeks to hold out; 0 where the data is too short for any
 */
export function heldOutWeeksOf(weeks: number, asked?: number): number {
  return asked ?? Math.min(HELD_OUT_WEEKS, Math.floor(weeks * MOST_OF_WEEKS));
}

/**
 * @param series how many there are
 * @returns the hash from which on series are not learnt from while weeks are held out
 */
export function unseenFrom(series: number): number {
  return series < SERIES_FOR_UNSEEN ? Infinity : 1 - UNSEEN_SHARE;
}

/**
 * Chooses the windows to validate on, by the names of the series.
 * @param windows over all weeks, held-out ones too
 * @param cutoff the last week that is learnt from
 * @param unseen hash from which on series are not learnt from
 * @param batchSize windows of a batch
 * @returns the windows
 */
export function heldOutWindows(
  windows: Windows,
  cutoff: Week,
  unseen: number,
  batchSize: number,
): HeldOutWindows {
  const { offsets, weeks, keys } = windows.store;
  const hashes = Float64Array.from({ length: keys.length }, (_, one) => hashOfSeries(keys, one));
  // Scrambled, so that series that are not learnt from are among the first of any number.
  const order = [...hashes.keys()].sort((a, b) => ((hashes[a]! * 7919) % 1) - ((hashes[b]! * 7919) % 1));
  const chosen = LOOKS.filter(({ before }) => before < windows.shape.horizon).flatMap(({ before, batches }) =>
    order
      .filter((one) => weeks[offsets[one + 1]! - 1]! > cutoff)
      .slice(0, batches * batchSize)
      .map((one) => ({
        series: one,
        row: offsets[one]! + weeksBetween(weeks[offsets[one]!]!, cutoff) - before,
      })),
  );
  return {
    windows,
    series: Uint32Array.from(chosen, ({ series }) => series),
    rows: Int32Array.from(chosen, ({ row }) => row),
    unseen: Uint8Array.from(chosen, ({ series }) => Number(hashes[series]! >= unseen)),
    cutoff,
  };
}

/**
 * What held-out weeks are judged by: weeks before them, and estimates in the place of sold-out demand, have no weight.
 * @param weightPower as in training
 * @param cutoff the last week that is learnt from
 * @returns the parts
 */
export function heldOutTargets(
  weightPower: number,
  cutoff: Week,
): Readonly<Record<'demand' | 'weight' | 'reach' | 'square', WindowPart>> {
  const weightOf = (power: number): WindowPart => ({
    dtype: 'float32',
    shape: ({ shape }) => [shape.horizon],
    fill: (windows, window, into) => {
      const { blackPrice, weeks, imputed } = windows.store;
      const scale = Math.exp(window.level.level);
      forKnownAhead(windows, window, (row, week) => {
        if (weeks[row]! > cutoff && imputed[row] === 0) into[week] = blackPrice[row]! * scale ** power;
      });
    },
  });
  return { ...trainingTargets(weightPower), weight: weightOf(weightPower), square: weightOf(2) };
}

/**
 * @param held windows that look at held-out weeks
 * @param batchSize windows of a batch; the last one may have empty ones
 * @param weightPower as in training
 * @returns batches, all of the same shape; none where nothing is known of the held-out weeks
 */
export function heldOutBatches(
  { windows, series, rows, unseen, cutoff }: HeldOutWindows,
  batchSize: number,
  weightPower: number,
): BatchParts<HeldOutPart>[] {
  const declared = { ...NETWORK_INPUTS, ...heldOutTargets(weightPower, cutoff) };
  const batches: BatchParts<HeldOutPart>[] = [];
  for (let start = 0; start < series.length; start += batchSize) {
    const some = [series, rows, unseen].map((all) => all.subarray(start, start + batchSize));
    const flags = new Float32Array(batchSize);
    flags.set(some[2]!);
    const part: BatchPart = { shape: [batchSize, 1], values: flags };
    batches.push({ ...cutParts(windows, declared, some[0]!, some[1]!, batchSize), unseen: part });
  }
  return batches.some(({ weight }) => weight.values.some((value) => value > 0)) ? batches : [];
}
