import type { Batch, Week } from '@hemline/core';
import type { BatchPart, BatchParts, BatchSource } from '@hemline/tensor';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { DROPOUT_PLACES } from './network.ts';
import type { DemandHyperparameters } from './hyperparameters.ts';
import {
  cutParts,
  NETWORK_INPUTS,
  trainingTargets,
  type InputName,
  type TargetName,
} from './window-parts.ts';
import type { Windows } from './windows.ts';

/** Share of attributes that are taken for unseen, so that the network learns what to make of new ones. */
const UNSEEN_SHARE = 0.03;
/** Weeks between the weeks before its first from which a series is seen, as those are that are yet to come. */
const AHEAD_STEP = 4;

/** Share of the windows that look at weeks that were not learnt before, where there are such. */
const NEW_SHARE = 0.5;

/** Parts of a training's batches: inputs of the network, what is left out of it, and what is to be learnt. */
export type TrainingPart = InputName | 'dropout' | TargetName;

/** Draws windows at random over series and cutoffs. What batch n holds depends on seed and n alone. */
export class TrainingWindows implements BatchSource<TrainingPart> {
  readonly #windows: Windows;
  readonly #hyperparameters: DemandHyperparameters;
  readonly #seed: number;
  /** Series and last known row of every window that has something to learn. */
  readonly #series: Uint32Array;
  readonly #rows: Int32Array;
  readonly #latest: number;
  /** Windows that look at new weeks; none where all are. */
  readonly #new: Uint32Array;

  /**
   * @param windows to draw from
   * @param hyperparameters batch size, dropout
   * @param seed any integer
   * @param known the last week that was learnt before, by a training that goes on
   */
  constructor(windows: Windows, hyperparameters: DemandHyperparameters, seed: number, known?: Week) {
    this.#windows = windows;
    this.#hyperparameters = hyperparameters;
    this.#seed = seed;
    const { offsets, weeks } = windows.store;
    const [series, rows]: [number[], number[]] = [[], []];
    for (const one of byName(windows.store.keys)) {
      let next = Infinity;
      for (let row = offsets[one + 1]! - 1; row >= offsets[one]!; row--) {
        if (!Number.isNaN(windows.store.logDemand[row]!)) next = row;
        if (next - row >= windows.shape.horizon) continue;
        // Seen from the week before.
        series.push(one);
        rows.push(row - 1);
      }
      if (next === Infinity) continue;
      for (let ahead = 1 + AHEAD_STEP; ahead <= windows.shape.horizon; ahead += AHEAD_STEP) {
        if (next - offsets[one]! + ahead > windows.shape.horizon) break;
        series.push(one);
        rows.push(offsets[one]! - ahead);
      }
    }
    this.#series = Uint32Array.from(series);
    this.#rows = Int32Array.from(rows);
    this.#latest = weeks.reduce((latest, week) => Math.max(latest, week), -Infinity);
    this.#new = known === undefined ? new Uint32Array() : this.#lookingBeyond(known);
  }

  #lookingBeyond(known: Week): Uint32Array {
    const { logDemand, weeks } = this.#windows.store;
    return Uint32Array.from(this.#series.keys()).filter((window) => {
      const [from, to] = this.#windows.rowsAhead(this.#series[window]!, this.#rows[window]!);
      for (let row = to - 1; row >= from && weeks[row]! > known; row--)
        if (!Number.isNaN(logDemand[row]!)) return true;
      return false;
    });
  }

  /** Windows there are. */
  get size(): number {
    return this.#series.length;
  }

  async next(number: number): Promise<BatchParts<TrainingPart>> {
    const { batchSize, width, dropout, covariateDropout, weightPower } = this.#hyperparameters;
    const random = uniformOf(this.#seed, number);
    const [series, rows] = [new Uint32Array(batchSize), new Int32Array(batchSize)];
    for (let i = 0; i < batchSize; i++) {
      const drawn = this.#draw(random);
      series[i] = this.#series[drawn]!;
      rows[i] = this.#rows[drawn]!;
    }
    const inputs = cutParts(this.#windows, NETWORK_INPUTS, series, rows);
    thinCovariates(inputs.planned, covariateDropout, random);
    const codes = inputs.codes.values;
    for (let i = 0; i < codes.length; i++) if (random() < UNSEEN_SHARE) codes[i] = 0;
    const kept = Float32Array.from({ length: batchSize * DROPOUT_PLACES * width }, () =>
      random() < dropout ? 0 : 1 / (1 - dropout),
    );
    return {
      ...inputs,
      dropout: { shape: [batchSize, DROPOUT_PLACES, width], values: kept },
      ...cutParts(this.#windows, trainingTargets(weightPower), series, rows),
    };
  }

  /** A window, recent ones more often. */
  #draw(random: () => number): number {
    const { halfLife } = this.#hyperparameters;
    const { offsets, weeks } = this.#windows.store;
    if (this.#new.length > 0 && random() < NEW_SHARE)
      return this.#new[Math.floor(random() * this.#new.length)]!;
    for (;;) {
      const drawn = Math.floor(random() * this.#series.length);
      const row = Math.max(this.#rows[drawn]!, offsets[this.#series[drawn]!]!);
      const age = (this.#latest - weeks[row]!) / 7;
      if (random() < 0.5 ** (age / halfLife)) return drawn;
    }
  }
}

/** Numbers of the series in the order of their names: in whatever order they are read, the same windows are drawn. */
function byName(keys: Batch): number[] {
  const [articles, markets] = ['article', 'market'].map((name) => {
    const { values, dictionary } = keys.strings(name);
    return Array.from(values, (code) => dictionary[code]!);
  }) as [string[], string[]];
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...articles.keys()].sort(
    (a, b) => compare(markets[a]!, markets[b]!) || compare(articles[a]!, articles[b]!),
  );
}

/** Sets covariates of windows to 0 in all weeks. */
function thinCovariates({ shape, values }: BatchPart, share: number, random: () => number): void {
  const [size, horizon, width] = shape as [number, number, number];
  for (let window = 0; window < size; window++) {
    for (let i = 0; i < width; i++) {
      if (random() >= share) continue;
      for (let week = 0; week < horizon; week++) values[(window * horizon + week) * width + i] = 0;
    }
  }
}

/**
 * @param seed of a training
 * @param number of the stream
 * @returns uniform numbers in [0, 1), the same for the same seed and number
 */
export function uniformOf(seed: number, number: number): () => number {
  const random = xoroshiro128plus((Math.imul(seed, 0x9e3779b1) + Math.imul(number, 0x85ebca6b)) | 0);
  for (let i = 0; i < 8; i++) random.next();
  return () => (random.next() >>> 0) / 2 ** 32;
}
